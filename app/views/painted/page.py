"""What all painted pages share: header, foot, and the parts that Streamlit draws as widgets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from babel.dates import format_date
from markupsafe import Markup

from app.domain.cart import Cart, count
from app.shopper.shopping import Shop
from app.views.parts.frame import foot
from app.views.parts.style import rules
from keepcart import Paint

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Content:
    """What a page shows between header and foot, and a selector that matches once Streamlit has drawn it."""

    body: Markup
    drawn: str


def painted_page(shop: Shop, cart: Cart, content: Content) -> Paint:
    """Return a page of the shop."""
    body = Markup(
        '<main data-testid="stMain" data-scrolls tabindex="-1"><div data-testid="stMainBlockContainer">'
        '<div data-testid="stVerticalBlock" class="stack">{header}{content}<div data-testid="stLayoutWrapper">'
        '<div class="st-key-foot">{foot}</div></div></div></div></main>'
    ).format(header=_header(shop, cart), content=content.body, foot=foot(shop))
    drawn = f'[data-testid="stMain"]:has({content.drawn}):has(.foot)'
    return Paint(body=str(body), style=_style(), drawn=drawn)


def _header(shop: Shop, cart: Cart) -> Markup:
    """Return the header, as `frame.header` draws it."""
    return Markup(
        '<div data-testid="stLayoutWrapper"><div class="row st-key-header"><div><a href="./" class="home" '
        "data-heir='.st-key-header a[href=\"\"]'><p>{name}</p></a></div>"
        '<div><a href="cart"><p>Cart ({count})</p></a></div>{saved}</div></div>'
    ).format(name=shop.name, count=count(cart, shop.catalogue.by_sku), saved=_saved(shop) if cart.lines else "")


def _saved(shop: Shop) -> Markup:
    """Return until when the cart is kept. The browser's clock knows the day better."""
    seconds = shop.keep_days * DAY
    day = format_date(datetime.now(UTC) + timedelta(seconds=seconds), "d MMMM", "en")
    return Markup('<div><p>Saved, kept until <time data-seconds="{}">{}</time></p></div>').format(seconds, day)


def add_button(sku: str, *, sold_out: bool) -> Markup:
    """Return the button that adds a product, as `click` draws it under this key."""
    return Markup('<button type="button" class="primary" data-key="add-{}"{}>{}</button>').format(
        sku, Markup(" disabled") if sold_out else "", "Sold out" if sold_out else "Add to Cart"
    )


def icon(name: str) -> Markup:
    """Return an icon. Streamlit's are a font, which arrives too late."""
    return Markup('<svg class="icon" viewBox="0 -960 960 960" aria-hidden="true"><path d="{}"/></svg>').format(
        _ICONS[name]
    )


@cache
def _style() -> str:
    """Return the rules of the paint: the shop's own, and those that take the place of Streamlit's."""
    own = Path(__file__).with_name("paint.css").read_text(encoding="utf-8")
    return f"{own} :host {{ {rules()} }}"


_ICONS = {
    "search": (
        "M784-120 532-372q-30 24-69 38t-83 14q-109 0-184.500-75.500T120-580q0-109 75.500-184.500T380-840q109 "
        "0 184.500 75.500T640-580q0 44-14 83t-38 69l252 252-56 56ZM380-400q75 0 127.500-52.500T560-580q0-75-5"
        "2.500-127.500T380-760q-75 0-127.500 52.500T200-580q0 75 52.500 127.500T380-400Z"
    ),
    "arrow_back": "m313-440 224 224-57 56-320-320 320-320 57 56-224 224h487v80H313Z",
    "chevron_left": "M560-240 320-480l240-240 56 56-184 184 184 184-56 56Z",
    "chevron_right": "M504-480 320-664l56-56 240 240-240 240-56-56 184-184Z",
    "shopping_cart": (
        "M280-80q-33 0-56.500-23.500T200-160q0-33 23.500-56.500T280-240q33 0 56.500 23.500T360-160q0 33-23.50"
        "0 56.500T280-80Zm400 0q-33 0-56.500-23.500T600-160q0-33 23.500-56.500T680-240q33 0 56.500 23.500T760"
        "-160q0 33-23.500 56.500T680-80ZM246-720l96 200h280l110-200H246Zm-38-80h590q23 0 35 20.500t1 41.500L6"
        "92-482q-11 20-29.500 31T622-440H324l-44 80h480v80H280q-45 0-68-39.500t-2-78.500l54-98-144-304H40v-80"
        "h130l38 80Zm134 280h280-280Z"
    ),
}
"""Outlines of Material Symbols (Apache License 2.0), which Streamlit shows as letters of a font."""
