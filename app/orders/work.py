"""What becomes of an order after it was placed: paid, sent, cancelled, refunded; and what of its buyer is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, select, update

from app.domain.order import Buyer, Order, State
from app.orders import ledger
from app.orders.database import Database
from app.orders.errors import NotAllowed
from app.orders.placing import note_for_outbox
from app.orders.records import order_where
from app.orders.schema import attempts, lookups, order_lines, orders


def mark(database: Database, number: str, state: State, *, tracking: str = "") -> Order:
    """Note what has become of an order; return it. What was noted before is not noted again.

    Args:
        number: the order's.
        state: any but PLACED. CANCELLED puts its pieces back in stock.
        tracking: of the parcel, with SENT; a new one replaces the one before.

    Raises:
        NotAllowed: there is no such order, or its state does not allow it.
        OrdersAway: the database does not answer.
    """
    with database.writing() as connection:
        return _mark(connection, number, state, tracking)


def cancel_own(database: Database, visitor: str, number: str) -> Order:
    """Cancel an order for the browser that placed it, until it is sent.

    Raises:
        NotAllowed: the browser has no such order, or it is not to be cancelled any more.
        OrdersAway: the database does not answer.
    """
    with database.writing() as connection:
        own = select(orders.c.id).where(orders.c.number == number, orders.c.visitor == visitor)
        if connection.execute(own).first() is None:
            raise NotAllowed("This browser has no such order.")
        return _mark(connection, number, State.CANCELLED, "")


def cancel_unpaid(database: Database, payment: str, days: int) -> list[str]:
    """Cancel the orders that were to be paid before they are sent, and were not, for so many days.

    Returns their numbers. Their pieces are back in stock. Each is cancelled by itself, if it is still not paid
    or sent then, so nobody who orders waits until all are.

    Raises:
        OrdersAway: the database does not answer.
    """
    before = datetime.now(UTC) - timedelta(days=days)
    waiting = select(orders.c.number).where(
        orders.c.payment == payment,
        orders.c.placed_at < before,
        orders.c.paid_at.is_(None),
        orders.c.sent_at.is_(None),
        orders.c.cancelled_at.is_(None),
    )
    with database.reading() as connection:
        numbers = list(connection.execute(waiting.order_by(orders.c.position)).scalars())
    return [number for number in numbers if _cancel_if(database, waiting.where(orders.c.number == number), number)]


def _cancel_if(database: Database, waiting: Select[tuple[str]], number: str) -> bool:
    """Cancel an order if a question still finds it; return whether it does."""
    with database.writing() as connection:
        if connection.execute(waiting.with_for_update()).first() is None:
            return False
        _mark(connection, number, State.CANCELLED, "")
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
        cleared = connection.execute(update(orders).where(old).values(**nobody, visitor=None, cleared_at=now))
        return cleared.rowcount


def _mark(connection: Connection, number: str, state: State, tracking: str) -> Order:
    found = select(orders.c.id).where(orders.c.number == number).with_for_update()
    order_id, order = connection.execute(found).scalar(), order_where(connection, orders.c.number == number)
    if order_id is None or order is None:
        raise NotAllowed(f"There is no order {number}.")
    if problem := _problem(order, state):
        raise NotAllowed(f"Order {number} {problem}.")
    values: dict[str, Any] = {}
    if getattr(order, f"{state.value}_at") is None:
        values[f"{state.value}_at"] = datetime.now(UTC)
        note_for_outbox(connection, order_id, state)
        if state is State.CANCELLED:
            ledger.give_back(connection, order_id, _counted(connection, order_id))
    if tracking:
        values["tracking"] = tracking
    if values:
        connection.execute(update(orders).where(orders.c.id == order_id).values(values))
    return replace(order, **values)


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
