"""What was sold, as the database adds it up, agrees with the export."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from app.domain.order import State
from app.orders import placing, sales, work
from app.orders.database import Database
from app.orders.export import FORMATS, batches
from app.orders.sales import DAY, MONTH, Seller, Sum
from app.orders.schema import orders
from tests.orders.buying import attempt, purchase

FIRST = date(2026, 9, 28)


@pytest.fixture
def history(database: Database) -> Database:
    """Give a shop with forty orders of sixty days, some cancelled, some refunded, some in another currency."""
    chance = random.Random(15)
    for count in range(40):
        skus = chance.sample(["LAPTOP", "MOUSE", "DESK"], chance.randint(1, 3))
        number = placing.place(
            database, attempt(count), "asha", purchase(*((sku, chance.randint(1, 4), None) for sku in skus))
        ).number
        # Also a second before midnight, and at it.
        later = timedelta(days=chance.randint(0, 60), seconds=chance.choice((-1, 0, 7)))
        at = datetime(2026, 9, 28, tzinfo=UTC) + later
        with database.writing() as connection:
            values = {"placed_at": at, "currency": chance.choice(("INR", "INR", "INR", "EUR"))}
            connection.execute(update(orders).where(orders.c.number == number).values(values))
        for state in chance.choice(([], [], [State.CANCELLED], [State.PAID], [State.PAID, State.REFUNDED])):
            work.mark(database, number, state)
    return database


def exported(database: Database) -> list[dict[str, object]]:
    """Return what another program reads of the orders that count."""
    written = "".join(FORMATS["jsonl"].write(order) for batch in batches(database, 0) for order in batch)
    found = [json.loads(line) for line in written.splitlines()]
    return [
        order
        for order in found
        if not order["cancelled_at"] and order["currency"] == "INR" and order["placed_at"] >= str(FIRST)
    ]


@pytest.mark.parametrize(("form", "length"), [(DAY, 10), (MONTH, 7)])
def test_the_sums_of_days_and_months_are_those_of_the_export(
    history: Database, form: tuple[str, str], length: int
) -> None:
    wanted = defaultdict[str, list[int]](lambda: [0, 0, 0])
    for order in exported(history):
        sums, total = wanted[str(order["placed_at"])[:length]], int(str(order["total"]))
        sums[0] += 1
        sums[1] += total
        sums[2] += total if order["refunded_at"] else 0
    found = sales.by_period(history, form, "INR", FIRST)
    assert found == [Sum(period, *sums) for period, sums in sorted(wanted.items())]
    assert any(one.refunded for one in found)


def test_best_sellers_are_those_of_the_export(history: Database) -> None:
    pieces, totals = Counter[str](), Counter[str]()
    for order in exported(history):
        for line in order["lines"]:  # type: ignore[attr-defined]
            pieces[line["sku"]] += line["quantity"]
            totals[line["sku"]] += line["quantity"] * line["price"]
    wanted = [Seller(sku, sku.title(), pieces[sku], total) for sku, total in totals.items()]
    wanted.sort(key=lambda one: (-one.total, one.sku))
    assert sales.best_sellers(history, "INR", FIRST, 10) == wanted
    assert sales.best_sellers(history, "INR", FIRST, 1) == wanted[:1]


def test_orders_in_other_currencies_are_counted_and_in_no_sum(history: Database) -> None:
    others = sales.by_period(history, MONTH, "EUR", FIRST)
    assert sum(one.orders for one in others) == sales.in_other_currencies(history, "INR", FIRST) > 0


def test_pieces_that_were_sold_of_late_are_those_of_orders_that_were_not_cancelled(database: Database) -> None:
    kept = placing.place(database, attempt(1), "asha", purchase(("MOUSE", 2, None), ("DESK", 1, None)))
    cancelled = placing.place(database, attempt(2), "asha", purchase(("MOUSE", 5, None)))
    work.mark(database, cancelled.number, State.CANCELLED)
    assert sales.pieces_since(database, kept.placed_at) == {"MOUSE": 2, "DESK": 1}
    assert sales.pieces_since(database, kept.placed_at + timedelta(minutes=1)) == {}


def test_a_shop_without_orders_has_sold_nothing(database: Database) -> None:
    assert sales.by_period(database, DAY, "INR", FIRST) == []
    assert sales.best_sellers(database, "INR", FIRST, 10) == []
