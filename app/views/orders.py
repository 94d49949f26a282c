"""The orders of this browser, and the page of one: `/orders?of=482-771-300`.

One of another browser is found by its number and the e-mail address that was given with it.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st
from markupsafe import Markup

from app.domain.order import Order
from app.domain.pages import ORDERS, WITHDRAW
from app.shopper.checkout import Checkout
from app.shopper.own_orders import OwnOrders
from app.views.parts.empty import empty
from app.views.parts.html import html
from app.views.parts.links import Links
from app.views.parts.markdown import plain
from app.views.parts.order_page import NUMBER, order_face, order_in_full
from app.views.parts.quote_page import PRINT
from app.views.parts.setup_page import onward
from keepcart import click

AWAY: Final = "Orders can't be shown at the moment. They are safe; please try again in a minute."

LOOK_UP: Final = Markup(
    '<p class="hint">An order that was placed in another browser is found by its number and the e-mail address that '
    "was given with it.</p>"
)


def show(checkout: Checkout, links: Links) -> None:
    """Draw the order that the address names, else the list."""
    own = OwnOrders(checkout)
    if checkout.shopping.visit.began:
        checkout.resume_lost()
    orders = own.all()
    asked = st.query_params.get(NUMBER)
    if orders is None:
        st.title("Orders", anchor=False)
        st.warning(AWAY, icon=":material/cloud_off:")
    elif asked is None:
        _list(own, orders, links)
    else:
        mine = next((order for order in orders if order.number == asked), None)
        order = mine or own.found(asked)
        if order is None:
            st.title("Orders", anchor=False)
            empty("This browser has no such order", "Another browser may have it.", ORDERS, label="All orders")
            _look_up(own, asked)
        else:
            _order(own, order, is_mine=mine is not None)


def _list(own: OwnOrders, orders: list[Order], links: Links) -> None:
    st.title("Orders", anchor=False)
    for order in orders:
        with st.container(key=f"order-{order.number}", border=True):
            html(order_face(order, own.money))
            click(own.visit, f"again-{order.number}", partial(own.buy_again, order), label="Buy again", type="tertiary")
    if not orders:
        empty("No orders yet", "What you order in this browser is listed here.", links.shop, label="Go to the shop")
    _look_up(own, "")


def _order(own: OwnOrders, order: Order, *, is_mine: bool) -> None:
    st.title(f"Order {order.number}", anchor=False)
    if own.is_new(order):
        to = f" A confirmation comes to {order.purchase.buyer.email}." if own.tells_shopper else ""
        st.success(plain(f"Thank you. We have your order.{to}"), icon=":material/check:")
    html(PRINT)
    html(order_in_full(order, own.terms, own.money))
    with st.container(key="order-acts", horizontal=True, vertical_alignment="center"):
        click(own.visit, f"again-{order.number}", partial(own.buy_again, order), label="Buy again")
        if is_mine and order.can_be_cancelled:
            with st.popover("Cancel", key=f"cancel-{order.number}", type="tertiary"):
                st.write("Cancel this order? That can't be undone.")
                click(own.visit, f"cancel-{order.number}-yes", partial(own.cancel, order), label="Yes, cancel it")
    if own.terms.withdrawal_days and (order.can_be_withdrawn_from or order.withdrawal):
        words = "The receipt of your withdrawal" if order.withdrawal else "Withdraw from the contract"
        html(onward(f"{WITHDRAW}?{NUMBER}={order.number}", words))
    html(onward(ORDERS, "All orders"))


def _look_up(own: OwnOrders, number: str) -> None:
    """Offer to find an order of another browser."""

    def find() -> None:
        found = own.look_up(str(st.session_state["orders-number"]), str(st.session_state["orders-email"]))
        if found is not None:
            st.query_params[NUMBER] = found.number

    with st.form("orders-form"):
        st.header("An order of another browser", anchor=False)
        html(LOOK_UP)
        st.text_input("Order number", value=number, key="orders-number", max_chars=20, autocomplete="off")
        st.text_input("E-mail address", key="orders-email", type="email", max_chars=254, autocomplete="email")
        click(own.visit, "orders-find", find, st.form_submit_button, label="Find it")
