"""Withdrawals from orders: what buyers declare, once for each order, however often they say it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import insert

from app.domain.order import Order
from app.domain.told import News, Whom
from app.domain.withdrawal import Withdrawal
from app.orders import outbox
from app.orders.database import Database
from app.orders.errors import NotAllowed
from app.orders.schema import withdrawals
from app.orders.work import locked


def declare(database: Database, number: str, withdrawal: Withdrawal, tell: Collection[Whom] = ()) -> Order:
    """Note that a buyer withdraws from an order, and the mails that tell of it; return the order.

    What was declared first stays. Whether it came in time is not asked: nobody here knows when the goods arrived.

    Args:
        number: the order's.
        withdrawal: what is declared; who may do so is the caller's to know.
        tell: who gets a mail.

    Raises:
        NotAllowed: there is no such order, or its contract has ended already.
        OrdersAway: the database does not answer.
    """
    with database.writing() as connection:
        order_id, order = locked(connection, number)
        if order.withdrawal is not None:
            return order
        if not order.can_be_withdrawn_from:
            raise NotAllowed(ended(order))
        row = {"name": withdrawal.name, "email": withdrawal.email, "what": withdrawal.what, "at": withdrawal.at}
        connection.execute(insert(withdrawals).values(order_id=order_id, **row))
        outbox.note(connection, order_id, News.WITHDRAWN, tell)
        return replace(order, withdrawal=withdrawal)


def ended(order: Order) -> str:
    """Return that the contract of an order has ended already."""
    return f"Order {order.number} was {order.state.value}: there is nothing to withdraw from."
