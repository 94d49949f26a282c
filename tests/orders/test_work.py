"""What becomes of an order, who may see it, and how long its buyer is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.domain.order import State
from app.domain.terms import BY_TRANSFER, ON_DELIVERY
from app.domain.told import Whom
from app.orders import ledger, placing, records, work
from app.orders.database import Database
from app.orders.errors import NotAllowed
from app.orders.records import MOST_TRIES
from app.orders.schema import orders, outbox
from tests.orders.buying import ASHA, attempt, purchase


@pytest.fixture
def number(database: Database) -> str:
    """Give the number of an order of two laptops of five."""
    return placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 2, 5))).number


def make_older(database: Database, days: int) -> None:
    with database.writing() as connection:
        connection.execute(update(orders).values(placed_at=datetime.now(UTC) - timedelta(days=days)))


def test_an_order_is_paid_and_sent_with_its_tracking(database: Database, number: str) -> None:
    tell = [Whom.SHOPPER]
    assert work.mark(database, number, State.PAID, tell=tell).state is State.PAID
    sent = work.mark(database, number, State.SENT, tracking="IN123", tell=tell)
    assert (sent.state, sent.tracking) == (State.SENT, "IN123")
    assert work.mark(database, number, State.SENT, tracking="IN124", tell=tell).tracking == "IN124"
    assert work.mark(database, number, State.REFUNDED, tell=tell).state is State.REFUNDED
    with database.reading() as connection:
        told = connection.execute(select(outbox.c.what).order_by(outbox.c.id)).scalars().all()
    assert told == ["paid", "sent", "refunded"]


@pytest.mark.parametrize(
    ("before", "state", "problem"),
    [
        ([State.SENT], State.CANCELLED, "was sent already"),
        ([], State.REFUNDED, "was not paid"),
        ([State.CANCELLED], State.SENT, "was cancelled"),
        ([State.CANCELLED], State.PAID, "was cancelled"),
        ([State.PAID, State.REFUNDED], State.SENT, "was refunded"),
        ([], State.PLACED, "was placed once and for all"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    database: Database, number: str, before: list[State], state: State, problem: str
) -> None:
    for one in before:
        work.mark(database, number, one)
    with pytest.raises(NotAllowed, match=f"^Order {number} {problem}\\.$"):
        work.mark(database, number, state)


def test_an_unknown_order_is_said_so(database: Database) -> None:
    with pytest.raises(NotAllowed, match="There is no order 111-111-118"):
        work.mark(database, "111-111-118", State.PAID)


def test_only_the_browser_that_ordered_cancels(database: Database, number: str) -> None:
    with pytest.raises(NotAllowed):
        work.cancel_own(database, "somebody else", number)
    assert ledger.levels(database) == {"LAPTOP": 3}
    assert work.cancel_own(database, "asha", number).state is State.CANCELLED
    assert ledger.levels(database) == {"LAPTOP": 5}


def test_only_transfers_that_did_not_come_in_time_cancel_their_orders(database: Database, number: str) -> None:
    make_older(database, 15)
    assert work.cancel_unpaid(database, [BY_TRANSFER], 14) == []
    assert work.cancel_unpaid(database, [ON_DELIVERY], 16) == []
    assert work.cancel_unpaid(database, [ON_DELIVERY], 14) == [number]
    assert ledger.levels(database) == {"LAPTOP": 5}


def test_another_browser_finds_an_order_by_number_and_address_and_guesses_only_so_often(
    database: Database, number: str
) -> None:
    found = records.looked_up(database, number, " Asha@Example.com ")
    assert found is not None
    assert found.purchase.buyer == ASHA
    for _ in range(MOST_TRIES):
        assert records.looked_up(database, number, "wrong@example.com") is None
    assert records.looked_up(database, number, "asha@example.com") is None


def test_forgetting_unlinks_an_order_and_keeps_it(database: Database, number: str) -> None:
    work.unlink(database, "asha")
    assert records.of_visitor(database, "asha") == []
    order = records.by_number(database, number)
    assert order is not None
    assert order.purchase.buyer == ASHA
    with pytest.raises(NotAllowed):
        work.cancel_own(database, "asha", number)


def test_names_and_addresses_are_cleared_once_they_are_old_and_the_rest_stays(database: Database, number: str) -> None:
    make_older(database, 11)
    assert work.clear_old(database, 12) == 0
    assert work.clear_old(database, 10) == 1
    assert work.clear_old(database, 10) == 0
    order = records.by_number(database, number)
    assert order is not None
    assert order.is_cleared
    assert "".join(getattr(order.purchase.buyer, field) for field in ASHA.__dataclass_fields__) == ""
    assert order.pieces == (("LAPTOP", 2),)
    assert records.of_visitor(database, "asha") == []
    assert records.looked_up(database, number, "") is None
