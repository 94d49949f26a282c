"""Withdrawals: declared once for each order, told with it, and kept as long as its buyer is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.domain.order import Order, State
from app.domain.told import Whom
from app.domain.withdrawal import Withdrawal, written
from app.orders import outbox, placing, records, withdrawals, work
from app.orders.database import Database
from app.orders.errors import NotAllowed
from app.orders.export import FORMATS
from app.orders.schema import orders
from app.orders.schema import withdrawals as table
from testbed.together import run_together
from tests.orders.buying import attempt, purchase

BOTH = (Whom.SHOPPER, Whom.KEEPER)
AT = datetime(2026, 12, 3, 3, 37, 5, 123_456, tzinfo=UTC)
DECLARED = Withdrawal("Asha Rao", "asha@example.com", "one of two", AT)


@pytest.fixture
def order(database: Database) -> Order:
    """Give an order of two laptops."""
    return placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 2, 5)))


def told(database: Database) -> list[tuple[str, str]]:
    return [(mail.news.value, mail.whom.value) for mail in outbox.waiting(database, 99)][::-1]


def stored(database: Database, number: str) -> Order:
    order = records.by_number(database, number)
    assert order is not None
    return order


def test_a_withdrawal_is_noted_with_its_mails_and_the_order_has_it(database: Database, order: Order) -> None:
    withdrawn = withdrawals.declare(database, order.number, DECLARED, BOTH)
    assert withdrawn == replace(order, withdrawal=DECLARED)
    assert stored(database, order.number) == withdrawn
    assert records.of_visitor(database, "asha") == [withdrawn]
    assert told(database) == [("withdrawn", "shopper"), ("withdrawn", "keeper")]


def test_what_was_declared_first_stays_however_often_it_is_said(database: Database, order: Order) -> None:
    first = withdrawals.declare(database, order.number, DECLARED, BOTH)
    again = replace(DECLARED, what="everything", at=AT + timedelta(seconds=9))
    assert withdrawals.declare(database, order.number, again, BOTH) == first
    assert len(told(database)) == 2


def test_two_tabs_at_once_make_one_withdrawal(database: Database, order: Order) -> None:
    found: list[Withdrawal | None] = []

    def declare() -> None:
        declared = replace(DECLARED, at=datetime.now(UTC))
        found.append(withdrawals.declare(database, order.number, declared, BOTH).withdrawal)

    run_together(6, declare)
    assert len(set(found)) == 1
    with database.reading() as connection:
        assert len(connection.execute(select(table)).all()) == 1
    assert len(told(database)) == 2


@pytest.mark.parametrize("states", [[State.PAID], [State.SENT], [State.PAID, State.SENT]])
def test_an_order_is_withdrawn_from_before_and_after_it_is_sent_and_then_paid_back(
    database: Database, order: Order, states: list[State]
) -> None:
    for state in states:
        work.mark(database, order.number, state)
    withdrawn = withdrawals.declare(database, order.number, DECLARED)
    assert (withdrawn.state, withdrawn.is_to_be_taken_back) == (states[-1], True)
    work.mark(database, order.number, State.PAID)
    paid_back = work.mark(database, order.number, State.REFUNDED)
    assert (paid_back.is_to_be_taken_back, paid_back.withdrawn_at) == (False, AT)


@pytest.mark.parametrize("states", [[State.CANCELLED], [State.PAID, State.REFUNDED]])
def test_a_contract_that_has_ended_is_not_withdrawn_from(database: Database, order: Order, states: list[State]) -> None:
    for state in states:
        work.mark(database, order.number, state)
    with pytest.raises(NotAllowed, match=f"was {states[-1].value}: there is nothing to withdraw from"):
        withdrawals.declare(database, order.number, DECLARED, BOTH)
    assert told(database) == []


def test_an_unknown_order_is_said_so(database: Database) -> None:
    with pytest.raises(NotAllowed, match="There is no order 111-111-118"):
        withdrawals.declare(database, "111-111-118", DECLARED)


def test_an_order_that_was_withdrawn_from_is_not_offered_to_be_cancelled(database: Database, order: Order) -> None:
    assert order.can_be_cancelled
    assert not withdrawals.declare(database, order.number, DECLARED).can_be_cancelled


def test_what_was_written_is_cleared_with_the_names_of_the_order_and_the_day_stays(
    database: Database, order: Order
) -> None:
    withdrawals.declare(database, order.number, DECLARED)
    with database.writing() as connection:
        connection.execute(update(orders).values(placed_at=AT - timedelta(days=900)))
    work.clear_old(database, 300)
    assert stored(database, order.number).withdrawal == Withdrawal("", "", "", AT)


def test_exports_end_with_the_day_of_the_withdrawal(database: Database, order: Order) -> None:
    before = FORMATS["csv"].write(order)
    withdrawn = withdrawals.declare(database, order.number, DECLARED)
    assert FORMATS["csv"].write(withdrawn) == before.replace("\r\n", "2026-12-03T03:37:05Z\r\n")
    assert '"withdrawn_at": "2026-12-03T03:37:05Z"' in FORMATS["jsonl"].write(withdrawn)


def test_what_is_written_keeps_its_lines_and_nothing_that_cannot_be_printed() -> None:
    assert written(" the lamp\x00\r\nand\u202e the mat \n") == "the lamp\nand the mat"
    assert Withdrawal("", "", " a \n\n b", AT).lines == ["a", "b"]
