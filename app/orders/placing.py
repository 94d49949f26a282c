"""Placing an order: once for each attempt, whoever asks and however often (docs/orders.md, "Exactly once")."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, insert, select, update

from app.domain.order import Order, Purchase, number_of
from app.domain.told import News, Whom
from app.orders import ledger, outbox
from app.orders.database import Database, insert_if_new
from app.orders.errors import NotPlaced
from app.orders.records import order_where
from app.orders.schema import attempts, counters, order_lines, order_taxes, orders

TRIES: Final = 20
"""Numbers that are tried until one is free: of 90 million."""


def place(database: Database, attempt: str, visitor: str, purchase: Purchase, tell: Collection[Whom] = ()) -> Order:
    """Place an order in one transaction: the order, its lines, the stock, the mails that tell of it. Return it.

    Where the attempt was placed already, the order of then is returned, and nothing happens.

    Args:
        attempt: of `Purchase.attempt`.
        visitor: the visitor key of who orders.
        purchase: what they saw.
        tell: who gets a mail.

    Raises:
        SoldOut: there are fewer pieces of a product. Nothing happened; the attempt may be tried again.
        NotPlaced: the attempt was given up.
        OrdersAway: the database does not answer. Whether the order was placed, `outcome` knows.
    """
    with database.writing() as connection:
        if not _is_mine(connection, attempt, is_closed=False):
            return _placed_before(connection, attempt)
        for line in sorted(purchase.lines, key=lambda line: line.sku):  # as `take` does, and for the same reason
            if line.stock is not None:
                ledger.seed(connection, line.sku, line.stock)
        pieces = {line.sku: line.quantity for line in purchase.lines}
        left = ledger.take(connection, pieces)
        order_id = _insert(connection, attempt, visitor, purchase, left)
        ledger.note_order(connection, order_id, pieces, left)
        outbox.note(connection, order_id, News.PLACED, tell)
        return _placed_before(connection, attempt)


def outcome(database: Database, attempt: str) -> Order | None:
    """Return the order of an attempt. Where there is none, the attempt is given up: nobody can place it any more.

    Of two processes, one that places an attempt and one that asks for its outcome, one comes first; the other one sees
    what it did.

    Raises:
        OrdersAway: the database does not answer.
    """
    with database.writing() as connection:
        if _is_mine(connection, attempt, is_closed=True):
            return None
        return order_where(connection, orders.c.attempt == attempt)


def taken_out(database: Database, attempt: str) -> None:
    """Note that the cart is without the pieces of an order.

    Raises:
        OrdersAway: the database does not answer.
    """
    with database.writing() as connection:
        connection.execute(update(orders).where(orders.c.attempt == attempt).values(cart_taken=True))


def _is_mine(connection: Connection, attempt: str, *, is_closed: bool) -> bool:
    """Note an attempt; return whether nobody has before. Whoever is just doing so is waited for."""
    return insert_if_new(connection, attempts, attempt=attempt, is_closed=is_closed, at=datetime.now(UTC))


def _placed_before(connection: Connection, attempt: str) -> Order:
    order = order_where(connection, orders.c.attempt == attempt)
    if order is None:
        raise NotPlaced("this attempt was given up")
    return order


def _insert(connection: Connection, attempt: str, visitor: str, purchase: Purchase, counted: Mapping[str, int]) -> int:
    """Insert an order with its lines; return its id.

    The counter's row is locked until the end of the transaction, so orders become visible in the order of their
    positions: an export that has seen one has seen all before it.
    """
    placed = update(counters).where(counters.c.name == "orders").values(value=counters.c.value + 1)
    position = connection.execute(placed.returning(counters.c.value)).scalar_one()
    buyer, costs = purchase.buyer, purchase.costs
    row = {
        "attempt": attempt,
        "number": _free_number(connection),
        "position": position,
        "visitor": visitor,
        "cart_taken": False,
        "placed_at": datetime.now(UTC),
        "currency": purchase.currency,
        "goods": costs.goods,
        "delivery": purchase.delivery,
        "delivery_cost": costs.delivery,
        "payment": purchase.payment,
        "tax_name": purchase.tax_name,
        "tax_included": purchase.tax_included,
        "total": costs.total,
        "tracking": "",
        **{field: getattr(buyer, field) for field in buyer.__dataclass_fields__},
    }
    order_id: int = connection.execute(insert(orders).values(row).returning(orders.c.id)).scalar_one()
    lines = [
        {
            "order_id": order_id,
            "place": place,
            "sku": line.sku,
            "name": line.name,
            "quantity": line.quantity,
            "price": line.price,
            "tax_rate": str(line.tax_rate),
            "is_counted": line.sku in counted,
        }
        for place, line in enumerate(purchase.lines)
    ]
    connection.execute(insert(order_lines), lines)
    taxes = [
        {"order_id": order_id, "place": place, "rate": str(tax.rate), "base": tax.base, "amount": tax.amount}
        for place, tax in enumerate(costs.taxes)
    ]
    if taxes:
        connection.execute(insert(order_taxes), taxes)
    return order_id


def _free_number(connection: Connection) -> str:
    """Return a number that no order has. No two transactions look at once: the counter's lock is held."""
    for _ in range(TRIES):
        number = number_of(secrets.randbelow(90_000_000))
        if connection.execute(select(orders.c.id).where(orders.c.number == number)).first() is None:
            return number
    raise RuntimeError("no free order number")
