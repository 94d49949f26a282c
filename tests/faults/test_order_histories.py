"""Any history of carts, orders and faults ends with every piece in the cart or in one order, and none in both.

One shopper in several processes, with her cart and her checkout in one storage and the orders in one database. Lines
fall silent and lose replies, the database goes away before or after it has committed, and a process dies at any
boundary of any step: before or after each save, before or after each transaction.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Connection

from app.domain.cart import Cart
from app.domain.cart_document import cart_document
from app.domain.changes import Add
from app.domain.order import Order
from app.domain.ordering import MOST_ORDERED
from app.orders import ledger, records
from app.orders.database import Database
from app.orders.errors import OrdersAway
from keepcart import Keeper, owner_of_browser
from keepcart.backends import Outcome, Record
from testbed.memory import Memory
from testbed.shelf import Threadless
from testbed.switchable import Switchable
from tests.orders.buying import WithoutStreamlit, checkout_of, fill_in, product, shop_of

ASHA = owner_of_browser("a" * 43)
STOCK = 9
SHOP = shop_of(product("LAPTOP", stock=STOCK), product("MOUSE"))
CART = cart_document(SHOP.limits)
SKUS = ("LAPTOP", "MOUSE")
BOUNDARIES = 16
"""More than the steps of placing an order have."""


class Died(BaseException):
    """The process is no more. Nothing in it runs on, so nothing may catch this."""


class Fuse:
    """Lets a process die at a boundary, or another one be faster there."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.faster: tuple[int, Callable[[], object]] | None = None

    def boundary(self) -> None:
        if self.faster is not None:
            steps, act = self.faster
            self.faster = None if steps == 0 else (steps - 1, act)
            if steps == 0:
                act()
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Died


class Line(Switchable):
    """The way of a process to the storage."""

    def __init__(self, inner: Memory, fuse: Fuse) -> None:
        super().__init__(inner)
        self._fuse = fuse

    def save(self, owner: str, name: str, record: Record, *, replaces: str | None, age: float = 0.0) -> Outcome:
        self._fuse.boundary()
        try:
            return super().save(owner, name, record, replaces=replaces, age=age)
        finally:
            self._fuse.boundary()


class FaultyDatabase(Database):
    """The orders' database as one process reaches it."""

    def __init__(self, file: Path, fuse: Fuse) -> None:
        super().__init__(f"sqlite:///{file}", file.parent)
        self._fuse = fuse
        self.is_off = self.loses_replies = False

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        self._fuse.boundary()
        if self.is_off:
            raise OrdersAway("switched off")
        with super().writing() as connection:
            yield connection
        self._fuse.boundary()
        if self.loses_replies:
            raise OrdersAway("the reply was lost")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        if self.is_off:
            raise OrdersAway("switched off")
        with super().reading() as connection:
            yield connection


class Process:
    """A server process with the shopper's page open in it."""

    def __init__(self, memory: Memory, file: Path) -> None:
        self.fuse = Fuse()
        self.line = Line(memory, self.fuse)
        self.database = FaultyDatabase(file, self.fuse)
        self.keeper = Keeper(self.line, keep_seconds=60, backlog=Threadless)
        self.checkout = checkout_of(WithoutStreamlit(self.keeper, ASHA, SHOP), self.database)

    @property
    def cart(self) -> Any:
        return self.checkout.shopping.document

    def mend(self) -> None:
        self.line.off = self.line.loses_replies = False
        self.database.is_off = self.database.loses_replies = False
        assert self.keeper.backlog.try_again()
        self.cart.load()
        self.checkout.document.load()


which = st.integers(0, 2)
faults = st.sampled_from(["", "", "line.off", "line.loses_replies", "database.is_off", "database.loses_replies"])
dying = st.one_of(st.none(), st.integers(0, BOUNDARIES))


