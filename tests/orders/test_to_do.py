"""Which orders are to be worked off, in which order, and how one is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.order import Order, State
from app.domain.terms import BY_TRANSFER
from app.domain.withdrawal import Withdrawal
from app.orders import placing, to_do, withdrawals, work
from app.orders.database import Database
from tests.orders.buying import ASHA, attempt, purchase


def place(database: Database, count: int, payment: str = "delivery", name: str = "Asha Rao") -> Order:
    bought = replace(purchase(("MOUSE", 1, None), buyer=replace(ASHA, name=name)), payment=payment)
    return placing.place(database, attempt(count), "asha", bought)


def test_what_is_paid_or_paid_on_delivery_is_packed_the_oldest_first(database: Database) -> None:
    waits, on_delivery, paid, sent, cancelled = (
        place(database, 1, BY_TRANSFER),
        place(database, 2),
        place(database, 3, BY_TRANSFER),
        place(database, 4),
        place(database, 5),
    )
    work.mark(database, paid.number, State.PAID)
    work.mark(database, sent.number, State.SENT)
    work.mark(database, cancelled.number, State.CANCELLED)
    assert [order.number for order in to_do.to_pack(database, 10)] == [on_delivery.number, paid.number]
    assert [order.number for order in to_do.to_pack(database, 1)] == [on_delivery.number]
    assert [order.number for order in to_do.unpaid(database, 10)] == [waits.number]
    assert to_do.how_many(database) == (2, 1, 0)


def test_an_order_that_was_withdrawn_from_is_not_packed_but_cancelled_or_refunded(database: Database) -> None:
    order, other = place(database, 1), place(database, 2)
    withdrawals.declare(database, order.number, Withdrawal("Asha Rao", "asha@example.com", "", order.placed_at))
    assert [one.number for one in to_do.to_pack(database, 10)] == [other.number]
    assert [one.number for one in to_do.withdrawn(database, 10)] == [order.number]
    assert to_do.how_many(database) == (1, 0, 1)
    assert to_do.next_to_pack(database, other) is None
    work.mark(database, order.number, State.CANCELLED)
    assert to_do.withdrawn(database, 10) == []
    assert to_do.how_many(database) == (1, 0, 0)


def test_after_the_last_order_to_pack_comes_the_first_one_and_no_order_comes_after_itself(database: Database) -> None:
    first, second, third = (place(database, count) for count in (1, 2, 3))
    assert to_do.next_to_pack(database, first) == second.number
    assert to_do.next_to_pack(database, third) == first.number
    work.mark(database, second.number, State.SENT)
    assert to_do.next_to_pack(database, first) == third.number
    work.mark(database, third.number, State.SENT)
    assert to_do.next_to_pack(database, first) is None
    assert to_do.next_to_pack(database, third) == first.number


@pytest.mark.parametrize("typed", ["asha r", " ASHA@example ", "bengal", "{0}", "{0[0]}{0[1]}{0[2]}"])
def test_an_order_is_found_by_name_address_city_and_number(database: Database, typed: str) -> None:
    wanted = place(database, 1)
    typed = typed.format(wanted.number) if typed != "{0}" else wanted.number.replace("-", " ")
    assert wanted.number in [order.number for order in to_do.search(database, typed, 10)]


def test_what_was_typed_is_no_pattern_and_the_newest_comes_first(database: Database) -> None:
    older, newer = place(database, 1, name="Asha 100% Rao"), place(database, 2)
    assert [order.number for order in to_do.search(database, "100%", 10)] == [older.number]
    assert to_do.search(database, "%", 10)[0].number == older.number
    assert to_do.search(database, "nobody", 10) == []
    assert [order.number for order in to_do.search(database, "asha", 1)] == [newer.number]
