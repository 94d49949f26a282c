"""The cart page, painted: as `views/cart.py` draws it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from markupsafe import Markup

from app.shopper.known import Known
from app.shopper.shopping import Shop
from app.views.painted.page import CACHED, Content, icon, nothing, page_link, painted_strip, stepper
from app.views.parts.cart_page import (
    EMPTY,
    GONE,
    QUICK_ADD_QUANTITY,
    CartLine,
    GoneLine,
    Summary,
    Undo,
    cart_page,
)
from app.views.parts.product import address, picture

CACHED_LINES: Final = 1_024
"""Lines cached, at some 2 KB. Making one takes 75 microseconds, which for ten lines is most of the page."""


def content(shop: Shop, known: Known, _named: Mapping[str, str]) -> Content:
    """Return the page of a cart."""
    page = cart_page(shop, known)
    body = Markup(
        '<h1><span>Shopping Cart</span></h1><div class="columns unequal">'
        '<div class="stack">{lines}{undo}{looked_at}</div><div class="stack">{summary}{quick_add}</div></div>'
    ).format(
        undo=_undo(page.undo) if page.undo else "",
        lines=Markup("").join(map(_line, page.lines))
        or nothing(*EMPTY, page_link("./", "Go to the shop", "arrow_back")),
        looked_at=painted_strip(page.looked_at),
        summary=_summary(page.summary) if page.summary else "",
        quick_add=_quick_add(page.quick_add.names[page.quick_add.chosen], page.quick_add.quantity),
    )
    return Content(body, ".st-key-quick-add", elements=("Button", "NumberInput", "Selectbox", "TextInput"))


@lru_cache(CACHED_LINES)
def _line(line: CartLine | GoneLine) -> Markup:
    """Return a line. Its parts stand in the order of `views/cart.py`, by which the style places them."""
    return Markup(
        '<div data-testid="stLayoutWrapper"><div class="st-key-line-{sku} box">'
        '<div><div data-testid="stMarkdownContainer">{face}</div></div>{choice}'
        '<div><button type="button" class="tertiary" data-key="remove-{sku}" aria-description="{name}">Remove</button>'
        "</div></div></div>"
    ).format(
        sku=line.sku,
        name=line.sku if isinstance(line, GoneLine) else line.product.full_name,
        face=_gone(line) if isinstance(line, GoneLine) else _face(line),
        choice="" if isinstance(line, GoneLine) else _choice(line),
    )


def _gone(line: GoneLine) -> Markup:
    return Markup("<p><del>{}</del><br><span><strong>{}</strong></span></p>").format(line.sku, GONE)


def _face(line: CartLine) -> Markup:
    """Return picture, name, price of a piece and stock."""
    return Markup(
        '<p>{picture}</p><p><a href="{page}">{name}</a><br><span>{each}</span> <span>{stock}</span></p>'
    ).format(
        picture=picture(line.product, lazy=False),
        page=address(line.sku),
        name=line.product.full_name,
        each=line.each,
        stock=Markup("<strong>{}</strong>").format(line.stock) if line.is_short else line.stock,
    )


def _choice(line: CartLine) -> Markup:
    """Return the quantity, and what it costs."""
    return Markup('<div>{}</div><div class="sum"><p>{}</p></div>').format(
        stepper(f"quantity-{line.sku}", line.quantity, line.most, "Quantity"), line.total
    )


def _undo(undo: Undo) -> Markup:
    return Markup(
        '<div class="st-key-undo"><button type="button" class="tertiary" data-key="{}">{}<span>{}</span></button></div>'
    ).format(undo.key, icon("undo"), undo.words)


@lru_cache(CACHED)
def _summary(summary: Summary) -> Markup:
    """Return the summary. A click on Clear Cart opens the question, once the page is alive."""
    return Markup(
        '<div class="st-key-summary stack box"><h2>{total}</h2>'
        '<div data-testid="stCaptionContainer"><p>{pieces}</p></div>'
        '<div class="row">{back}<button type="button" class="tertiary popover" data-key="clear-cart" '
        'data-part="[aria-expanded=false]" aria-haspopup="dialog">Clear Cart{open}</button></div></div>'
    ).format(
        total=summary.total,
        pieces=summary.pieces,
        back=page_link("./", "Continue shopping", "arrow_back"),
        open=icon("expand_more"),
    )


@lru_cache(CACHED)
def _quick_add(name: str, quantity: int) -> Markup:
    """Return the form with what is chosen in it. A click on the choice opens its list, once the page is alive."""
    return Markup(
        '<div class="st-key-quick-add-form stack box"><h2>Add Product to Cart</h2>'
        '<div class="st-key-quick-add-product"><span class="label">Choose a product:</span>'
        '<button type="button" class="field list" data-key="quick-add-product" data-part="button[aria-expanded=false]" '
        'aria-haspopup="listbox" aria-label="Choose a product: {name}"><span>{name}</span>{open}</button></div>'
        '<div class="st-key-quick-add-quantity"><span class="label">Quantity:</span>{quantity}</div>'
        '<button type="button" class="primary" data-key="quick-add">Add to Cart</button></div>'
    ).format(
        name=name,
        open=icon("expand_more"),
        quantity=stepper("quick-add-quantity", quantity, QUICK_ADD_QUANTITY, "Quantity:"),
    )
