"""The first page: what is to be packed, withdrawn or not paid yet, the newest orders; and a search."""

from __future__ import annotations

from typing import Final

import streamlit as st

from app.keeper.books import Books
from app.keeper.frame import foot
from app.keeper.in_words import listed
from app.keeper.pages import OF, ORDER, Pages
from app.orders import records, to_do
from app.terminal import counted

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
    st.subheader("Newest")
    listed(books, pages, "newest", records.newest(books.database, MOST_NEWEST))


def _rest(number: int) -> None:
    if number > MOST_SHOWN:
        st.caption(f"The oldest {MOST_SHOWN} are shown.")