class OrderHistory(RuleBasedStateMachine):
    """What may happen, in any order."""

    template: Path | None = None

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory()
        self.folder = Path(tempfile.mkdtemp())
        self.file = self.folder / "orders.db"
        self.processes: list[Process] = []
        self.added: Counter[str] = Counter()
        self.acknowledged: set[str] = set()

    @initialize()
    def begin(self) -> None:
        if OrderHistory.template is None:
            template = Path(tempfile.mkdtemp()) / "orders.db"
            made = Database(f"sqlite:///{template}", template.parent)
            made.bring_up_to_date()
            made.close()
            OrderHistory.template = template
        shutil.copy(OrderHistory.template, self.file)
        self.reader = Database(f"sqlite:///{self.file}", self.folder)
        self.processes = [self.new_process(), self.new_process()]

    def new_process(self) -> Process:
        return Process(self.memory, self.file)

    def process(self, number: int) -> Process:
        return self.processes[number % len(self.processes)]

    def living(self, process: Process, dies_after: int | None, act: Any) -> Any:
        """Let a process act; where it dies, another one takes its place."""
        process.fuse.left = dies_after
        try:
            return act()
        except Died:
            process.database.close()
            self.processes[self.processes.index(process)] = self.new_process()
            return None
        finally:
            process.fuse.left = process.fuse.faster = None

    @rule(number=which, sku=st.sampled_from(SKUS), quantity=st.integers(1, 3))
    def she_adds(self, number: int, sku: str, quantity: int) -> None:
        process = self.process(number)
        process.mend()
        process.cart.change(Add(sku, quantity, 10_000))
        assert process.cart.saved
        self.added[sku] += quantity

    @rule(number=which, dies_after=dying, fault=faults, adds=st.booleans())
    def she_places_her_order(self, number: int, dies_after: int | None, fault: str, adds: bool) -> None:  # noqa: FBT001
        process = self.process(number)
        if adds or not process.checkout.draft.id or not process.cart.value.lines:
            self.she_adds(number, "MOUSE", 1)
            fill_in(process.checkout)
        purchase = process.checkout.purchase()
        if purchase is None:
            return
        with self.at_fault(process, fault):
            order = self.living(process, dies_after, lambda: process.checkout.place(purchase.digest))
        if order is not None:
            assert order.purchase.costs == purchase.costs
            self.acknowledged.add(order.number)

    @contextmanager
    def at_fault(self, process: Process, fault: str) -> Iterator[None]:
        """Let a process have a fault for a while. What waits then goes on waiting."""
        where, _, what = fault.partition(".")
        part = getattr(process, where, None)
        if part is not None:
            setattr(part, what, True)
        yield
        if part is not None:
            setattr(part, what, False)

    @rule(number=which, digest=st.sampled_from(["0" * 14, "1" * 14]))
    def she_clicks_on_a_page_that_shows_something_else(self, number: int, digest: str) -> None:
        assert self.living(self.process(number), None, lambda: self.process(number).checkout.place(digest)) is None

    @rule(number=which, dies_after=dying, fault=faults)
    def she_comes_back(self, number: int, dies_after: int | None, fault: str) -> None:
        process = self.process(number)

        def visit() -> None:
            process.cart.load()
            process.checkout.document.load()
            process.checkout.resume()
            process.checkout.resume_lost()

        with self.at_fault(process, fault):
            self.living(process, dies_after, visit)

    @rule(number=which, other=which, steps=st.integers(0, BOUNDARIES), places=st.booleans())
    def another_process_acts_while_she_places_her_order(
        self,
        number: int,
        other: int,
        steps: int,
        places: bool,  # noqa: FBT001
    ) -> None:
        faster = self.process(other)
        if faster is self.process(number):
            return

        def act() -> None:
            if faster in self.processes and places:
                self.she_places_her_order(self.processes.index(faster), None, "", adds=False)
            elif faster in self.processes:
                self.she_comes_back(self.processes.index(faster), None, "")

        self.process(number).fuse.faster = steps, act
        self.she_places_her_order(number, None, "", adds=True)

    @rule(number=which)
    def a_process_is_killed(self, number: int) -> None:
        process = self.process(number)
        process.database.close()
        self.processes[self.processes.index(process)] = self.new_process()

    @precondition(lambda self: len(self.processes) < 3)
    @rule()
    def another_process_starts(self) -> None:
        self.processes.append(self.new_process())

    @invariant()
    def every_piece_is_in_the_cart_or_in_one_order(self) -> None:
        if not self.processes:
            return
        cart = self.stored()
        orders = self.orders()
        pieces = Counter({line.sku: line.quantity for line in cart.lines})
        taken = self.taken_out(cart, orders)
        for order in taken:
            pieces.update(dict(order.pieces))
        assert pieces == self.added
        assert len(orders) - len(taken) <= 1

    def taken_out(self, cart: Cart, orders: list[Order]) -> list[Order]:
        """Return the orders that the cart remembers, and those before, which it has remembered."""
        remembered = [order.position for order in orders if order.attempt in cart.ordered]
        first = min(remembered) if len(remembered) == MOST_ORDERED else 0
        return [order for order in orders if order.position < first or order.position in remembered]

    @invariant()
    def nothing_is_oversold_and_nothing_acknowledged_is_missing(self) -> None:
        if not self.processes:
            return
        orders = self.orders()
        sold = Counter[str]()
        for order in orders:
            sold.update(dict(order.pieces))
        left = self.look(ledger.levels).get("LAPTOP", STOCK)
        assert 0 <= left == STOCK - sold["LAPTOP"]
        assert self.acknowledged <= {order.number for order in orders}
        assert len({order.attempt for order in orders}) == len(orders)
        assert [order.position for order in orders] == list(range(1, len(orders) + 1))

    def stored(self) -> Cart:
        record = self.memory.records.get((ASHA.key, "cart"))
        return CART.decode(record.body) if record else Cart()

    def look(self, question: Any, *arguments: Any) -> Any:
        """Ask the database as it is, whatever the processes' ways to it are."""
        return question(self.reader, *arguments)

    def orders(self) -> Any:
        return self.look(records.after, 0, 1_000)

    def teardown(self) -> None:
        """All is well again, and she comes back: nothing is half done any more."""
        if self.processes:
            for process in self.processes:
                process.mend()
            last = self.new_process()
            last.checkout.resume()
            last.checkout.resume_lost()
            assert self.stored().placing is None
            assert self.look(records.not_taken_out, ASHA.key) == []
            self.every_piece_is_in_the_cart_or_in_one_order()
            self.nothing_is_oversold_and_nothing_acknowledged_is_missing()
            self.she_can_order_again(last)
            assert {order.attempt for order in self.orders()} <= set(self.stored().ordered) | {
                order.attempt for order in self.orders()[:-16]
            }
            for database in (self.reader, last.database, *(process.database for process in self.processes)):
                database.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def she_can_order_again(self, process: Process) -> None:
        """Whatever happened, what is in the cart can be ordered, as far as there is stock; once refused, then done."""
        left = self.look(ledger.levels).get("LAPTOP", STOCK)
        lines = {line.sku: line.quantity for line in self.stored().lines}
        if lines and lines.get("LAPTOP", 0) <= left:
            fill_in(process.checkout)
            tries = (process.checkout.purchase() for _ in range(2))
            assert any(process.checkout.place(purchase.digest) for purchase in tries if purchase)


TestOrderHistories = OrderHistory.TestCase
TestOrderHistories.settings = settings(max_examples=15, stateful_step_count=25, deadline=None, derandomize=True)


@pytest.mark.long
class TestManyOrderHistories(TestOrderHistories):  # type: ignore[valid-type, misc]
    """Other histories each time."""

    settings = settings(max_examples=10_000, stateful_step_count=30, deadline=None)
