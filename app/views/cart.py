"""The cart page: lines, total, and a form that adds a product without going back to the shop."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app.shopper.shopping import Shopping
from app.views.parts.cart_page import (
    EMPTY,
    GONE,
    QUICK_ADD_QUANTITY,
    QUICK_PRODUCT,
    QUICK_QUANTITY,
    CartLine,
    GoneLine,
    QuickAdd,
    Summary,
    Undo,
    cart_page,
    chosen_in,
)
from app.views.parts.empty import empty
from app.views.parts.links import Links
from app.views.parts.looked_at import looked_at_strip
from app.views.parts.markdown import Markdown, markdown, plain, target
from app.views.parts.product import address, source
from keepcart import click


def show(shopping: Shopping, links: Links) -> None:
    """Draw the page."""
    page = cart_page(shopping.shop, shopping.known)
    st.title("Shopping Cart", anchor=False)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        for line in page.lines:
            _line(shopping, line)
        if not page.lines:
            empty(*EMPTY, links.shop, label="Go to the shop")
        if page.undo:
            _undo(shopping, page.undo)
        looked_at_strip(page.looked_at)
    with right:
        if page.summary:
            _summary(shopping, page.summary, links)
        _quick_add(shopping, page.quick_add)


def _line(shopping: Shopping, line: CartLine | GoneLine) -> None:
    """Draw a line.

    Its texts are Markdown. The browser has the code that draws Markdown from the start, but fetches the code that draws
    HTML when it is first needed; with HTML the cart would be seen a sixth later (bench/browser.py measures it).
    """
    with st.container(key=f"line-{line.sku}", border=True, horizontal=True, vertical_alignment="center"):
        markdown(face(line), width="stretch")
        if isinstance(line, CartLine):
            shopping.visit.input(
                f"quantity-{line.sku}",
                line.quantity,
                partial(shopping.set_quantity, line.sku),
                st.number_input,
                label="Quantity",
                label_visibility="collapsed",
                min_value=1,
                max_value=line.most,
                width=150,
            )
            markdown(plain(line.total), width=92, text_alignment="right")
        remove = partial(shopping.remove, line.sku)
        click(shopping.visit, f"remove-{line.sku}", remove, label="Remove", type="tertiary")


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


def _undo(shopping: Shopping, undo: Undo) -> None:
    """Offer to undo the newest act, in reach of the keyboard. The notice offers it only until the next page or act.

    It stands below the lines, so that none of them moves when it appears, perhaps in the middle of a click.
    """
    do = partial(shopping.undo, undo.act)
    with st.container(key="undo"):
        click(shopping.visit, undo.key, do, label=plain(undo.words), type="tertiary", icon=":material/undo:")


def _summary(shopping: Shopping, summary: Summary, links: Links) -> None:
    with st.container(key="summary", border=True):
        st.header(plain(summary.total), anchor=False)
        st.caption(plain(summary.pieces))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(links.shop, label="Continue shopping", icon=":material/arrow_back:")
            with st.popover("Clear Cart", key="clear-cart", type="tertiary"):
                st.write("Remove everything from your cart?")
                click(shopping.visit, "clear-cart-yes", shopping.clear, label="Yes, clear it")


def _quick_add(shopping: Shopping, form: QuickAdd) -> None:
    """Draw the form. It is kept even half filled in, so it is not a form of Streamlit's, which is sent as a whole."""
    visit = shopping.visit

    def add_chosen() -> None:
        product = shopping.shop.catalogue.by_sku.get(chosen_in(form.names, visit))
        if product is not None:
            shopping.add(product, visit.get(QUICK_QUANTITY))

    with st.container(key="quick-add-form", border=True):
        st.header("Add Product to Cart", anchor=False)
        visit.input(
            "quick-add-product",
            form.chosen,
            partial(visit.put, QUICK_PRODUCT),
            st.selectbox,
            "Choose a product:",
            list(form.names),
            format_func=form.names.__getitem__,
        )
        visit.widget(
            QUICK_QUANTITY,
            st.number_input,
            "Quantity:",
            key="quick-add-quantity",
            min_value=1,
            max_value=QUICK_ADD_QUANTITY,
        )
        click(visit, "quick-add", add_chosen, label="Add to Cart", type="primary")
