"""The first page: what is to be packed, withdrawn or not paid yet, the newest orders; and a search."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st
from markupsafe import Markup

from app.keeper import acts
from app.keeper.books import Books
from app.keeper.frame import foot
from app.keeper.in_words import listed, when
from app.keeper.pages import OF, ORDER, Pages
from app.orders import payments, records, to_do
from app.terminal import counted
from app.views.parts.html import html

MOST_SHOWN: Final = 50
MOST_NEWEST: Final = 20


def show(books: Books, pages: Pages) -> None:
    """Draw the page."""
    st.title("Orders")
    typed = st.text_input("Find an order", placeholder="Number, name, e-mail or city", key="find", type="search")
    if typed and typed.strip():
        _found(books, pages, typed)
    else:
        _to_do(books, pages)
    foot()


def _found(books: Books, pages: Pages, typed: str) -> None:
    orders = to_do.search(books.database, typed, MOST_SHOWN)
    more = ", the newest" if len(orders) == MOST_SHOWN else ""
    st.subheader(f"{counted(len(orders), 'order')} found{more}" if orders else "No order found")
    listed(books, pages, "found", orders)


def _to_do(books: Books, pages: Pages) -> None:
    counts = to_do.how_many(books.database)
    st.subheader(f"To pack: {counts.to_pack:,}" if counts.to_pack else "Nothing is to be packed")
    packed_first = to_do.to_pack(books.database, MOST_SHOWN)
    if packed_first and st.button("Start with the oldest", key="start", shortcut="Ctrl+Down", type="primary"):
        st.switch_page(pages.by_address[ORDER], query_params={OF: packed_first[0].number})
    listed(books, pages, "to-pack", packed_first)
    _rest(counts.to_pack)
    if counts.withdrawn:
        st.subheader(f"Withdrawn, to be cancelled or refunded: {counts.withdrawn:,}")
        listed(books, pages, "withdrawn", to_do.withdrawn(books.database, MOST_SHOWN))
        _rest(counts.withdrawn)
    if counts.unpaid:
        st.subheader(f"Not paid yet: {counts.unpaid:,}")
        listed(books, pages, "unpaid", to_do.unpaid(books.database, MOST_SHOWN))
        _rest(counts.unpaid)
    _to_pay_back(books)
    st.subheader("Newest")
    listed(books, pages, "newest", records.newest(books.database, MOST_NEWEST))


def _to_pay_back(books: Books) -> None:
    """Draw the payments that a provider has told of and that paid no order."""
    found = payments.to_pay_back(books.database, MOST_SHOWN)
    if found:
        st.subheader("Money that paid no order")
    for one in found:
        amount = books.settings.money_of(one.currency).write(one.amount)
        with st.container(key=f"payment-{one.id}", border=True):
            words = Markup("<p><strong>{}</strong> for order {}, {}<br>{} {}: {}</p>")
            html(words.format(amount, one.number, when(one.at), one.provider, one.reference, one.outcome.value))
            act = partial(acts.settle, books, one.id)
            st.button("I have seen to it", key=f"settle-{one.id}", on_click=acts.carry_out, args=(act,))


def _rest(number: int) -> None:
    if number > MOST_SHOWN:
        st.caption(f"The oldest {MOST_SHOWN} are shown.")
