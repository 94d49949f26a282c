"""What a provider says of payments: an order is paid once or not at all, and no money is forgotten."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.order import Order, State
from app.domain.terms import ONLINE
from app.domain.told import Whom
from app.orders import outbox as mails
from app.orders import payments, placing, records, work
from app.orders.database import Database
from app.orders.payments import Outcome
from app.orders.provider import Paid, provider_of
from app.orders.schema import payments as noted
from testbed.together import run_together
from tests.orders.buying import attempt, purchase

BOTH = (Whom.SHOPPER, Whom.KEEPER)


@pytest.fixture
def order(database: Database) -> Order:
    """Give an order of 100.00 that is to be paid online."""
    bought = replace(purchase(("LAPTOP", 1, 5)), payment=ONLINE)
    return placing.place(database, attempt(1), "asha", bought)


def paid(order: Order, reference: str = "p1", amount: int = 10_000, currency: str = "INR") -> Paid:
    return Paid(reference, order.number, amount, currency)


def note(database: Database, what: Paid) -> Outcome:
    return payments.note(database, "sandbox", what, BOTH)


def state(database: Database, order: Order) -> State:
    found = records.by_number(database, order.number)
    assert found
    return found.state


def told(database: Database) -> list[tuple[str, str]]:
    return sorted((mail.news.value, mail.whom.value) for mail in mails.waiting(database, 99))


def test_a_payment_pays_its_order_and_both_are_told(database: Database, order: Order) -> None:
    assert order.waits_for_money
    assert note(database, paid(order)) is Outcome.PAID
    assert state(database, order) is State.PAID
    assert told(database) == [("paid", "keeper"), ("paid", "shopper")]


def test_a_call_that_comes_again_changes_nothing(database: Database, order: Order) -> None:
    outcomes: list[Outcome] = []
    lock = threading.Lock()

    def come() -> None:
        outcome = note(database, paid(order))
        with lock:
            outcomes.append(outcome)

    run_together(8, come)
    assert Counter(outcomes) == {Outcome.PAID: 1, Outcome.KNOWN: 7}
    assert len(told(database)) == 2


def test_of_two_payments_one_pays_the_order_and_the_other_is_noted_to_be_paid_back(
    database: Database, order: Order
) -> None:
    assert note(database, paid(order, "p1")) is Outcome.PAID
    assert note(database, paid(order, "p2")) is Outcome.EXTRA
    assert note(database, paid(order, "p2")) is Outcome.KNOWN
    with database.reading() as connection:
        rows = connection.execute(select(noted.c.reference, noted.c.outcome).order_by(noted.c.id)).all()
    assert [tuple(row) for row in rows] == [("p1", "paid"), ("p2", "extra")]
    (back,) = payments.to_pay_back(database, 9)
    assert back.reference == "p2"
    payments.settle(database, back.id)
    assert payments.to_pay_back(database, 9) == []


@pytest.mark.parametrize("before", [State.CANCELLED, State.PAID])
def test_money_that_comes_too_late_is_noted_and_the_order_stays_as_it_is(
    database: Database, order: Order, before: State
) -> None:
    work.mark(database, order.number, before)
    assert note(database, paid(order)) is Outcome.EXTRA
    assert state(database, order) is before


@pytest.mark.parametrize(("amount", "currency"), [(9_999, "INR"), (10_001, "INR"), (10_000, "EUR")])
def test_another_sum_pays_nothing(database: Database, order: Order, amount: int, currency: str) -> None:
    assert note(database, paid(order, amount=amount, currency=currency)) is Outcome.OTHER_SUM
    assert state(database, order) is State.PLACED
    assert told(database) == []


def test_a_payment_of_no_order_is_said(database: Database) -> None:
    assert note(database, Paid("p1", "111-111-118", 1, "INR")) is Outcome.NO_ORDER


def test_an_order_that_is_not_paid_online_in_time_is_cancelled(database: Database, order: Order) -> None:
    assert work.cancel_unpaid(database, [ONLINE], -1) == [order.number]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("nowhere:Provider", "ModuleNotFoundError"),
        ("tests.orders.sandbox:Other", "AttributeError"),
        ("tests.orders", "AttributeError"),
    ],
)
def test_a_provider_that_is_not_there_is_told_by_its_name(name: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as refused:
        provider_of(name)
    assert repr(name) in str(refused.value)
