"""The cart page: lines, total, and a form that adds a product without going back to the shop."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app.domain.cart import CART, LATER
from app.shopper.shopping import Shopping
from app.views.parts.cart_lines import draw_line, draw_undo
from app.views.parts.cart_page import (
    EMPTY,
    QUICK_ADD_QUANTITY,
    QUICK_PRODUCT,
    QUICK_QUANTITY,
    SAVED_FOR_LATER,
    QuickAdd,
    Summary,
    cart_page,
    chosen_in,
)
from app.views.parts.empty import empty
from app.views.parts.keep_form import keep_form
from app.views.parts.links import Links
from app.views.parts.looked_at import looked_at_strip
from app.views.parts.markdown import plain
from keepcart import click


def show(shopping: Shopping, links: Links) -> None:
    """Draw the page."""
    page = cart_page(shopping.shop, shopping.known)
    st.title("Shopping Cart", anchor=False)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        for line in page.lines:
            draw_line(shopping, line, CART)
        if not page.lines:
            empty(*EMPTY, links.shop, label="Go to the shop")
        if page.undo:
            draw_undo(shopping, page.undo)
        if page.later:
            with st.container(key="later"):
                st.header(SAVED_FOR_LATER, anchor=False)
                for line in page.later:
                    draw_line(shopping, line, LATER)
        looked_at_strip(page.looked_at)
    with right:
        if page.summary:
            _summary(shopping, page.summary, links)
        _quick_add(shopping, page.quick_add)


def _summary(shopping: Shopping, summary: Summary, links: Links) -> None:
    with st.container(key="summary", border=True):
        st.header(plain(summary.total), anchor=False)
        st.caption(plain(summary.pieces))
        if summary.beside:
            st.caption(plain(summary.beside))
            st.page_link(links.checkout, label="Checkout", icon=":material/shopping_bag:")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(links.shop, label="Continue shopping", icon=":material/arrow_back:")
            with st.popover("Clear Cart", key="clear-cart", type="tertiary"):
                st.write("Remove everything from your cart?")
                click(shopping.visit, "clear-cart-yes", shopping.clear, label="Yes, clear it")
        with st.container(key="keep-row", horizontal=True, vertical_alignment="center"):
            with st.popover("Keep as a setup", key="keep-setup", type="tertiary"):
                keep_form(shopping, {"keep-cart": ("Keep it", lambda: shopping.document.value.lines)})
            st.page_link(links.setups, label=plain(summary.setups), icon=":material/dashboard_customize:")
            st.page_link(links.take_along, label="Take it along", icon=":material/share:")


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
