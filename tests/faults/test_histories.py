"""Any history of acts and faults ends in the same cart: every act that was not lost with its process counts once.

One visitor in several processes, each with its own line to one storage. Lines fall silent, lose replies, are refused;
processes are killed; whoever is about to save may find that another was faster. Acts that do not commute (a quantity, a
clearing) count in the order in which storage took them, which is what the reference follows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.domain.cart import Act, Cart, Limits, Resized, Taken, contents
from app.domain.cart_document import cart_document
from app.domain.changes import Add, Change, Clear, Remove, SetQuantity
from app.domain.undo import Undo
from keepcart import Held, Keeper
from keepcart.backends.record import MAX_WRITERS
from testbed.shelf import Line, Shelf, Threadless

LIMITS = Limits(max_quantity=1_000_000, max_lines=9)
CART = cart_document(LIMITS)
SKUS = ("LAPTOP", "MOUSE", "DESK")
MOST_PROCESSES = 3


class Process:
    """One server process with the visitor's page open in it."""

    def __init__(self, shelf: Shelf) -> None:
        self.line = Line(shelf)
        self.keeper = Keeper(self.line, keep_seconds=60, backlog=Threadless)
        self.page = self.load()

    def load(self) -> Held[Cart, Change]:
        held = self.keeper.hold("visitor", CART)
        held.load(renew=True)
        return held


