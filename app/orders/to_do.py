"""Orders as the shopkeeper works them off: to be packed, not paid yet, withdrawn from; and finding one."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import func, select

from app.domain.order import Order, read_number
from app.domain.terms import BEFORE_IT_IS_SENT
from app.orders import records
from app.orders.database import Database
from app.orders.schema import orders, withdrawals

_STANDS: Final = orders.c.cancelled_at.is_(None) & orders.c.refunded_at.is_(None)
_WITHDRAWN: Final = select(withdrawals.c.id).where(withdrawals.c.order_id == orders.c.id).exists()
_OPEN: Final = orders.c.sent_at.is_(None) & _STANDS & ~_WITHDRAWN
_WAITS: Final = orders.c.paid_at.is_(None) & orders.c.payment.in_(BEFORE_IT_IS_SENT)


class Counts(NamedTuple):
    """How many orders can be packed, wait for their money, and were withdrawn from without anything done about it."""

    to_pack: int
    unpaid: int
    withdrawn: int


def to_pack(database: Database, most: int) -> list[Order]:
    """Return the orders that can be packed, because they are paid or are paid on delivery, the oldest first.

    Raises:
        OrdersAway: the database does not answer.
    """
    return records.found(database, select(orders).where(_OPEN, ~_WAITS).order_by(orders.c.position).limit(most))


def unpaid(database: Database, most: int) -> list[Order]:
    """Return the orders that wait for their money, the oldest first.

    Raises:
        OrdersAway: the database does not answer.
    """
    return records.found(database, select(orders).where(_OPEN, _WAITS).order_by(orders.c.position).limit(most))


def withdrawn(database: Database, most: int) -> list[Order]:
    """Return the orders whose buyers have withdrawn, and which were not cancelled or refunded yet, the oldest first.

    Raises:
        OrdersAway: the database does not answer.
    """
    wanted = select(orders).join(withdrawals).where(_STANDS).order_by(withdrawals.c.id)
    return records.found(database, wanted.limit(most))


def how_many(database: Database) -> Counts:
    """Return how many orders there are to do.

    Raises:
        OrdersAway: the database does not answer.
    """
    still_open = select(func.count().filter(~_WAITS), func.count().filter(_WAITS)).where(_OPEN)
    with database.reading() as connection:
        pack, wait = connection.execute(still_open).one()
        back = select(func.count()).select_from(orders.join(withdrawals)).where(_STANDS)
        return Counts(pack, wait, connection.execute(back).scalar_one())


def next_to_pack(database: Database, order: Order) -> str | None:
    """Return the number of the order that is packed after this one; after the last one it begins anew.

    None where there is no other one.

    Raises:
        OrdersAway: the database does not answer.
    """
    others = select(orders.c.number).where(_OPEN, ~_WAITS).order_by(orders.c.position).limit(1)
    with database.reading() as connection:
        later = connection.execute(others.where(orders.c.position > order.position)).scalar()
        return later or connection.execute(others.where(orders.c.position < order.position)).scalar()


def search(database: Database, typed: str, most: int) -> list[Order]:
    """Return the orders whose number was typed, or whose buyer has it in name, e-mail address or city.

    The newest come first.

    Raises:
        OrdersAway: the database does not answer.
    """
    words = typed.strip()
    number = read_number(words)
    if number is not None:
        wanted = orders.c.number == number
    else:
        told = (orders.c.name, orders.c.email, orders.c.city, orders.c.number)
        matches = [column.icontains(words, autoescape=True) for column in told]
        wanted = matches[0] | matches[1] | matches[2] | matches[3]
    return records.found(database, select(orders).where(wanted).order_by(orders.c.position.desc()).limit(most))
