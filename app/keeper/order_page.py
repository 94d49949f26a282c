"""One order: what to pack, where it goes, what has become of it, and what may become of it now."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st
from markupsafe import Markup

from app.domain.order import LONGEST_TRACKING, Order, State, read_number
from app.keeper import acts
from app.keeper.books import Books
from app.keeper.frame import foot
from app.keeper.in_words import CLEARED, state_of, when
from app.keeper.pages import INVOICE, OF, SLIP, Pages
from app.orders import records, to_do
from app.views.parts.html import html
from app.views.parts.order_page import address_of, contact_of, costs_table, lines_table

_TIMES: Final = (State.PAID, State.SENT, State.CANCELLED, State.REFUNDED)


def asked(books: Books) -> Order | None:
    """Return the order that the address names; say so and return None where there is none."""
    number = read_number(st.query_params.get(OF, ""))
    order = records.by_number(books.database, number) if number else None
    if order is None:
        st.title("There is no such order")
        st.write("A digit of its number may be wrong.")
    return order


def show(books: Books, pages: Pages) -> None:
    """Draw the page of the order that the address names."""
    order = asked(books)
    if order is None:
        foot()
        return
    st.title(f"Order {order.number}")
    facts = (state_of(order), when(order.placed_at), order.purchase.delivery, books.payment_of(order))
    html(Markup('<p class="state">{}</p>').format(" · ".join(facts)))
    if order.withdrawal:
        words = Markup('<p class="state">Its buyer has withdrawn on {}: {}</p>')
        html(words.format(order.withdrawal.received, ", ".join(order.withdrawal.lines)))
    parcel, work = st.columns((3, 2), gap="large")
    with parcel:
        html(_parcel(order, books))
    with work:
        _acts(order, books)
        _papers(order, pages)
        _history(order, books)
    html(_rest(order, books))
    later = to_do.next_to_pack(books.database, order)
    foot(partial(_open, later) if later else None, order.number)


def _open(number: str) -> None:
    st.query_params[OF] = number


def _parcel(order: Order, books: Books) -> Markup:
    """Return what is packed, and where it goes."""
    to = CLEARED if order.is_cleared else address_of(order.purchase.buyer)
    return Markup('<article class="order">{}<p>{}</p></article>').format(
        lines_table(order.purchase.lines, books.money_of(order)), to
    )


def _rest(order: Order, books: Books) -> Markup:
    """Return what is to be paid, and how the buyer is reached."""
    purchase, money = order.purchase, books.money_of(order)
    contact = Markup() if order.is_cleared else contact_of(purchase.buyer)
    costs = costs_table(purchase.costs, purchase.delivery, purchase.tax_name, money, tax_included=purchase.tax_included)
    return Markup('<div class="rest"><p>{}</p>{}</div>').format(contact, costs)


def _papers(order: Order, pages: Pages) -> None:
    with st.container(key="papers", horizontal=True):
        for page in (SLIP, INVOICE):
            st.page_link(pages.by_address[page], icon=":material/print:", query_params={OF: order.number})


def _acts(order: Order, books: Books) -> None:
    """Draw what may become of the order. Each stays in its place, so that a second click never meets another one."""
    number = order.number
    is_over = bool(order.cancelled_at or order.refunded_at)
    with st.container(key="acts"):
        _sending(order, books, is_over=is_over)
        st.button(
            "Mark as paid",
            key=f"paid-{number}",
            disabled=bool(order.paid_at) or is_over,
            on_click=acts.carry_out,
            args=(partial(acts.mark, books, number, State.PAID),),
            width="stretch",
        )
        with st.container(key="rare", horizontal=True):
            _confirmed(
                order, books, State.CANCELLED, "Cancel…", "Its pieces go back in stock.", not (order.sent_at or is_over)
            )
            back = "Give the money back yourself; this only notes it."
            _confirmed(order, books, State.REFUNDED, "Refund…", back, bool(order.paid_at and not order.refunded_at))


def _sending(order: Order, books: Books, *, is_over: bool) -> None:
    number, key = order.number, f"tracking-{order.number}"

    def send() -> None:
        acts.carry_out(lambda: acts.mark(books, number, State.SENT, _tracking(key)))

    with st.form(f"sending-{number}", border=False):
        st.text_input(
            "Number of the parcel (optional)", order.tracking, max_chars=LONGEST_TRACKING, key=key, disabled=is_over
        )
        label = "Change the parcel's number" if order.sent_at else "Mark as sent"
        st.form_submit_button(
            label,
            key=f"sent-{number}",
            type="secondary" if order.sent_at else "primary",
            disabled=is_over,
            on_click=send,
            shortcut="Ctrl+Enter",
            width="stretch",
        )


def _tracking(key: str) -> str:
    typed = str(st.session_state.get(key) or "")
    return "".join(letter for letter in typed if letter.isprintable()).strip()


def _confirmed(order: Order, books: Books, state: State, label: str, says: str, is_allowed: bool) -> None:  # noqa: FBT001, PLR0913, PLR0917
    """Draw an act that asks once more."""
    with st.popover(label, disabled=not is_allowed):
        st.write(says)
        st.button(
            f"Yes, it is {state.value}",
            key=f"{state.value}-{order.number}",
            on_click=acts.carry_out,
            args=(partial(acts.mark, books, order.number, state),),
        )


def _history(order: Order, books: Books) -> None:
    """Draw what has become of the order, each with its way back."""
    for state in _TIMES:
        time = getattr(order, f"{state.value}_at")
        if time is None:
            continue
        with st.container(key=f"was-{state.value}", horizontal=True, vertical_alignment="center"):
            html(Markup("<p>{}: {}</p>").format(state.value.capitalize(), when(time)))
            st.button(
                "Undo",
                key=f"undo-{state.value}-{order.number}",
                on_click=acts.carry_out,
                args=(partial(acts.unmark, books, order.number, state),),
            )
