"""Measures what orders cost: placing one, exporting many meanwhile, and every page of a shop that takes them.

    .venv/bin/python -m bench.orders

Databases take turns, and so do two stores, one of which takes no orders. SQLite is as the product opens it, and
PostgreSQL writes to the same disk before it acknowledges. Where there is no PostgreSQL the rest is measured.
"""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import insert, select, update

from app.domain.order import Buyer, OrderLine, Purchase, number_of
from app.domain.terms import Costs, TaxSum
from app.orders import placing
from app.orders.database import Database
from app.orders.schema import attempts, counters, order_lines, order_taxes, orders
from bench.report import Target, judge, print_table
from bench.shops import processor_seconds, store
from testbed import ROOT
from testbed.servers import Store, redis_server, running_postgres
from testbed.together import run_together
from testbed.wire.open_page import OpenPage

ONE_BY_ONE = 400
THREADS, EACH = 8, 60
EXPORTED = 10_000
ROUNDS = 150
LOADS = 60
IDLE_SECONDS = 10
DEARER = 1.03
"""The most that a run of the shop page, and a page load, may cost where orders are taken, of one where they are not."""

TARGETS: list[Target] = []

_numbers = count(1)

ASHA = Buyer(
    "Asha Rao", "asha@example.com", "+91 98765 43210", "12 Church Street", "", "Bengaluru", "Karnataka", "560001", "IN"
)
LINES = tuple(
    OrderLine(sku, name, quantity, price, Decimal(18), 10**6)
    for sku, name, quantity, price in (
        ("LAPTOP", "Laptop", 1, 2_500_000),
        ("MOUSE", "Mouse", 2, 34_900),
        ("DESK-OAK", "Oak writing desk", 1, 1_890_000),
    )
)
GOODS = sum(line.total for line in LINES)
TAXES = (TaxSum(Decimal(18), GOODS, GOODS * 18 // 118),)
BOUGHT = Purchase(LINES, ASHA, "INR", "Standard", "delivery", Costs(GOODS, 0, TAXES, GOODS), "GST")


@dataclass(frozen=True, slots=True)
class Place:
    """A database for orders: what it is called, and where it is."""

    name: str
    url: str
    database: Database

    def order(self) -> None:
        """Place an order of three lines, all of them counted."""
        number = next(_numbers)
        placing.place(self.database, f"{number:024x}", f"visitor-{number}", BOUGHT)

    def placed(self) -> int:
        """Return how many orders there are; their positions have no gap, and each is there once."""
        with self.database.reading() as connection:
            found = list(connection.execute(select(orders.c.position).order_by(orders.c.position)).scalars())
        assert found == list(range(1, len(found) + 1))
        return len(found)


@contextmanager
def places(folder: Path) -> Iterator[list[Place]]:
    """Give an empty database of each kind that there is here."""
    with ExitStack() as ending:
        urls = {"SQLite": f"sqlite:///{folder}/orders.db"}
        try:
            server = ending.enter_context(running_postgres(folder / "postgres", durable=True))
        except pytest.skip.Exception as missing:
            print(missing)
        else:
            urls["PostgreSQL"] = server.new_database()
        found = []
        for name, url in urls.items():
            database = ending.enter_context(closing(Database(url, folder)))
            database.bring_up_to_date()
            found.append(Place(name, url, database))
        yield found


# Placing


@contextmanager
def inserting(place: Place) -> Iterator[Callable[[], None]]:
    """Give an act that writes one row and commits it, by the driver alone, on a connection that stays open."""
    is_embedded = place.database.is_embedded  # its transactions begin only where somebody says so
    opened: Any = (
        sqlite3.connect(place.url.removeprefix("sqlite:///"), isolation_level=None)  # synchronous = FULL is its default
        if is_embedded
        else psycopg.connect(place.url)
    )
    with closing(opened) as connection:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE plain (number BIGINT, words TEXT)")
        if not is_embedded:
            connection.commit()
        statement = f"INSERT INTO plain VALUES ({'?, ?' if is_embedded else '%s, %s'})"  # noqa: S608 - placeholders

        def act() -> None:
            if is_embedded:
                cursor.execute("BEGIN IMMEDIATE")
            cursor.execute(statement, (next(_numbers), "some words"))
            cursor.execute("COMMIT") if is_embedded else connection.commit()

        yield act


def timed(act: Callable[[], None]) -> float:
    """Return how long an act takes, in milliseconds."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1e3


def measure_placing(found: Sequence[Place]) -> None:
    """Place orders one after another, the databases taking turns, with one row beside each order; then in threads."""
    with ExitStack() as ending:
        acts = {
            (place.name, what): act
            for place in found
            for what, act in (("an order", place.order), ("one row", ending.enter_context(inserting(place))))
        }
        for act in acts.values():
            act()  # not counted: connections, the first entries of the ledger
        turns = [{key: timed(act) for key, act in acts.items()} for _ in range(ONE_BY_ONE)]
    sorted_turns = {key: sorted(turn[key] for turn in turns) for key in acts}
    p50 = {key: statistics.median(one) for key, one in sorted_turns.items()}
    p95 = {key: one[round(0.95 * len(one))] for key, one in sorted_turns.items()}
    rows = []
    for place in found:
        order, row, first = (place.name, "an order"), (place.name, "one row"), (found[0].name, "an order")
        rows.append(
            (
                place.name,
                *(f"{one:.2f}" for one in (p50[order], p95[order], p50[row], p95[row])),
                f"{p50[order] / p50[row]:.1f}",
                f"{p50[order] / p50[first]:.2f}",
                f"{in_threads(place):.0f}",
            )
        )
    heads = (
        "",
        "p50, ms",
        "p95, ms",
        "one row, p50",
        "p95",
        "of one row",
        "of SQLite's",
        f"a second, {THREADS} threads",
    )
    print_table(f"Placing an order of {len(LINES)} lines, {ONE_BY_ONE} one after another", heads, rows)


def in_threads(place: Place) -> float:
    """Return how many orders a second several threads place at once."""
    before = place.placed()

    def buy() -> None:
        for _ in range(EACH):
            place.order()

    started = time.perf_counter()
    run_together(THREADS, buy)
    seconds = time.perf_counter() - started
    missing = before + THREADS * EACH - place.placed()
    TARGETS.append(Target(f"{place.name}: orders of {THREADS} threads that are missing", missing, 0, 0))
    return THREADS * EACH / seconds


# Exporting


def fill(place: Place) -> None:
    """Let there be as many orders as are to be exported, all like the newest one, and quicker than by placing them."""
    there = place.placed()
    with place.database.writing() as connection:
        last = connection.execute(select(orders).order_by(orders.c.position.desc()).limit(1)).one()._mapping  # noqa: SLF001 - its public name
        rows = {
            table: [
                dict(row)
                for row in connection.execute(select(table).where(table.c.order_id == last["id"])).mappings().all()
            ]
            for table in (order_lines, order_taxes)
        }
        new = range(there + 1, EXPORTED + 1)
        taken = set(connection.execute(select(orders.c.number)).scalars())
        free = (number for number in map(number_of, count()) if number not in taken)
        names = {position: f"{10**9 + position:024x}" for position in new}
        connection.execute(
            insert(orders),
            [{**last, "id": 10**6 + at, "position": at, "attempt": names[at], "number": next(free)} for at in new],
        )
        placed = [{"attempt": name, "is_closed": False, "at": last["placed_at"]} for name in names.values()]
        connection.execute(insert(attempts), placed)
        for table, parts in rows.items():
            connection.execute(insert(table), [{**part, "order_id": 10**6 + at} for at in new for part in parts])
        connection.execute(update(counters).where(counters.c.name == "orders").values(value=EXPORTED))


def measure_export(found: Sequence[Place], folder: Path) -> None:
    """Export so many orders to a file, by the command, while a thread goes on placing orders."""
    rows = []
    for place in found:
        fill(place)
        for form, positions in (("jsonl", positions_in_objects), ("csv", positions_in_rows)):
            file = folder / f"{place.name}.{form}"
            before = place.placed()
            with buying(place):
                seconds = export(place, form, file)
            exported, meanwhile = positions(file), place.placed() - before
            first = list(range(1, len(exported) + 1))
            wrong = sum(one != other for one, other in zip(exported, first, strict=True)) + max(
                0, before - len(exported)
            )
            export(place, form, file)  # what came in meanwhile
            rest = positions(file)
            wrong += abs(place.placed() - len(rest)) + len(rest) - len(set(rest))
            TARGETS.append(Target(f"{place.name}, {form}: orders that are missing or there twice", wrong, 0, 0))
            rows.append(
                (
                    f"{place.name}, {form}",
                    f"{len(exported):,}",
                    f"{seconds:.2f}",
                    f"{len(exported) / seconds:,.0f}",
                    f"{file.stat().st_size / 1e6:.1f}",
                    str(meanwhile),
                )
            )
    heads = ("", "orders", "seconds", "a second", "MB", "placed meanwhile")
    print_table("`python -m app orders export --to`, its start included, while orders are placed", heads, rows)


def export(place: Place, form: str, file: Path) -> float:
    """Run the command; return how many seconds it took."""
    command = (sys.executable, "-m", "app", "orders", "export", "--format", form, "--to", str(file))
    started = time.perf_counter()
    subprocess.run(
        command, check=True, cwd=ROOT, env={**os.environ, "KEEPCART_ORDERS__URL": place.url}, capture_output=True
    )
    return time.perf_counter() - started


@contextmanager
def buying(place: Place) -> Iterator[None]:
    """Place orders one after another, in a thread, for as long as the block takes."""
    over = threading.Event()
    failures: list[BaseException] = []

    def buy() -> None:
        try:
            while not over.is_set():
                place.order()
        except BaseException as failure:  # noqa: BLE001 - whatever it is, the benchmark must fail with it
            failures.append(failure)

    thread = threading.Thread(target=buy)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    if failures:
        raise failures[0]


def positions_in_objects(file: Path) -> list[int]:
    """Return the positions of the orders in an export as JSON Lines."""
    return [json.loads(line)["position"] for line in file.read_text(encoding="utf-8").splitlines()]


def positions_in_rows(file: Path) -> list[int]:
    """Return the positions of the orders in an export as CSV, each once for all of its rows."""
    with file.open(encoding="utf-8", newline="") as text:
        return [int(row["position"]) for row in csv.DictReader(text) if row["line"] == "1"]


# The shop's pages


def measure_pages(folder: Path) -> None:
    """Compare two stores on one Redis, act by act: one that takes orders, with a ledger, and one that takes none."""
    ours = folder / "pages.db"
    with ExitStack() as ending:
        server = ending.enter_context(redis_server(folder / "redis"))
        with closing(Database(f"sqlite:///{ours}", folder)) as database:
            Place("", "", database).order()
        left = ending.enter_context(store(folder, server.url, KEEPCART_ORDERS__ENABLED="false"))
        right = ending.enter_context(store(folder, server.url, KEEPCART_ORDERS__URL=f"sqlite:///{ours}"))
        shops = (left, right)
        for shop in shops:
            for _ in range(5):
                load(shop)  # not counted: imports, caches
        pages = {shop.url: ending.enter_context(OpenPage(shop.url)) for shop in shops}
        acts: Mapping[str, tuple[int, Callable[[Store], object]]] = {
            "a run of the shop page": (ROUNDS, lambda shop: pages[shop.url].rerun()),
            "an add on it": (ROUNDS, lambda shop: pages[shop.url].press("add-MOUSE")),
            "a page load": (LOADS, load),
        }
        rows = [compared(name, shops, rounds, act) for name, (rounds, act) in acts.items()]
        idle = [processor_of(shop, lambda _: time.sleep(IDLE_SECONDS)) / IDLE_SECONDS for shop in shops]
    rows.append(("a second in which nobody comes", *(f"{one:.1f}" for one in idle), ""))
    print_table("Processor time of the store, ms, medians", ("", "without orders", "with orders", "ratio"), rows)


def load(shop: Store) -> None:
    """Load the shop page as a new visitor."""
    with OpenPage(shop.url):
        pass


def compared(name: str, shops: Sequence[Store], rounds: int, act: Callable[[Store], object]) -> tuple[str, ...]:
    """Let two stores take turns at an act; return the row, and judge the second one."""
    turns = []
    for number in range(rounds):
        order = shops if number % 2 else shops[::-1]
        costs = {shop.url: processor_of(shop, act) for shop in order}
        turns.append([costs[shop.url] for shop in shops])
    medians = [statistics.median(column) for column in zip(*turns, strict=True)]
    ratio = medians[1] / medians[0]
    TARGETS.append(Target(f"{name}, of one without orders", ratio, DEARER))
    return (name, *(f"{one:.2f}" for one in medians), f"{ratio:.3f}")


def processor_of(shop: Store, act: Callable[[Store], Any]) -> float:
    """Return the processor time that a store uses for an act, in milliseconds."""
    before = processor_seconds(shop.pid)
    act(shop)
    time.sleep(0.01)  # what it still has to do afterwards
    return (processor_seconds(shop.pid) - before) * 1e3


def main() -> int:
    """Measure everything, print the tables, return the exit status."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with places(folder) as found:
            measure_placing(found)
            measure_export(found, folder)
        measure_pages(folder)
    return judge(TARGETS)


if __name__ == "__main__":
    sys.exit(main())
