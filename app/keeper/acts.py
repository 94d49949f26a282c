"""What the shopkeeper does, each with a sentence of what came of it, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

import streamlit as st

from app.domain.catalogue import Catalogue
from app.domain.order import State
from app.keeper.books import Books
from app.orders import ledger, outbox, payments, records, work
from app.orders.errors import NotAllowed, OrdersAway, SoldOut
from app.terminal import counted

WAIT: Final = timedelta(seconds=60)
"""How long a mail waits, so that what it would tell can be taken back."""

AWAY: Final = "The orders' database does not answer. Whether this was done is not known: look before you do it again."

Act = Callable[[], "Notice | None"]
"""Does something; returns what is to be said of it, or None where the last notice stays."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What came of an act.

    Attributes:
        undo: what takes it back; None where nothing does.
        problem: nothing was done.
    """

    words: str
    undo: Act | None = None
    problem: bool = False


NOTHING_TYPED: Final = Notice("Type how many pieces.", problem=True)


def notice() -> Notice | None:
    """Return what came of the last act, until it was read."""
    found: Notice | None = st.session_state.get("notice")
    return found


def dismiss() -> None:
    """Forget what came of the last act."""
    st.session_state["notice"] = None


def done() -> int:
    """Return how many acts this visit has seen."""
    count: int = st.session_state.get("done", 0)
    return count


def carry_out(act: Act) -> None:
    """Do something, and remember what came of it. A failure is a sentence."""
    try:
        found = act()
    except NotAllowed as problem:
        found = Notice(str(problem), problem=True)
    except OrdersAway:
        found = Notice(AWAY, problem=True)
    if found is not None:
        st.session_state["notice"] = found
        st.session_state["done"] = done() + 1


def carry_out_once(act: Act, before: int) -> None:
    """Do something that would count twice, unless something was done since its button was drawn.

    Args:
        act: what to do.
        before: what `done` said when the button was drawn.
    """
    if done() == before:
        carry_out(act)


def mark(books: Books, number: str, state: State, tracking: str = "") -> Notice | None:
    """Note what has become of an order. What was noted before, by the first of two clicks, is not said again.

    Raises:
        NotAllowed: its state does not allow it.
        OrdersAway: the database does not answer.
    """
    before = records.by_number(books.database, number)
    work.mark(books.database, number, state, tracking=tracking, tell=books.settings.tells, wait=WAIT)
    if before is None or getattr(before, f"{state.value}_at") is None:
        return Notice(f"Order {number} is {state.value}.", partial(unmark, books, number, state))
    if tracking != before.tracking:
        return Notice(f"Order {number}: the parcel is now {tracking}." if tracking else "Nothing was typed.")
    return None


def unmark(books: Books, number: str, state: State) -> Notice:
    """Take back what was noted of an order.

    Raises:
        NotAllowed: it is not so, or cannot be taken back.
        OrdersAway: the database does not answer.
    """
    is_untold = work.unmark(books.database, number, state)
    words = f"Order {number} is not {state.value} any more."
    return Notice(words if is_untold else f"{words} A mail has told the shopper already that it was: write to them.")


def count(books: Books, catalogue: Catalogue, sku: str, pieces: int | None) -> Notice:
    """Set what is left of a product, after somebody has counted.

    Raises:
        OrdersAway: the database does not answer.
    """
    if pieces is None:
        return NOTHING_TYPED
    if pieces < 0:
        return Notice("There cannot be fewer than none.", problem=True)
    ledger.count(books.database, {sku: pieces}, {sku: catalogue.by_sku[sku].stock})
    return Notice(f"{catalogue.by_sku[sku].full_name}: {pieces:,} left.")


def deliver(books: Books, catalogue: Catalogue, sku: str, pieces: int | None) -> Notice:
    """Add pieces of a product that came in, or take off what was broken.

    Raises:
        OrdersAway: the database does not answer.
    """
    if pieces is None:
        return NOTHING_TYPED
    product = catalogue.by_sku[sku]
    try:
        left = ledger.deliver(books.database, sku, pieces, product.stock)
    except SoldOut as problem:
        return Notice(f"{product.full_name}: only {problem.left:,} left to take off.", problem=True)
    if left is None:
        return Notice(f"{product.full_name} is not counted. Count it first.", problem=True)
    return Notice(f"{product.full_name}: {pieces:+,}, so {left:,} left.")


def settle(books: Books, payment: int) -> Notice:
    """Note that a payment that paid no order was seen to.

    Raises:
        OrdersAway: the database does not answer.
    """
    payments.settle(books.database, payment)
    return Notice("The payment is off the list.")


def send_again(books: Books, ids: list[int] | None = None) -> Notice:
    """Let mails be sent now; None: all of them.

    Raises:
        OrdersAway: the database does not answer.
    """
    return Notice(
        f"{counted(outbox.try_again(books.database, ids), 'mail')} to be sent. The shop does it within seconds."
    )
