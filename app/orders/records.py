"""Reading orders: one, a browser's, those after a position."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, select

from app.domain.order import Buyer, Order, OrderLine, Purchase
from app.domain.terms import Costs, TaxSum
from app.domain.withdrawal import Withdrawal
from app.orders.database import Database
from app.orders.schema import lookups, order_lines, order_taxes, orders, withdrawals

MOST_SHOWN: Final = 50
"""Orders of one browser that are shown, the newest."""

MOST_TRIES: Final = 5
TRIES_WITHIN: Final = timedelta(hours=1)
"""So often within this time an order can be asked for by its number with a wrong e-mail address."""


def of_visitor(database: Database, visitor: str) -> list[Order]:
    """Return the orders of a browser, the newest first.

    Raises:
        OrdersAway: the database does not answer.
    """
    wanted = select(orders).where(orders.c.visitor == visitor).order_by(orders.c.position.desc()).limit(MOST_SHOWN)
    with database.reading() as connection:
        return _orders(connection, connection.execute(wanted).all())


def not_taken_out(database: Database, visitor: str) -> list[Order]:
    """Return those orders of a browser whose pieces may still be in its cart, the oldest first.

    Raises:
        OrdersAway: the database does not answer.
    """
    wanted = select(orders).where(orders.c.visitor == visitor, orders.c.cart_taken.is_(False))
    with database.reading() as connection:
        return _orders(connection, connection.execute(wanted.order_by(orders.c.position)).all())


def looked_up(database: Database, number: str, email: str) -> Order | None:
    """Return an order by its number and the e-mail address in it, for whoever has no cookie of it.

    None where there is none, or the address is another. Wrong addresses are counted: after `MOST_TRIES` of them the
    number answers nobody for an hour.

    Raises:
        OrdersAway: the database does not answer.
    """
    since = datetime.now(UTC) - TRIES_WITHIN
    with database.writing() as connection:
        tries = select(func.count()).where(lookups.c.number == number, lookups.c.at > since)
        if connection.execute(tries).scalar_one() >= MOST_TRIES:
            return None
        is_right = (orders.c.number == number) & (func.lower(orders.c.email) == email.strip().lower())
        order = order_where(connection, is_right & orders.c.cleared_at.is_(None))
        if order is None:
            connection.execute(insert(lookups).values(number=number, at=datetime.now(UTC)))
        return order


def by_number(database: Database, number: str) -> Order | None:
    """Return an order by its number, for the shopkeeper; None where there is none.

    Raises:
        OrdersAway: the database does not answer.
    """
    with database.reading() as connection:
        return order_where(connection, orders.c.number == number)


def after(database: Database, position: int, most: int) -> list[Order]:
    """Return the orders after a position, in their order, at most so many.

    Raises:
        OrdersAway: the database does not answer.
    """
    wanted = select(orders).where(orders.c.position > position).order_by(orders.c.position).limit(most)
    with database.reading() as connection:
        return _orders(connection, connection.execute(wanted).all())


def newest(database: Database, most: int) -> list[Order]:
    """Return the newest orders, the newest first.

    Raises:
        OrdersAway: the database does not answer.
    """
    with database.reading() as connection:
        return _orders(
            connection, connection.execute(select(orders).order_by(orders.c.position.desc()).limit(most)).all()
        )


def found(database: Database, wanted: Select[Any]) -> list[Order]:
    """Return the orders that a question for rows of `orders` finds, in its order.

    Raises:
        OrdersAway: the database does not answer.
    """
    with database.reading() as connection:
        return _orders(connection, connection.execute(wanted).all())


def order_where(connection: Connection, condition: ColumnElement[bool]) -> Order | None:
    """Return the one order for which something holds, or None."""
    found = _orders(connection, connection.execute(select(orders).where(condition)).all())
    return found[0] if found else None


def _orders(connection: Connection, rows: Sequence[Row[Any]]) -> list[Order]:
    """Return orders with their lines: four questions, however many they are."""
    ids = [row.id for row in rows]
    lines = _by_order(connection.execute(select(order_lines).where(order_lines.c.order_id.in_(ids))).all())
    taxes = _by_order(connection.execute(select(order_taxes).where(order_taxes.c.order_id.in_(ids))).all())
    withdrawn = connection.execute(select(withdrawals).where(withdrawals.c.order_id.in_(ids))).all()
    by_order = {row.order_id: Withdrawal(row.name, row.email, row.what, row.at) for row in withdrawn}
    return [_order(row, lines[row.id], taxes[row.id], by_order.get(row.id)) for row in rows]


def _by_order(rows: Iterable[Row[Any]]) -> defaultdict[int, list[Row[Any]]]:
    found = defaultdict[int, list[Row[Any]]](list)
    for row in sorted(rows, key=lambda row: int(row.place)):
        found[row.order_id].append(row)
    return found


def _order(row: Row[Any], lines: Iterable[Row[Any]], taxes: Iterable[Row[Any]], withdrawal: Withdrawal | None) -> Order:
    sums = tuple(TaxSum(Decimal(tax.rate), tax.base, tax.amount) for tax in taxes)
    purchase = Purchase(
        tuple(OrderLine(line.sku, line.name, line.quantity, line.price, Decimal(line.tax_rate)) for line in lines),
        Buyer(*(getattr(row, field) for field in Buyer.__dataclass_fields__)),
        row.currency,
        row.delivery,
        row.payment,
        Costs(row.goods, row.delivery_cost, sums, row.total),
        row.tax_name,
        row.tax_included,
    )
    times = (row.paid_at, row.sent_at, row.tracking, row.cancelled_at, row.refunded_at)
    is_cleared = row.cleared_at is not None
    return Order(row.number, row.position, row.attempt, row.placed_at, purchase, *times, is_cleared, withdrawal)
