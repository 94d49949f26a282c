"""An order is placed once for each attempt, and takes its stock with it: in SQLite and in PostgreSQL."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from sqlalchemy import func, select

from app.domain.order import Order, State, read_number
from app.domain.told import Whom
from app.orders import ledger, placing, records, work
from app.orders.database import Database
from app.orders.errors import NotPlaced, SoldOut
from app.orders.schema import movements, order_lines, orders, outbox
from tests.orders.buying import ASHA, attempt, purchase

T = TypeVar("T")


def at_once(number: int, act: Callable[[int], T]) -> list[T | Exception]:
    """Call an act so many times at once, and return what each came to."""
    barrier = threading.Barrier(number)

    def one(which: int) -> T | Exception:
        barrier.wait()
        try:
            return act(which)
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test says what it wanted
            return problem

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def test_an_order_holds_what_was_seen(database: Database) -> None:
    seen = purchase(("LAPTOP", 2, 5), ("MOUSE", 1, None))
    order = placing.place(database, attempt(1), "asha", seen)
    assert order.purchase.costs == seen.costs
    assert order.purchase.buyer == ASHA
    assert [(line.sku, line.name, line.quantity, line.price) for line in order.purchase.lines] == [
        ("LAPTOP", "Laptop", 2, 10_000),
        ("MOUSE", "Mouse", 1, 10_000),
    ]
    assert order.state is State.PLACED
    assert read_number(order.number) == order.number
    assert records.by_number(database, order.number) == order
    assert records.of_visitor(database, "asha") == [order]
    assert records.of_visitor(database, "somebody else") == []


def test_the_same_attempt_is_the_same_order(database: Database) -> None:
    first = placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 2, 5)))
    assert placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 2, 5))) == first
    assert ledger.levels(database) == {"LAPTOP": 3}


def test_twenty_parallel_submissions_of_one_checkout_are_one_order(database: Database) -> None:
    bought = purchase(("LAPTOP", 1, 50))
    outcomes = at_once(20, lambda _: placing.place(database, attempt(1), "asha", bought, [Whom.SHOPPER]))
    numbers = {outcome.number for outcome in outcomes if isinstance(outcome, Order)}
    assert len(numbers) == 1
    assert all(isinstance(outcome, Order) for outcome in outcomes), outcomes
    assert ledger.levels(database) == {"LAPTOP": 49}
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(outbox)).scalar_one() == 1


def test_a_hundred_buyers_at_once_get_ten_pieces_in_ten_orders(database: Database) -> None:
    bought = purchase(("LAPTOP", 1, 10))
    outcomes = at_once(100, lambda which: placing.place(database, attempt(which), f"visitor{which}", bought))
    kinds = Counter(type(outcome) for outcome in outcomes)
    assert kinds == {Order: 10, SoldOut: 90}
    assert ledger.levels(database) == {"LAPTOP": 0}
    placed = records.after(database, 0, 1_000)
    assert [order.position for order in placed] == list(range(1, 11))
    with database.reading() as connection:
        assert connection.execute(select(func.sum(movements.c.change))).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(order_lines)).scalar_one() == 10


def test_what_is_sold_out_takes_nothing_else_with_it(database: Database) -> None:
    with pytest.raises(SoldOut) as problem:
        placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 1, 5), ("MOUSE", 3, 2)))
    assert (problem.value.sku, problem.value.left) == ("MOUSE", 2)
    assert records.newest(database, 9) == []
    order = placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 1, 5), ("MOUSE", 2, 2)))
    assert ledger.levels(database) == {"LAPTOP": 4, "MOUSE": 0}
    assert order.position == 1


def test_orders_that_want_the_same_products_in_other_orders_do_not_wait_for_each_other_for_ever(
    database: Database,
) -> None:
    both = [("LAPTOP", 1, 100), ("MOUSE", 1, 100)]

    def buy(which: int) -> Order:
        pieces = both if which % 2 else both[::-1]
        return placing.place(database, attempt(which), "asha", purchase(*pieces))

    outcomes = at_once(20, buy)
    assert all(isinstance(outcome, Order) for outcome in outcomes), outcomes
    assert ledger.levels(database) == {"LAPTOP": 80, "MOUSE": 80}


def test_an_attempt_that_was_given_up_is_never_placed(database: Database) -> None:
    assert placing.outcome(database, attempt(1)) is None
    with pytest.raises(NotPlaced):
        placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 1, 5)))
    assert ledger.levels(database) == {}
    assert placing.outcome(database, attempt(1)) is None


def test_the_outcome_of_a_placed_attempt_is_its_order(database: Database) -> None:
    order = placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 1, None)))
    assert placing.outcome(database, attempt(1)) == order


def test_of_placing_and_asking_at_once_one_comes_first_and_both_agree(database: Database) -> None:
    bought = purchase(("LAPTOP", 1, 1_000))
    for round_number in range(20):

        def act(which: int, name: str = attempt(round_number)) -> Order | None:
            return placing.place(database, name, "asha", bought) if which else placing.outcome(database, name)

        asked, placed = at_once(2, act)
        if isinstance(placed, Order):
            assert asked == placed
        else:
            assert isinstance(placed, NotPlaced)
            assert asked is None
    with database.reading() as connection:
        count = connection.execute(select(func.count()).select_from(orders)).scalar_one()
    assert ledger.levels(database).get("LAPTOP", 1_000) == 1_000 - count


def test_orders_become_visible_in_the_order_of_their_positions(database: Database) -> None:
    """A reader that goes on after the last position it has seen misses none, though they are placed all the time."""
    seen: list[int] = []
    done = threading.Event()

    def read() -> None:
        while True:
            is_last = done.is_set()
            seen.extend(order.position for order in records.after(database, seen[-1] if seen else 0, 3))
            if is_last and len(seen) == 60:
                return

    reader = threading.Thread(target=read)
    reader.start()
    at_once(
        6,
        lambda which: [
            placing.place(database, attempt(which * 100 + n), "x", purchase(("PEN", 1, None))) for n in range(10)
        ],
    )
    done.set()
    reader.join(timeout=60)
    assert seen == list(range(1, 61))


def test_a_cancelled_order_gives_back_what_it_took_and_no_more(database: Database) -> None:
    order = placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 2, 5), ("PEN", 1, None)))
    outcomes = at_once(5, lambda _: work.cancel_own(database, "asha", order.number))
    assert all(isinstance(outcome, Order) for outcome in outcomes), outcomes
    assert ledger.levels(database) == {"LAPTOP": 5}
