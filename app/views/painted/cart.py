"""The cart page, painted: as `views/cart.py` draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from markupsafe import Markup

from app.domain.cart import CART, LATER, Place
from app.shopper.known import Known
from app.shopper.shopping import Shop
from app.views.painted.page import CACHED, Content, icon, nothing, page_link, painted_strip, popover, stepper
from app.views.parts.cart_page import (
    EMPTY,
    GONE,
    QUICK_ADD_QUANTITY,
    SAVED_FOR_LATER,
    CartLine,
    GoneLine,
    Summary,
    Undo,
    cart_page,
    key_of,
    pieces_in_words,
)
from app.views.parts.product import address, picture

CACHED_LINES: Final = 1_024
"""Lines cached, at some 2 KB. Making one takes 75 microseconds, which for ten lines is most of the page."""


def content(shop: Shop, known: Known, _named: Mapping[str, str]) -> Content:
    """Return the page of a cart."""
    page = cart_page(shop, known)
    body = Markup(
        '<h1><span>Shopping Cart</span></h1><div class="columns unequal">'
        '<div class="stack">{lines}{undo}{later}{looked_at}</div><div class="stack">{summary}{quick_add}</div></div>'
    ).format(
        undo=_undo(page.undo) if page.undo else "",
        lines=Markup("").join(_line(line, CART) for line in page.lines)
        or nothing(*EMPTY, page_link("./", "Go to the shop", "arrow_back")),
        later=_later(page.later) if page.later else "",
        looked_at=painted_strip(page.looked_at),
        summary=_summary(page.summary) if page.summary else "",
        quick_add=_quick_add(page.quick_add.names[page.quick_add.chosen], page.quick_add.quantity),
    )
    return Content(body, ".st-key-quick-add", elements=("Button", "NumberInput", "Selectbox", "TextInput"))


def _later(lines: Sequence[CartLine | GoneLine]) -> Markup:
    """Return what is saved for later."""
    body = Markup("").join(_line(line, LATER) for line in lines)
    return Markup('<div class="st-key-later stack"><h2>{}</h2>{}</div>').format(SAVED_FOR_LATER, body)


@lru_cache(CACHED_LINES)
def _line(line: CartLine | GoneLine, place: Place) -> Markup:
    """Return a line. Its parts stand in the order of `parts/cart_lines.py`, by which the style places them."""
    name = line.sku if isinstance(line, GoneLine) else line.product.full_name
    return Markup(
        '<div data-testid="stLayoutWrapper"><div class="st-key-{key} box">'
        '<div><div data-testid="stMarkdownContainer">{face}</div></div>{choice}{remove}</div></div>'
    ).format(
        key=key_of("line", place, line.sku),
        face=_gone(line) if isinstance(line, GoneLine) else _face(line),
        choice="" if isinstance(line, GoneLine) else _choice(line, place),
        remove=_act("remove", place, line.sku, name, "Remove"),
    )


def _act(what: str, place: Place, sku: str, name: str, label: str) -> Markup:
    return Markup(
        '<div><button type="button" class="tertiary" data-key="{}" aria-description="{}">{}</button></div>'
    ).format(key_of(what, place, sku), name, label)


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


def _choice(line: CartLine, place: Place) -> Markup:
    """Return the quantity, what it costs, and the move to the other place."""
    if place == LATER:
        quantity = Markup("<p>{}</p>").format(pieces_in_words(line.quantity))
    else:
        quantity = stepper(f"quantity-{line.sku}", line.quantity, line.most, "Quantity")
    label = "Move to cart" if place == LATER else "Save for later"
    move = _act("move", place, line.sku, line.product.full_name, label)
    return Markup('<div>{}</div><div class="sum"><p>{}</p></div>{}').format(quantity, line.total, move)


def _undo(undo: Undo) -> Markup:
    return Markup(
        '<div class="st-key-undo"><button type="button" class="tertiary" data-key="{}">{}<span>{}</span></button></div>'
    ).format(undo.key, icon("undo"), undo.words)


@lru_cache(CACHED)
def _summary(summary: Summary) -> Markup:
    """Return the summary. A click on Clear Cart opens the question, once the page is alive."""
    return Markup(
        '<div class="st-key-summary stack box"><h2>{total}</h2>'
        '<div data-testid="stCaptionContainer"><p>{pieces}</p></div>{checkout}'
        '<div class="row">{back}{clear}</div><div class="row">{keep}{setups}{take}</div></div>'
    ).format(
        total=summary.total,
        pieces=summary.pieces,
        checkout=_checkout(summary.beside) if summary.beside else "",
        back=page_link("./", "Continue shopping", "arrow_back"),
        clear=popover("clear-cart", "Clear Cart"),
        keep=popover("keep-setup", "Keep as a setup"),
        setups=page_link("setups", summary.setups, "dashboard_customize"),
        take=page_link("take-along", "Take it along", "share"),
    )


def _checkout(beside: str) -> Markup:
    """Return what comes on top, and the way to order."""
    link = page_link("checkout", "Checkout", "shopping_bag")
    return Markup('<div data-testid="stCaptionContainer"><p>{}</p></div>{}').format(beside, link)


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
