"""Orders as the app's pages call them: when, what, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import streamlit as st
from babel.dates import format_datetime

from app.domain.order import Order
from app.keeper.books import Books
from app.keeper.pages import OF, ORDER, Pages
from app.terminal import counted
from app.views.parts.markdown import Markdown
from app.views.parts.time_zone import zone

CLEARED = "Name and address cleared"


def when(moment: datetime) -> str:
    """Return a time as the clock beside the reader says it: `19:45` of today, else `21 Nov, 19:45`."""
    here = zone(st.context.timezone)
    now, then = datetime.now(here), moment.astimezone(here)
    if then.date() == now.date():
        return format_datetime(then, "'today' HH:mm", locale="en")
    is_recent = now - then < timedelta(days=300)
    return format_datetime(then, "d MMM, HH:mm" if is_recent else "d MMM y", locale="en")


def pieces(order: Order) -> str:
    """Return how many pieces an order has."""
    return counted(sum(quantity for _, quantity in order.pieces), "piece")


def who(order: Order) -> str:
    """Return by whom an order is, and where it goes."""
    buyer = order.purchase.buyer
    return CLEARED if order.is_cleared else f"{buyer.name}, {buyer.city}"


def state_of(order: Order) -> str:
    """Return what has become of an order, also that its buyer has withdrawn, until that was seen to."""
    return "withdrawn" if order.is_to_be_taken_back else order.state.value


def listed(books: Books, pages: Pages, name: str, orders: Sequence[Order]) -> None:
    """Draw orders as links to their pages, each of them a row; the name is that of the list."""
    with st.container(key=f"list-{name}", gap=None):
        for order in orders:
            total = books.money_of(order).write(order.purchase.costs.total)
            facts = " · ".join((order.number, pieces(order), total, when(order.placed_at), state_of(order)))
            label = Markdown("**{}** :gray[{}]").format(who(order), facts)
            st.page_link(pages.by_address[ORDER], label=label, query_params={OF: order.number}, width="stretch")
