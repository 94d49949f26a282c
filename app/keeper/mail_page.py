"""Mails that wait, and those that were given up, with what the mail server said."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st
from markupsafe import Markup

from app.keeper import acts
from app.keeper.books import Books
from app.keeper.frame import foot
from app.keeper.in_words import when
from app.keeper.pages import Pages
from app.orders import outbox
from app.orders.outbox import Mail
from app.views.parts.html import html

MOST_SHOWN: Final = 50


def show(books: Books, _pages: Pages) -> None:
    """Draw the page."""
    st.title("Mail")
    if not books.settings.tells:
        st.write("This shop sends no mail: the setting `mail.url` is empty.")
        return
    waiting, given_up = outbox.how_many(books.database)
    if not waiting + given_up:
        st.write("All mails were sent.")
        foot()
        return
    st.subheader(f"{waiting:,} waiting, {given_up:,} given up")
    _again("Send all again", "all", books, None)
    for mail in outbox.waiting(books.database, MOST_SHOWN):
        with st.container(key=f"mail-{mail.id}", border=True):
            html(_face(mail))
            _again("Send again", str(mail.id), books, [mail.id])
    foot()


def _again(label: str, key: str, books: Books, ids: list[int] | None) -> None:
    act = partial(acts.send_again, books, ids)
    st.button(label, key=f"again-{key}", on_click=acts.carry_out, args=(act,))


def _face(mail: Mail) -> Markup:
    if mail.next_at is None:
        state = "given up"
    else:
        state = f"next try {when(mail.next_at)}" if mail.tries else f"to be sent {when(mail.next_at)}"
    said = Markup("<br>{}").format(mail.failure) if mail.failure else ""
    return Markup("<p><strong>Order {}, {}</strong>, to the {}<br>{}{}</p>").format(
        mail.order.number, mail.news.value, mail.whom.value, state, said
    )
