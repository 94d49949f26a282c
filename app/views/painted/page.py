"""What all painted pages share: header, foot, and the parts that Streamlit draws as widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path

from babel.dates import format_date
from markupsafe import Markup, escape

from app.domain.cart import Cart, count
from app.domain.catalogue import Product
from app.shopper.shopping import Shop
from app.views.parts import empty
from app.views.parts.frame import CART_LINK, SAVED, foot
from app.views.parts.looked_at import strip
from app.views.parts.style import rules
from keepcart import Paint

DAY = 86_400

CACHED = 1_024
"""Parts cached of each kind, at some 500 bytes. To write one takes 20 to 100 microseconds."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a page shows between header and foot.

    Attributes:
        body: HTML.
        drawn: a selector that matches once Streamlit has drawn it.
        is_whole: nothing comes after it but the foot. Otherwise the page ends here, without its foot, so that nothing
            moves when the rest comes.
        elements: what Streamlit draws for it, besides what is on every page (`keepcart.Paint`).
    """

    body: Markup
    drawn: str
    is_whole: bool = True
    elements: tuple[str, ...] = ()


def painted_page(shop: Shop, cart: Cart, content: Content) -> Paint:
    """Return a page of the shop."""
    body = Markup(
        '<main data-testid="stMain" data-scrolls tabindex="-1"><div data-testid="stMainBlockContainer">'
        '<div data-testid="stVerticalBlock" class="stack">{header}{content}{foot}</div></div></main>'
    ).format(header=_header(shop, cart), content=content.body, foot=_foot(shop) if content.is_whole else "")
    drawn = f'[data-testid="stMain"]:has({content.drawn}):has(.foot)'
    elements = ("PageLink", "Html", *content.elements, "BidiComponent")  # the last one is parts/live.py
    return Paint(body=str(body), style=_style(), drawn=drawn, elements=elements)


def _foot(shop: Shop) -> Markup:
    return Markup('<div data-testid="stLayoutWrapper"><div class="st-key-foot">{}</div></div>').format(foot(shop))


def _header(shop: Shop, cart: Cart) -> Markup:
    """Return the header, as `frame.header` draws it."""
    return Markup(
        '<div data-testid="stLayoutWrapper"><div class="row st-key-header"><div><a href="./" class="home" '
        "data-heir='.st-key-header a[href=\"\"]'><p>{name}</p></a></div>"
        '<div><a href="cart"><p>{cart}</p></a></div>{saved}</div></div>'
    ).format(
        name=shop.name,
        cart=CART_LINK.format(count(cart.lines, shop.catalogue.by_sku)),
        saved=Markup("<div><p>{}</p></div>").format(escape(SAVED).format(day_in(shop.keep_days))) if cart.lines else "",
    )


def day_in(days: int, *, with_year: bool = False) -> Markup:
    """Return the day in so many days, in words. The browser's clock, which is not the server's, corrects it."""
    return _day(datetime.now(UTC).date() + timedelta(days=days), days, with_year=with_year)


@lru_cache(CACHED)
def _day(then: date, days: int, *, with_year: bool) -> Markup:
    day = format_date(then, "d MMMM y" if with_year else "d MMMM", "en")
    year = Markup(" data-year") if with_year else ""
    return Markup('<time data-seconds="{}"{}>{}</time>').format(days * DAY, year, day)


@lru_cache(CACHED)
def add_button(sku: str, *, sold_out: bool) -> Markup:
    """Return the button that adds a product, as `click` draws it under this key."""
    return Markup('<button type="button" class="primary" data-key="add-{}"{}>{}</button>').format(
        sku, Markup(" disabled") if sold_out else "", "Sold out" if sold_out else "Add to Cart"
    )


@lru_cache(CACHED)
def stepper(key: str, value: int, most: int, label: str) -> Markup:
    """Return a number with step buttons, from 1 to `most`, as `st.number_input` draws it under this key."""
    return Markup(
        '<span class="field stepper"><input value="{value}" min="1" max="{most}" readonly aria-label="{label}" '
        'data-key="{key}">{down}{up}</span>'
    ).format(
        key=key,
        value=value,
        most=most,
        label=label,
        down=_step(key, "Down", "M0 3h8v2H0z", is_possible=value > 1),
        up=_step(key, "Up", "M3 0h2v3h3v2H5v3H3V5H0V3h3z", is_possible=value < most),
    )


def _step(key: str, way: str, outline: str, *, is_possible: bool) -> Markup:
    """Return a step button. It stays possible or not until the page is alive."""
    return Markup(
        '<button type="button" class="step" data-key="{key}" data-part="[data-testid=stNumberInputStep{way}]" '
        'data-step="{step}" aria-label="{label}"{disabled}>'
        '<svg viewBox="0 0 8 8" aria-hidden="true"><path d="{outline}"/></svg></button>'
    ).format(
        key=key,
        way=way,
        step=1 if way == "Up" else -1,
        label="Increment" if way == "Up" else "Decrement",
        disabled="" if is_possible else Markup(" disabled"),
        outline=outline,
    )


def popover(key: str, label: str) -> Markup:
    """Return the button of a popover, as `st.popover` draws it under this key. It opens once the page is alive."""
    return Markup(
        '<button type="button" class="tertiary popover" data-key="{}" data-part="[aria-expanded=false]" '
        'aria-haspopup="dialog">{}{}</button>'
    ).format(key, label, icon("expand_more"))


def painted_strip(products: Sequence[Product]) -> Markup:
    """Return the strip of the products that were looked at last; nothing where there are none."""
    return Markup("<div>{}</div>").format(strip(products)) if products else Markup()


def nothing(words: str, hint: str, link: Markup) -> Markup:
    """Return the box of a page that has nothing to show, with a link that goes on."""
    return Markup('<div class="st-key-empty"><div>{}</div>{}</div>').format(empty.in_words(words, hint), link)


@lru_cache(CACHED)
def page_link(address: str, label: str, icon_name: str, *, is_here: bool = False) -> Markup:
    """Return a link, as `st.page_link` draws it: in bold where it leads to the page that it stands on."""
    return Markup('<a class="page-link" href="{}"{}>{}<span>{}</span></a>').format(
        address, Markup(' aria-current="page"') if is_here else "", icon(icon_name), label
    )


@cache
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
    "shopping_bag": (
        "M240-80q-33 0-56.5-23.5T160-160v-480q0-33 23.5-56.5T240-720h80q0-66 47-113t113-47q66 0 113 47t47 113h80q3"
        "3 0 56.5 23.5T800-640v480q0 33-23.5 56.5T720-80H240Zm0-80h480v-480h-80v80q0 17-11.5 28.5T600-520q-17 0-28"
        ".5-11.5T560-560v-80H400v80q0 17-11.5 28.5T360-520q-17 0-28.5-11.5T320-560v-80h-80v480Zm160-560h160q0-33-2"
        "3.500-56.500T480-800q-33 0-56.500 23.500T400-720Z"
    ),
    "search": (
        "M784-120 532-372q-30 24-69 38t-83 14q-109 0-184.500-75.500T120-580q0-109 75.500-184.500T380-840q109 "
        "0 184.500 75.500T640-580q0 44-14 83t-38 69l252 252-56 56ZM380-400q75 0 127.500-52.500T560-580q0-75-5"
        "2.500-127.500T380-760q-75 0-127.500 52.500T200-580q0 75 52.500 127.500T380-400Z"
    ),
    "dashboard_customize": (
        "M120-520v-320h320v320H120Zm80-80h160v-160H200v160Zm-80 480v-320h320v320H120Zm80-80h160v-160H200v160Zm320"
        "-320v-320h320v320H520Zm80-80h160v-160H600v160Zm80 480v-120H560v-80h120v-120h80v120h120v80H760v120h-80Z"
    ),
    "share": (
        "M680-80q-50 0-85-35t-35-85q0-6 3-28L282-392q-16 15-37 23.5t-45 8.5q-50 0-85-35t-35-85q0-50 35-85t85-35q24 0 "
        "45 8.5t37 23.5l281-164q-2-7-2.5-13.5T560-760q0-50 35-85t85-35q50 0 85 35t35 85q0 50-35 85t-85 35q-24 0-45-8.5"
        "T598-672L317-508q2 7 2.5 13.5t.5 14.5q0 8-.5 14.5T317-452l281 164q16-15 37-23.5t45-8.5q50 0 85 35t35 85q0 50-"
        "35 85t-85 35Z"
    ),
    "arrow_back": "m313-440 224 224-57 56-320-320 320-320 57 56-224 224h487v80H313Z",
    "undo": (
        "M320-200q-17 0-28.500-11.500T280-240q0-17 11.500-28.500T320-280h244q63 0 109.500-40T720-420q0-60-46.500-100T5"
        "64-560H312l76 76q11 11 11 28t-11 28q-11 11-28 11t-28-11L188-572q-6-6-8.500-13t-2.500-15q0-8 2.500-15t8.5"
        "-13l144-144q11-11 28-11t28 11q11 11 11 28t-11 28l-76 76h252q97 0 166.500 63T800-420q0 94-69.500 157T564-20"
        "0H320Z"
    ),
    "expand_more": "M480-345 240-585l56-56 184 184 184-184 56 56-240 240Z",
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
