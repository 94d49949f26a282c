"""Payments that a provider tells of: each is noted once, and pays its order once or not at all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from sqlalchemy import insert, select, update

from app.domain.order import Order, State
from app.domain.told import Whom
from app.orders.database import Database
from app.orders.errors import NotAllowed
from app.orders.provider import Paid
from app.orders.schema import orders, payments
from app.orders.work import locked, mark_in


class Outcome(Enum):
    """What a payment has done. The value is what the log says."""

    PAID = "the order is paid"
    KNOWN = "it was known"
    EXTRA = "the order was paid before, or is over: pay it back"
    OTHER_SUM = "the amount is another one"
    NO_ORDER = "there is no such order"


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that a provider has told of, with the number of its order. The amount is in minor units."""

    id: int
    number: str
    provider: str
    reference: str
    amount: int
    currency: str
    outcome: Outcome
    at: datetime


def note(database: Database, provider: str, paid: Paid, tell: Collection[Whom]) -> Outcome:
    """Note a payment, and that its order is paid, in one transaction. What was noted before changes nothing.

    Raises:
        OrdersAway: the database does not answer; the provider is to call again.
    """
    with database.writing() as connection:
        try:
            order_id, order = locked(connection, paid.number)
        except NotAllowed:
            return Outcome.NO_ORDER
        known = select(payments.c.id).where(payments.c.provider == provider, payments.c.reference == paid.reference)
        if connection.execute(known).first() is not None:
            return Outcome.KNOWN
        outcome = _outcome(order, paid)
        row = {"provider": provider, "reference": paid.reference, "amount": paid.amount, "currency": paid.currency}
        row |= {"order_id": order_id, "outcome": outcome.name.lower(), "at": datetime.now(UTC)}
        connection.execute(insert(payments).values(row))
        if outcome is Outcome.PAID:
            mark_in(connection, paid.number, State.PAID, tell=tell)
        return outcome


def _outcome(order: Order, paid: Paid) -> Outcome:
    if (paid.amount, paid.currency) != (order.purchase.costs.total, order.purchase.currency):
        return Outcome.OTHER_SUM
    is_over = order.paid_at or order.cancelled_at or order.refunded_at or order.withdrawal
    return Outcome.EXTRA if is_over else Outcome.PAID


def to_pay_back(database: Database, most: int) -> list[Payment]:
    """Return the payments that paid nothing, the newest first, until the shopkeeper has seen to them (`settle`).

    Raises:
        OrdersAway: the database does not answer.
    """
    columns = (payments, orders.c.number)
    kinds = [Outcome.EXTRA.name.lower(), Outcome.OTHER_SUM.name.lower()]
    wanted = (
        select(*columns)
        .join_from(payments, orders)
        .where(payments.c.outcome.in_(kinds), payments.c.settled_at.is_(None))
    )
    with database.reading() as connection:
        rows = connection.execute(wanted.order_by(payments.c.id.desc()).limit(most)).all()
    return [
        Payment(
            row.id,
            row.number,
            row.provider,
            row.reference,
            row.amount,
            row.currency,
            Outcome[row.outcome.upper()],
            row.at,
        )
        for row in rows
    ]


def settle(database: Database, payment: int) -> None:
    """Note that the shopkeeper has paid a payment back, or seen to it otherwise.

    Raises:
        OrdersAway: the database does not answer.
    """
    with database.writing() as connection:
        connection.execute(update(payments).where(payments.c.id == payment).values(settled_at=datetime.now(UTC)))
