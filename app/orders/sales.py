"""What was sold: by day, by month, by product. The database adds it up; orders that were cancelled do not count.

Days and months are those of UTC, as in the export, so both have the same sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select

from app.orders.database import Database
from app.orders.schema import order_lines, orders

DAY: Final = ("%Y-%m-%d", "YYYY-MM-DD")
MONTH: Final = ("%Y-%m", "YYYY-MM")
"""How SQLite and PostgreSQL are told to write a day and a month."""

_COUNTS: Final = orders.c.cancelled_at.is_(None)


@dataclass(frozen=True, slots=True)
class Sum:
    """What was sold in a day or a month.

    Attributes:
        period: such as `2026-11-21` or `2026-11`.
        orders: how many.
        total: of the orders, with delivery and taxes, in minor units.
        refunded: the part of it that was given back since.
    """

    period: str
    orders: int
    total: int
    refunded: int


@dataclass(frozen=True, slots=True)
class Seller:
    """How much of a product was sold: pieces, and their prices in minor units, without delivery."""

    sku: str
    name: str
    pieces: int
    total: int


def by_period(database: Database, form: tuple[str, str], currency: str, since: date) -> list[Sum]:
    """Return what was sold in each day or month since a day, in their order; none for those without an order.

    Args:
        form: DAY or MONTH.
        currency: ISO 4217; orders in another one are left out.
        since: the first day.

    Raises:
        OrdersAway: the database does not answer.
    """
    with database.reading() as connection:
        period = _period(connection, form).label("period")
        refunded = func.coalesce(func.sum(orders.c.total).filter(orders.c.refunded_at.is_not(None)), 0)
        sums = select(period, func.count(), func.sum(orders.c.total), refunded)
        rows = connection.execute(_counting(sums, currency, since).group_by("period").order_by("period")).all()
    return [Sum(period, count, int(total), int(back)) for period, count, total, back in rows]


def best_sellers(database: Database, currency: str, since: date, most: int) -> list[Seller]:
    """Return the products of which most was sold since a day, by their prices.

    Raises:
        OrdersAway: the database does not answer.
    """
    total = func.sum(order_lines.c.quantity * order_lines.c.price).label("total")
    sums = select(order_lines.c.sku, func.max(order_lines.c.name), func.sum(order_lines.c.quantity), total)
    counted = _counting(sums.join(orders), currency, since)
    wanted = counted.group_by(order_lines.c.sku).order_by(total.desc(), order_lines.c.sku).limit(most)
    with database.reading() as connection:
        rows = connection.execute(wanted).all()
    return [Seller(sku, name, int(pieces), int(total)) for sku, name, pieces, total in rows]


def pieces_since(database: Database, since: datetime) -> dict[str, int]:
    """Return how many pieces of each product were sold since a time, by SKU, in any currency.

    Raises:
        OrdersAway: the database does not answer.
    """
    sums = select(order_lines.c.sku, func.sum(order_lines.c.quantity)).join(orders)
    wanted = sums.where(_COUNTS, orders.c.placed_at >= since).group_by(order_lines.c.sku)
    with database.reading() as connection:
        return {sku: int(pieces) for sku, pieces in connection.execute(wanted)}


def in_other_currencies(database: Database, currency: str, since: date) -> int:
    """Return how many orders since a day are in another currency, and so in no sum.

    Raises:
        OrdersAway: the database does not answer.
    """
    wanted = select(func.count()).where(_COUNTS, orders.c.currency != currency, orders.c.placed_at >= _begin(since))
    with database.reading() as connection:
        return connection.execute(wanted).scalar_one()


def _counting(sums: Select[Any], currency: str, since: date) -> Select[Any]:
    return sums.where(_COUNTS, orders.c.currency == currency, orders.c.placed_at >= _begin(since))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _period(connection: Connection, form: tuple[str, str]) -> ColumnElement[str]:
    """Return the day or month in which an order was placed. SQLite keeps times in UTC (`schema.Moment`)."""
    in_sqlite, in_postgres = form
    if connection.dialect.name == "sqlite":
        return func.strftime(in_sqlite, orders.c.placed_at)
    return func.to_char(func.timezone("UTC", orders.c.placed_at), literal_column(f"'{in_postgres}'"))