class Reference:
    """The cart as a list of pairs, and what was done to it last."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, int]] = []
        self.trail: list[tuple[object, ...]] = []

    def take(self, change: Change) -> None:
        """Carry an act out."""
        quantities = dict(self.lines)
        if isinstance(change, Add):
            quantities[change.sku] = quantities.get(change.sku, 0) + change.quantity
        elif isinstance(change, SetQuantity):
            before = quantities.get(change.sku)
            if before is not None and before != change.quantity:
                quantities[change.sku] = change.quantity
                self._remember("resized", change.sku, before, change.quantity)
        elif isinstance(change, Undo):
            self._undo(change.act)
            return
        else:
            self._drop(quantities if isinstance(change, Clear) else [getattr(change, "sku", "")])
            return
        self.lines = list(quantities.items())

    def _drop(self, skus: Iterable[str]) -> None:
        taken = [(place, *line) for place, line in enumerate(self.lines) if line[0] in skus]
        if taken:
            self.lines = [line for line in self.lines if line[0] not in skus]
            self._remember("taken", *taken)

    def _undo(self, act: Act) -> None:
        done = as_pairs(act)
        if done not in self.trail:
            return
        del self.trail[len(self.trail) - 1 - self.trail[::-1].index(done)]
        quantities = dict(self.lines)
        assert isinstance(act, Taken | Resized)
        if isinstance(act, Resized):
            if act.sku in quantities:
                quantities[act.sku] = max(1, quantities[act.sku] + act.before - act.after)
            self.lines = list(quantities.items())
            return
        for place, line in act.lines:
            found = [index for index, (sku, _) in enumerate(self.lines) if sku == line.sku]
            if found:
                self.lines[found[0]] = (line.sku, self.lines[found[0]][1] + line.quantity)
            else:
                self.lines.insert(place, (line.sku, line.quantity))

    def _remember(self, *act: object) -> None:
        self.trail = [*self.trail, act][-5:]


def as_pairs(act: Act) -> tuple[object, ...]:
    """Return an act as the reference notes it."""
    if isinstance(act, Taken):
        return ("taken", *((place, line.sku, line.quantity) for place, line in act.lines))
    assert isinstance(act, Resized)
    return ("resized", act.sku, act.before, act.after)


which = st.integers(0, MOST_PROCESSES - 1)
skus = st.sampled_from(SKUS)
changes = st.one_of(
    st.builds(Add, skus, st.integers(1, 3), st.just(5)),
    st.builds(Add, skus, st.integers(1, 3), st.just(5)),
    st.builds(SetQuantity, skus, st.integers(1, 9)),
    st.builds(Remove, skus),
    st.just(Clear()),
)


class History(RuleBasedStateMachine):
    """What may happen, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.shelf = Shelf()
        self.processes: list[Process] = []
        self.acts: dict[str, Change] = {}
        self.acknowledged: set[str] = set()
        self.lost: set[str] = set()

    @initialize()
    def begin(self) -> None:
        self.processes = [Process(self.shelf), Process(self.shelf)]

    def process(self, number: int) -> Process:
        return self.processes[number % len(self.processes)]

    def act(self, process: Process, change: Change) -> None:
        page = process.page
        mark = page._waiting.next_mark
        self.acts[mark] = change
        page.change(change)
        if page.saved:
            self.acknowledged.add(mark)

    def writers(self) -> set[str]:
        """Everybody whose marks the record may hold; it keeps those of the last 16 only."""
        return {mark[:6] for mark in self.acts} | {process.page._waiting.next_mark[:6] for process in self.processes}

    @rule(number=which, change=changes)
    def a_shopper_acts(self, number: int, change: Change) -> None:
        process = self.process(number)
        before = dict(contents(process.page.value.lines)).get(getattr(change, "sku", ""), 0)
        self.act(process, change)
        if isinstance(change, Add) and not process.page.saved:
            assert dict(contents(process.page.value.lines))[change.sku] == before + change.quantity

    @rule(number=which)
    def a_shopper_takes_the_newest_act_back(self, number: int) -> None:
        process = self.process(number)
        if trail := process.page.value.trail:
            self.act(process, Undo(trail[-1]))

    @rule(number=which, other=which, change=changes)
    def another_process_is_faster_than_the_next_save(self, number: int, other: int, change: Change) -> None:
        process, faster = self.process(number), self.process(other)

        def act() -> None:
            if faster in self.processes:
                self.act(faster, change)

        if process is not faster and not process.line.faster and not faster.line.faster:
            process.line.faster.append(act)

    @precondition(lambda self: len(self.writers()) < MAX_WRITERS)
    @rule(number=which)
    def a_page_is_loaded_again(self, number: int) -> None:
        process = self.process(number)
        del process.page
        process.page = process.load()
        if process.page.saved and not process.line.off:
            assert contents(process.page.value.lines) == self.expected().lines

    @rule(number=which, fault=st.sampled_from(["off", "refuses_writes", "loses_replies"]))
    def a_line_goes_bad(self, number: int, fault: str) -> None:
        setattr(self.process(number).line, fault, True)

    @rule(fault=st.sampled_from(["off", "refuses_writes", "loses_replies"]))
    def storage_goes_bad(self, fault: str) -> None:
        for process in self.processes:
            setattr(process.line, fault, True)

    @rule(number=which)
    def a_line_is_mended(self, number: int) -> None:
        self.process(number).line.mend()

    @rule(number=which)
    def a_process_looks_whether_storage_is_back(self, number: int) -> None:
        self.process(number).keeper.backlog.try_again()

    @precondition(lambda self: len(self.processes) > 1)
    @rule(number=which)
    def a_process_is_killed(self, number: int) -> None:
        killed = self.process(number)
        self.lost |= set(killed.page._waiting.marks)
        killed.line.faster.clear()
        self.processes.remove(killed)

    @precondition(lambda self: len(self.processes) < MOST_PROCESSES and len(self.writers()) < MAX_WRITERS)
    @rule()
    def a_process_begins(self) -> None:
        self.processes.append(Process(self.shelf))

    @invariant()
    def nothing_is_doubled_and_nothing_acknowledged_is_missing(self) -> None:
        taken = Counter(self.shelf.marks)
        assert all(times == 1 for times in taken.values())
        assert self.acknowledged <= taken.keys()

    @invariant()
    def the_stored_cart_is_the_reference(self) -> None:
        stored = CART.decode(self.shelf.record.body) if self.shelf.record else Cart()
        expected = self.expected()
        assert contents(stored.lines) == expected.lines
        assert [as_pairs(act) for act in stored.trail] == expected.trail

    def expected(self) -> Reference:
        reference = Reference()
        for mark in self.shelf.marks:
            reference.take(self.acts[mark])
        return reference

    def teardown(self) -> None:
        """Storage is well again for everybody, and everything that waited is saved."""
        for process in self.processes:
            process.line.mend()
        for process in self.processes:
            assert process.keeper.backlog.try_again()
            assert process.page.saved or not process.page.read
        self.nothing_is_doubled_and_nothing_acknowledged_is_missing()
        self.the_stored_cart_is_the_reference()
        assert self.acts.keys() - self.lost <= set(self.shelf.marks)
        assert contents(Process(self.shelf).page.value.lines) == self.expected().lines


TestHistories = History.TestCase
TestHistories.settings = settings(max_examples=100, stateful_step_count=50, deadline=None, derandomize=True)


@pytest.mark.long
class TestManyHistories(TestHistories):  # type: ignore[valid-type, misc]
    """Other histories each time."""

    settings = settings(max_examples=3_000, stateful_step_count=50, deadline=None)
