"""The cart page: lines, total, and a form that adds a product without going back to the shop."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app.domain.cart import Act, PricedLine
from app.shopper.shopping import Shopping, undo_name
from app.views.parts.empty import empty
from app.views.parts.links import Links
from app.views.parts.looked_at import looked_at_strip
from app.views.parts.markdown import Markdown, markdown, plain
from app.views.parts.product import cart_line, gone_line
from keepcart import Kept, click

QUICK_ADD_PRODUCTS = 200
"""The most products that the form offers: every run sends them all."""

QUICK_ADD_QUANTITY = 10
QUICK_PRODUCT: Kept[str | None] = Kept("quick-add-product", str | None, default=None)
QUICK_QUANTITY = Kept("quick-add-quantity", int, default=1)


def show(shopping: Shopping, links: Links) -> None:
    """Draw the page."""
    st.title("Shopping Cart", anchor=False)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        with st.container(key="undo"):  # always there, so that Streamlit keeps the elements of the lines below
            if act := shopping.last_act:
                _undo(shopping, act)
        if shopping.lines:
            _lines(shopping)
        else:
            empty("Your cart is empty", "What you add stays here.", links.shop, label="Go to the shop")
        looked_at_strip(shopping, [priced.line.sku for priced in shopping.lines])
    with right:
        if shopping.lines:
            _summary(shopping, links)
        _quick_add(shopping)


def _lines(shopping: Shopping) -> None:
    for priced in shopping.lines:
        with st.container(key=f"line-{priced.line.sku}", border=True, horizontal=True, vertical_alignment="center"):
            _line(shopping, priced)


def _line(shopping: Shopping, priced: PricedLine) -> None:
    """Draw a line.

    Its texts are Markdown. The browser has the code that draws Markdown from the start, but fetches the code that draws
    HTML when it is first needed; with HTML the cart would be seen a sixth later (bench/browser.py measures it).
    """
    sku, product = priced.line.sku, priced.product
    if product is None:
        markdown(gone_line(sku), width="stretch")
    else:
        markdown(cart_line(product, shopping.shop.money), width="stretch")
        shopping.visit.input(
            f"quantity-{sku}",
            priced.line.quantity,
            partial(shopping.set_quantity, sku),
            st.number_input,
            label="Quantity",
            label_visibility="collapsed",
            min_value=1,
            max_value=max(shopping.most(product), priced.line.quantity),
            width=150,
        )
        markdown(plain(shopping.shop.money.write(priced.total)), width=92, text_alignment="right")
    click(shopping.visit, f"remove-{sku}", partial(shopping.remove, sku), label="Remove", type="tertiary")


def _undo(shopping: Shopping, act: Act) -> None:
    """Offer to undo the newest act, in reach of the keyboard. The notice offers it only until the next page or act."""
    words = shopping.in_words(act)
    click(
        shopping.visit,
        undo_name(act),
        partial(shopping.undo, act),
        label=Markdown("Undo: {}").format(words),
        type="tertiary",
        icon=":material/undo:",
    )


def _summary(shopping: Shopping, links: Links) -> None:
    with st.container(key="summary", border=True):
        st.header(Markdown("Total: {}").format(shopping.total), anchor=False)
        pieces = shopping.count
        st.caption(f"{pieces} {'piece' if pieces == 1 else 'pieces'}, at today's prices")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(links.shop, label="Continue shopping", icon=":material/arrow_back:")
            with st.popover("Clear Cart", key="clear-cart", type="tertiary"):
                st.write("Remove everything from your cart?")
                click(shopping.visit, "clear-cart-yes", shopping.clear, label="Yes, clear it")


def _quick_add(shopping: Shopping) -> None:
    """Draw the form. It is kept even half filled in, so it is not a form of Streamlit's, which is sent as a whole."""
    visit = shopping.visit
    products = shopping.shop.catalogue.products[:QUICK_ADD_PRODUCTS]
    names = {product.sku: product.full_name for product in products}

    def add_chosen() -> None:
        product = shopping.shop.catalogue.by_sku.get(chosen())
        if product is not None:
            shopping.add(product, visit.get(QUICK_QUANTITY))

    def chosen() -> str:
        kept = visit.get(QUICK_PRODUCT)
        return kept if kept in names else products[0].sku

    with st.container(key="quick-add-form", border=True):
        st.header("Add Product to Cart", anchor=False)
        visit.input(
            "quick-add-product",
            chosen(),
            partial(visit.put, QUICK_PRODUCT),
            st.selectbox,
            "Choose a product:",
            list(names),
            format_func=names.__getitem__,
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
