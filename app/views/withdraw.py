"""Withdrawing from a contract, in two steps and without a login: `/withdraw`, `?step=confirm`; a receipt `?of=NUMBER`.

EU Directive 2023/2673 asks for it: what is declared, a button that confirms it, and a receipt with date and time.
"""

from __future__ import annotations

from functools import partial
from typing import Final
from zlib import crc32

import streamlit as st
from markupsafe import Markup

from app.domain.checkout import LONGEST
from app.domain.order import Order
from app.domain.pages import ORDERS, TITLES, WITHDRAW
from app.domain.withdrawal import LONGEST_WHAT, Withdrawal
from app.shopper.checkout import Checkout
from app.shopper.own_orders import OwnOrders
from app.shopper.withdrawing import EMAIL, NAME, ORDER, WHAT, Withdrawing
from app.views.orders import AWAY
from app.views.parts.html import html
from app.views.parts.order_page import NUMBER, STEP
from app.views.parts.quote_page import PRINT
from app.views.parts.setup_page import onward
from app.views.parts.withdraw_page import before_it_is_sent, introduction, receipt, what_is_declared
from keepcart import click

CONFIRM: Final = "confirm"
"""In the address: the second step."""

TRIED: Final = "withdraw-tried"
"""In the session: the shopper wanted to go on, so problems are said."""


def show(checkout: Checkout) -> None:
    """Draw the receipt that the address names, else the step."""
    withdrawing = Withdrawing.of(OwnOrders(checkout))
    if withdrawing.mine is None:
        st.title(TITLES[WITHDRAW], anchor=False)
        st.warning(AWAY, icon=":material/cloud_off:")
        return
    asked = st.query_params.get(NUMBER)
    order = withdrawing.known(asked) if asked else _order_to_confirm(withdrawing)
    if order and order.withdrawal:
        _receipt(withdrawing, order, order.withdrawal)
        return
    st.title(TITLES[WITHDRAW], anchor=False)
    if order and not asked:
        _second_step(withdrawing, order)
        return
    if asked:
        st.query_params.clear()
    if order:
        withdrawing.fill_in(order)
    _first_step(withdrawing)


def _order_to_confirm(withdrawing: Withdrawing) -> Order | None:
    """Return the order of the second step, perhaps withdrawn from by now; None where the first one is to be drawn."""
    if st.query_params.get(STEP) != CONFIRM:
        return None
    problems = withdrawing.problems()
    order = None if problems.keys() & {"number", "email"} else withdrawing.find()
    if order and (order.withdrawal or not problems):
        return order
    del st.query_params[STEP]
    return None


def _first_step(withdrawing: Withdrawing) -> None:
    """Ask which order it is, and what is sent back."""
    visit, own = withdrawing.visit, withdrawing.own
    html(introduction(own.terms.withdrawal_days, own.checkout.shopping.shop.texts))
    with st.container(key="withdraw-step-order", border=True):
        st.header("Your order", anchor=False)
        problems = withdrawing.problems() if st.session_state.get(TRIED) else {}
        visit.widget(ORDER, st.text_input, "Order number", key="withdraw-number", max_chars=20, autocomplete="off")
        _say(problems, "number")
        visit.widget(
            EMAIL,
            st.text_input,
            "E-mail address, as in the order",
            key="withdraw-email",
            type="email",
            validate="",
            max_chars=LONGEST["email"],
            autocomplete="email",
        )
        _say(problems, "email")
        visit.widget(NAME, st.text_input, "Name", key="withdraw-name", max_chars=LONGEST["name"], autocomplete="name")
        _say(problems, "name")
        visit.widget(
            WHAT,
            st.text_area,
            "What you send back (all of it, unless you say otherwise)",
            key="withdraw-what",
            max_chars=LONGEST_WHAT,
        )
        click(visit, "withdraw-continue", partial(_go_on, withdrawing), label="Continue", type="primary")


def _say(problems: dict[str, str], field: str) -> None:
    if field in problems:
        html(Markup('<p class="problem" role="alert">{}</p>').format(problems[field]))


def _go_on(withdrawing: Withdrawing) -> None:
    if withdrawing.problems():
        st.session_state[TRIED] = True
        return
    st.session_state.pop(TRIED, None)
    order = withdrawing.find()
    if order is None:
        return
    if order.withdrawal:
        st.query_params.from_dict({NUMBER: order.number})
    else:
        st.query_params[STEP] = CONFIRM


def _second_step(withdrawing: Withdrawing, order: Order) -> None:
    """Show what is declared, and let it be confirmed."""
    declared = withdrawing.declared(order)

    def confirm() -> None:
        if withdrawing.confirm(order, declared):
            st.query_params.from_dict({NUMBER: order.number})

    with st.container(key="withdraw-step-confirm", border=True):
        st.header("Please look at it once more", anchor=False)
        html(what_is_declared(order, declared, withdrawing.own.money, mails=withdrawing.own.tells_shopper))
        if order.can_be_cancelled:
            html(before_it_is_sent(order, is_mine=withdrawing.is_mine(order)))
        with st.container(key="withdraw-acts", horizontal=True, vertical_alignment="center"):
            click(withdrawing.visit, _key(order, declared), confirm, label="Confirm withdrawal", type="primary")
            html(onward(WITHDRAW, "Change something"))


def _key(order: Order, declared: Withdrawal) -> str:
    """Return the key of the button that confirms: a page that shows something else cannot confirm this."""
    seen = (order.number, declared.name, declared.what)
    return f"withdraw-yes-{crc32(repr(seen).encode()):08x}"


def _receipt(withdrawing: Withdrawing, order: Order, withdrawal: Withdrawal) -> None:
    st.title("We have your withdrawal", anchor=False)
    html(PRINT)
    shop = withdrawing.own.checkout.shopping.shop
    html(receipt(order, withdrawal, shop, mails=withdrawing.own.tells_shopper))
    html(onward(f"{ORDERS}?{NUMBER}={order.number}", "The order"))
