"""The stock of counted products, as a ledger: each movement says what changed, why, and what was left.

The catalogue's number begins a product's ledger, once: with its first order or count. From then on the database owns
its stock. A number that is edited in the catalogue afterwards is reported, and applied only by `python -m app stock
apply`: read as a new count it would miss what was sold meanwhile, and two replicas with different files would undo each
other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from sqlalchemy import Connection, delete, insert, select, update

from app.orders.database import Database, insert_if_new
from app.orders.errors import SoldOut
from app.orders.schema import movements, orders, stock


class Why(Enum):
    """Why stock has changed."""

    SEEDED = "seeded"
    ORDERED = "ordered"
    CANCELLED = "cancelled"
    COUNTED = "counted"
    DELIVERED = "delivered"
    UNCOUNTED = "uncounted"


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of the ledger: pieces more or fewer, how many were left then, and the order's number, if it was one."""

    sku: str
    change: int
    left: int
    why: Why
    at: datetime
    order: str | None


def levels(database: Database) -> dict[str, int]:
    """Return how many pieces are left of each product that has a ledger.

    Raises:
        OrdersAway: the database does not answer.
    """
    with database.reading() as connection:
        return {row.sku: row.left for row in connection.execute(select(stock.c.sku, stock.c.left))}


def history(database: Database, sku: str, most: int) -> list[Movement]:
    """Return the newest movements of a product, the newest first.

    Raises:
        OrdersAway: the database does not answer.
    """
    named = select(movements, orders.c.number).outerjoin_from(movements, orders)
    wanted = named.where(movements.c.sku == sku).order_by(movements.c.id.desc()).limit(most)
    with database.reading() as connection:
        rows = connection.execute(wanted).all()
    return [Movement(row.sku, row.change, row.left, Why(row.why), row.at, row.number) for row in rows]


def told(database: Database) -> dict[str, int | None]:
    """Return what the catalogue said of each product that has a ledger, when it was last asked; None if nothing.

    Where it says something else now, the shopkeeper has edited the number since.

    Raises:
        OrdersAway: the database does not answer.
    """
    with database.reading() as connection:
        return {row.sku: row.in_catalogue for row in connection.execute(select(stock.c.sku, stock.c.in_catalogue))}


def count(database: Database, counted: Mapping[str, int | None], in_catalogue: Mapping[str, int | None]) -> None:
    """Set what is left of products, after somebody has counted, all in one transaction.

    Args:
        counted: pieces by SKU; None: it is not counted any more.
        in_catalogue: what the catalogue says of each, by SKU.

    Raises:
        OrdersAway: the database does not answer.
    """
    with database.writing() as connection:
        for sku, left in sorted(counted.items()):
            _count(connection, sku, left, in_catalogue.get(sku))


def _count(connection: Connection, sku: str, left: int | None, in_catalogue: int | None) -> None:
    if left is None:
        before = connection.execute(delete(stock).where(stock.c.sku == sku).returning(stock.c.left)).scalar()
        if before is not None:
            _note(connection, sku, -before, 0, Why.UNCOUNTED)
        return
    has_begun = seed(connection, sku, left, Why.COUNTED)
    before = connection.execute(select(stock.c.left).where(stock.c.sku == sku).with_for_update()).scalar_one()
    connection.execute(update(stock).where(stock.c.sku == sku).values(left=left, in_catalogue=in_catalogue))
    if not has_begun:
        _note(connection, sku, left - before, left, Why.COUNTED)


def deliver(database: Database, sku: str, pieces: int, in_catalogue: int | None = None) -> int | None:
    """Add pieces that came in, or take off what was broken; return what is left; None where nothing is counted.

    Args:
        in_catalogue: what the catalogue says; it begins the ledger, as a first order would, unless there is one.

    Raises:
        SoldOut: there are fewer than are to be taken off.
        OrdersAway: the database does not answer.
    """
    if in_catalogue is not None:  # by itself: what cannot be taken off leaves the ledger begun
        with database.writing() as connection:
            seed(connection, sku, in_catalogue)
    with database.writing() as connection:
        return _move(connection, sku, pieces, Why.DELIVERED)


def seed(connection: Connection, sku: str, left: int, why: Why = Why.SEEDED) -> bool:
    """Begin the ledger of a product, unless it has one; return whether it had none."""
    has_begun = insert_if_new(connection, stock, sku=sku, left=left, in_catalogue=left)
    if has_begun:
        _note(connection, sku, left, left, why)
    return has_begun


def take(connection: Connection, pieces: Mapping[str, int]) -> dict[str, int]:
    """Take pieces of products out of stock; return what is left of those that are counted.

    In the order of their SKUs, so that two orders that want the same never wait for each other.

    Raises:
        SoldOut: there are fewer of one of them. The transaction is to be rolled back.
    """
    left = {sku: _changed(connection, sku, -quantity) for sku, quantity in sorted(pieces.items())}
    return {sku: now for sku, now in left.items() if now is not None}


def note_order(connection: Connection, order_id: int, pieces: Mapping[str, int], left: Mapping[str, int]) -> None:
    """Note in the ledger what an order has taken."""
    for sku, now in left.items():
        _note(connection, sku, -pieces[sku], now, Why.ORDERED, order_id)


def give_back(connection: Connection, order_id: int, pieces: Mapping[str, int]) -> None:
    """Put the pieces of a cancelled order back, of products that are still counted."""
    for sku, quantity in sorted(pieces.items()):
        _move(connection, sku, quantity, Why.CANCELLED, order_id)


def _move(connection: Connection, sku: str, pieces: int, why: Why, order_id: int | None = None) -> int | None:
    """Change what is left of a product and note it; return what is left then, None where nothing is counted."""
    left = _changed(connection, sku, pieces)
    if left is not None:
        _note(connection, sku, pieces, left, why, order_id)
    return left


def _changed(connection: Connection, sku: str, pieces: int) -> int | None:
    """Change what is left of a product; return what is left then, None where nothing is counted.

    Raises:
        SoldOut: there are fewer than are taken off.
    """
    enough = update(stock).where(stock.c.sku == sku, stock.c.left + pieces >= 0)
    left: int | None = connection.execute(
        enough.values(left=stock.c.left + pieces).returning(stock.c.left)
    ).scalar_one_or_none()
    if left is None:
        there = connection.execute(select(stock.c.left).where(stock.c.sku == sku)).scalar()
        if there is not None:
            raise SoldOut(sku, there)
    return left


def _note(  # noqa: PLR0913, PLR0917 - the columns of the ledger
    connection: Connection, sku: str, change: int, left: int, why: Why, order_id: int | None = None
) -> None:
    now = datetime.now(UTC)
    line = {"sku": sku, "change": change, "left": left, "why": why.value, "order_id": order_id, "at": now}
    connection.execute(insert(movements).values(line))
