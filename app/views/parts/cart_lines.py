"""Lines as Streamlit draws them: of the cart, of what is saved for later, of a setup; and the undo below them.

Each line is a box with the parts of a grid in one order (style.css): face, quantity, sum, a move, *Remove*.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from app.domain.cart import CART, LATER, Place
from app.shopper.shopping import Shopping
from app.views.parts.cart_page import GONE, CartLine, GoneLine, Undo, key_of, pieces_in_words
from app.views.parts.markdown import Markdown, markdown, plain, target
from app.views.parts.product import address, source
from keepcart import click


def draw_line(shopping: Shopping, line: CartLine | GoneLine, place: Place) -> None:
    """Draw a line.

    Its texts are Markdown. The browser has the code that draws Markdown from the start, but fetches the code that draws
    HTML when it is first needed; with HTML the cart would be seen a sixth later (bench/browser.py measures it).
    """
    with st.container(key=key_of("line", place, line.sku), border=True, horizontal=True, vertical_alignment="center"):
        markdown(face(line), width="stretch")
        if isinstance(line, CartLine):
            if place == LATER:
                markdown(plain(pieces_in_words(line.quantity)))
            else:
                _quantity(shopping, line, place)
            markdown(plain(line.total), width=92, text_alignment="right")
            if place in (CART, LATER):
                _move(shopping, line.sku, place)
        remove = partial(shopping.remove, line.sku, place)
        click(shopping.visit, key_of("remove", place, line.sku), remove, label="Remove", type="tertiary")


def _quantity(shopping: Shopping, line: CartLine, place: Place) -> None:
    shopping.visit.input(
        key_of("quantity", place, line.sku),
        line.quantity,
        partial(shopping.set_quantity, line.sku, place=place),
        st.number_input,
        label="Quantity",
        label_visibility="collapsed",
        min_value=1,
        max_value=line.most,
        width=150,
    )


def _move(shopping: Shopping, sku: str, place: Place) -> None:
    """Draw the button that moves a line out of the cart, or back into it."""
    if place == CART:
        move, label = partial(shopping.save_for_later, sku), "Save for later"
    else:
        move, label = partial(shopping.move_to_cart, sku), "Move to cart"
    click(shopping.visit, key_of("move", place, sku), move, label=label, type="tertiary")


def draw_undo(shopping: Shopping, undo: Undo) -> None:
    """Offer to undo the newest act, in reach of the keyboard. The notice offers it only until the next page or act.

    It stands below the lines, so that none of them moves when it appears, perhaps in the middle of a click.
    """
    do = partial(shopping.undo, undo.act)
    with st.container(key="undo"):
        click(shopping.visit, undo.key, do, label=plain(undo.words), type="tertiary", icon=":material/undo:")


def face(line: CartLine | GoneLine) -> Markdown:
    """Return the face of a line: picture, name, price of a piece, stock; for a product that is gone, what it was."""
    if isinstance(line, GoneLine):
        return Markdown("~~{}~~  \n:small[**{}**]").format(line.sku, GONE)
    product = line.product
    return Markdown("![{name}]({picture})\n\n[{full_name}]({page})  \n:small[{each}] :small[{stock}]").format(
        name=product.name,
        picture=target(source(product)),
        full_name=product.full_name,
        page=target(address(product.sku)),
        each=line.each,
        stock=Markdown("**{}**").format(line.stock) if line.is_short else line.stock,
    )
