"""What becomes of an order after it was placed: paid, sent, cancelled, refunded; and what of its buyer is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, select, update

from app.domain.order import Buyer, Order, State
from app.domain.told import News, Whom
from app.orders import ledger, outbox
from app.orders.database import Database
from app.orders.errors import NotAllowed, SoldOut
from app.orders.records import order_where
from app.orders.schema import attempts, lookups, order_lines, orders, withdrawals
from app.orders.schema import outbox as mails


def mark(  # noqa: PLR0913 - two of them have a default that most take
    database: Database,
    number: str,
    state: State,
    *,
    tracking: str = "",
    tell: Collection[Whom] = (),
    wait: timedelta = timedelta(),
) -> Order:
    """Note what has become of an order; return it. What was noted before is not noted again.

    Args:
        number: the order's.
        state: any but PLACED. CANCELLED puts its pieces back in stock.
        tracking: of the parcel, with SENT; a new one replaces the one before.
        tell: who gets a mail; not the shopkeeper, who does this.
        wait: before it is sent, so that the mark can be taken back (`unmark`).

    Raises:
        NotAllowed: there is no such order, or its state does not allow it.
        OrdersAway: the database does not answer.
    """
    with database.writing() as connection:
        return mark_in(connection, number, state, tracking=tracking, tell=_others(tell), wait=wait)


def unmark(database: Database, number: str, state: State) -> bool:
    """Take back what was noted of an order; return whether no mail has told of it.

    Raises:
        NotAllowed: there is no such order, it is not so, or its pieces are sold to others by now.
        OrdersAway: the database does not answer.
    """
    with database.writing() as connection:
        order_id, order = locked(connection, number)
        if state is State.PLACED or getattr(order, f"{state.value}_at") is None:
            raise NotAllowed(f"Order {number} is not {state.value}.")
        if state is State.PAID and order.refunded_at:
            raise NotAllowed(f"Order {number} was refunded.")
        values: dict[str, Any] = {f"{state.value}_at": None}
        if state is State.SENT:
            values["tracking"] = ""
        if state is State.CANCELLED:
            _take_again(connection, order_id, number)
        connection.execute(update(orders).where(orders.c.id == order_id).values(values))
        return outbox.take_back(connection, order_id, News.of(state))


def cancel_own(database: Database, visitor: str, number: str, tell: Collection[Whom] = ()) -> Order:
    """Cancel an order for the browser that placed it, until it is sent.

    Raises:
        NotAllowed: the browser has no such order, or it is not to be cancelled any more.
        OrdersAway: the database does not answer.
    """
    with database.writing() as connection:
        own = select(orders.c.id).where(orders.c.number == number, orders.c.visitor == visitor)
        if connection.execute(own).first() is None:
            raise NotAllowed("This browser has no such order.")
        return mark_in(connection, number, State.CANCELLED, tell=tell)


def cancel_unpaid(database: Database, payments: Collection[str], days: int, tell: Collection[Whom] = ()) -> list[str]:
    """Cancel the orders that were to be paid before they are sent, and were not, for so many days.

    Returns their numbers. Their pieces are back in stock. Each is cancelled by itself, if it is still not paid
    or sent then, so nobody who orders waits until all are.

    Raises:
        OrdersAway: the database does not answer.
    """
    before = datetime.now(UTC) - timedelta(days=days)
    waiting = select(orders.c.number).where(
        orders.c.payment.in_(payments),
        orders.c.placed_at < before,
        orders.c.paid_at.is_(None),
        orders.c.sent_at.is_(None),
        orders.c.cancelled_at.is_(None),
    )
    with database.reading() as connection:
        numbers = list(connection.execute(waiting.order_by(orders.c.position)).scalars())
    return [number for number in numbers if _cancel_if(database, waiting, number, _others(tell))]


def _cancel_if(database: Database, waiting: Select[tuple[str]], number: str, tell: Collection[Whom]) -> bool:
    """Cancel an order if a question still finds it; return whether it does."""
    with database.writing() as connection:
        if connection.execute(waiting.where(orders.c.number == number).with_for_update()).first() is None:
            return False
        mark_in(connection, number, State.CANCELLED, tell=tell)
        return True


def unlink(database: Database, visitor: str) -> None:
    """Let nothing lead from a browser to its orders any more.

    Raises:
        OrdersAway: the database does not answer.
    """
    with database.writing() as connection:
        connection.execute(update(orders).where(orders.c.visitor == visitor).values(visitor=None))


def clear_old(database: Database, days: int) -> int:
    """Clear names and addresses of orders that are older; return how many they were. What was bought stays.

    Raises:
        OrdersAway: the database does not answer.
    """
    now = datetime.now(UTC)
    nobody = dict.fromkeys(Buyer.__dataclass_fields__, "")
    old = (orders.c.placed_at < now - timedelta(days=days)) & orders.c.cleared_at.is_(None)
    with database.writing() as connection:
        connection.execute(delete(lookups).where(lookups.c.at < now - timedelta(days=1)))
        connection.execute(
            delete(attempts).where(attempts.c.is_closed.is_(True), attempts.c.at < now - timedelta(days=days))
        )
        ids = select(orders.c.id).where(old)
        connection.execute(delete(mails).where(mails.c.order_id.in_(ids)))
        words = {"name": "", "email": "", "what": ""}
        connection.execute(update(withdrawals).where(withdrawals.c.order_id.in_(ids)).values(words))
        cleared = connection.execute(update(orders).where(old).values(**nobody, visitor=None, cleared_at=now))
        return cleared.rowcount


def mark_in(  # noqa: PLR0913 - those of `mark`
    connection: Connection,
    number: str,
    state: State,
    *,
    tracking: str = "",
    tell: Collection[Whom] = (),
    wait: timedelta = timedelta(),
) -> Order:
    """Note what has become of an order as part of a transaction. Like `mark`, but all who are named get a mail."""
    order_id, order = locked(connection, number)
    if problem := _problem(order, state):
        raise NotAllowed(f"Order {number} {problem}.")
    values: dict[str, Any] = {}
    if getattr(order, f"{state.value}_at") is None:
        values[f"{state.value}_at"] = datetime.now(UTC)
        outbox.note(connection, order_id, News.of(state), tell, wait=wait)
        if state is State.CANCELLED:
            ledger.give_back(connection, order_id, _counted(connection, order_id))
    if tracking:
        values["tracking"] = tracking
    if values:
        connection.execute(update(orders).where(orders.c.id == order_id).values(values))
    return replace(order, **values)


def locked(connection: Connection, number: str) -> tuple[int, Order]:
    """Return an order and the id of its row, which nobody else changes until the end of the transaction.

    Raises:
        NotAllowed: there is no such order.
    """
    found = select(orders.c.id).where(orders.c.number == number).with_for_update()
    order_id, order = connection.execute(found).scalar(), order_where(connection, orders.c.number == number)
    if order_id is None or order is None:
        raise NotAllowed(f"There is no order {number}.")
    return order_id, order


def _take_again(connection: Connection, order_id: int, number: str) -> None:
    """Take the pieces of a cancelled order out of stock once more."""
    pieces = _counted(connection, order_id)
    try:
        left = ledger.take(connection, pieces)
    except SoldOut as problem:
        raise NotAllowed(f"Order {number}: only {problem.left} of {problem.sku} left.") from problem
    ledger.note_order(connection, order_id, pieces, left)


def _others(tell: Collection[Whom]) -> Collection[Whom]:
    """Return who is told of what the shopkeeper does."""
    return [whom for whom in tell if whom is not Whom.KEEPER]


def _problem(order: Order, state: State) -> str:
    """Return why an order cannot become so; empty if it can."""
    if state is State.PLACED:
        return "was placed once and for all"
    if order.cancelled_at and state in (State.PAID, State.SENT):
        return "was cancelled"
    if order.refunded_at and state is State.SENT:
        return "was refunded"
    if state is State.CANCELLED and order.sent_at:
        return "was sent already"
    if state is State.REFUNDED and not order.paid_at:
        return "was not paid"
    return ""


def _counted(connection: Connection, order_id: int) -> dict[str, int]:
    counted = (order_lines.c.order_id == order_id) & order_lines.c.is_counted.is_(True)
    rows = connection.execute(select(order_lines.c.sku, order_lines.c.quantity).where(counted))
    return {row.sku: row.quantity for row in rows}
