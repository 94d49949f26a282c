"""Any history of acts on cart, setups and what is saved for later, and of faults, ends as a list of the acts says.

As `test_histories.py`, with everything that lies beside the cart. What each act does is told again here, on lists.
A move never changes how many pieces there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import chain, count
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from app.domain.cart import (
    CART,
    LATER,
    Act,
    Cart,
    Deleted,
    Line,
    Moved,
    Resized,
    Taken,
    Used,
    contents,
    fingerprint,
)
from app.domain.changes import Add, Change, Clear, Move, Remove, SetQuantity
from app.domain.setups import AddAll, Delete, Keep, Rename, Use
from app.domain.undo import Undo
from keepcart import Refused
from tests.faults.test_histories import CART as CART_DOCUMENT
from tests.faults.test_histories import LIMITS, History, Process, which

Pairs = list[tuple[str, int]]
MADE = ("made01", "made02", "made03")
LINES = (Line("LAPTOP", 2, 5), Line("DESK", 1, 5))


class Reference:
    """Cart, saved for later and setups as lists of pairs, and the acts that can be undone, newest last."""

    def __init__(self) -> None:
        self.at: dict[str, Pairs] = {CART: [], LATER: []}
        self.names: dict[str, str] = {}
        self.trail: list[Act] = []

    @property
    def pieces(self) -> Counter[str]:
        """All pieces, wherever they are."""
        found: Counter[str] = Counter()
        for pairs in self.at.values():
            for sku, quantity in pairs:
                found[sku] += quantity
        return found

    def put(self, place: str, sku: str, quantity: int, position: int | None = None) -> None:
        pairs = self.at[place]
        for index, (there, present) in enumerate(pairs):
            if there == sku:
                pairs[index] = (sku, present + quantity)
                return
        pairs.insert(len(pairs) if position is None else position, (sku, quantity))

    def take_out(self, place: str, sku: str) -> None:
        self.at[place] = [pair for pair in self.at[place] if pair[0] != sku]

    def is_as(self, before: Cart, after: Cart, change: Change) -> None:
        """Carry an act out, of which the trail of the cart tells what it was."""
        new = after.trail[-1] if after.trail != before.trail and not isinstance(change, Undo) else None
        _ACTS[type(change)](self, change)
        if new is not None:
            self.trail = [*self.trail, new][-5:]

    def add(self, change: Any) -> None:
        if change.place in self.at:
            self.put(change.place, change.sku, change.quantity)

    def add_all(self, change: Any) -> None:
        for line in change.lines:
            self.put(CART, line.sku, line.quantity)

    def resize(self, change: Any) -> None:
        pairs = self.at.get(change.place, [])
        pairs[:] = [(sku, change.quantity if sku == change.sku else quantity) for sku, quantity in pairs]

    def remove(self, change: Any) -> None:
        if change.place in self.at:
            self.take_out(change.place, change.sku)

    def clear(self, _change: Any) -> None:
        self.at[CART] = []

    def move(self, change: Any) -> None:
        moved = [pair for pair in self.at.get(change.origin, []) if pair[0] == change.sku]
        if change.origin != change.target and moved:
            self.take_out(change.origin, change.sku)
            self.put(change.target, *moved[0])

    def keep(self, change: Any) -> None:
        if change.id not in self.at:
            self.at[change.id], self.names[change.id] = contents(change.lines), self.free(change.name)

    def free(self, name: str) -> str:
        taken = {one.casefold() for one in self.names.values()}
        numbered = (f"{name} {number}" for number in count(2))
        return next(one for one in chain([name], numbered) if one.casefold() not in taken)

    def rename(self, change: Any) -> None:
        if change.id in self.names:
            self.names[change.id] = ""
            self.names[change.id] = self.free(change.name)

    def delete(self, change: Any) -> None:
        if self.at.pop(change.id, None) is not None:
            del self.names[change.id]

    def use(self, change: Any) -> None:
        wanted = contents(change.lines)
        before = self.at[CART]
        if wanted == before:
            return
        if before and before not in [self.at[one] for one in self.names]:
            self.keep(Keep(change.kept_id, change.kept_name, tuple(Line(*pair, None) for pair in before)))
        self.at[CART] = wanted

    def undo(self, change: Any) -> None:
        act = change.act
        if act not in self.trail:
            return
        del self.trail[len(self.trail) - 1 - self.trail[::-1].index(act)]
        _UNDONE[type(act)](self, act)

    def put_back(self, act: Any) -> None:
        for position, line in act.lines if act.place in self.at else ():
            self.put(act.place, line.sku, line.quantity, position)

    def size_back(self, act: Any) -> None:
        pairs = self.at.get(act.place, [])
        step = act.before - act.after
        pairs[:] = [(sku, max(1, quantity + step) if sku == act.sku else quantity) for sku, quantity in pairs]

    def move_back(self, act: Any) -> None:
        there = dict(self.at.get(act.target, [])).get(act.line.sku, 0)
        pieces = min(there, act.line.quantity)
        if pieces and act.origin in self.at:
            pairs = self.at[act.target]
            pairs[:] = [(sku, left) for sku, left in _less(pairs, act.line.sku, pieces) if left]
            self.put(act.origin, act.line.sku, pieces, act.position)

    def bring_back(self, act: Any) -> None:
        setup = act.setup
        names = list(self.names.items())
        names.insert(act.position, (setup.id, self.free(setup.name)))
        self.at[setup.id], self.names = contents(setup.lines), dict(names)

    def use_again(self, act: Any) -> None:
        self.at[CART] = list(self.at[act.kept]) if act.kept else []
        if act.is_made:
            self.delete(Delete(act.kept))


def _less(pairs: Pairs, sku: str, pieces: int) -> Pairs:
    return [(one, quantity - pieces if one == sku else quantity) for one, quantity in pairs]


_ACTS: dict[type, Callable[[Reference, Any], None]] = {
    Add: Reference.add,
    AddAll: Reference.add_all,
    SetQuantity: Reference.resize,
    Remove: Reference.remove,
    Clear: Reference.clear,
    Move: Reference.move,
    Keep: Reference.keep,
    Rename: Reference.rename,
    Delete: Reference.delete,
    Use: Reference.use,
    Undo: Reference.undo,
}
_UNDONE: dict[type, Callable[[Reference, Any], None]] = {
    Taken: Reference.put_back,
    Resized: Reference.size_back,
    Moved: Reference.move_back,
    Deleted: Reference.bring_back,
    Used: Reference.use_again,
}

skus = st.sampled_from(["LAPTOP", "MOUSE", "DESK"])
made = st.sampled_from(MADE)
places = st.sampled_from([CART, LATER, *MADE])
beside = st.sampled_from([CART, LATER])
numbers = count()
own_id = st.builds(lambda: f"u{next(numbers) % 36**5:05d}"[:6])
changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(Add, skus, st.integers(1, 3), st.just(5), st.none(), places),
    st.builds(Add, skus, st.integers(1, 3), st.just(5)),
    st.builds(AddAll, st.just(LINES)),
    st.builds(SetQuantity, skus, st.integers(1, 9), st.none(), places),
    st.builds(Remove, skus, places),
    st.just(Clear()),
    st.builds(Move, skus, beside, beside),
    st.builds(Move, skus, places, places),
    st.builds(Keep, made, st.sampled_from(["Desk", "desk", "Sofa"]), st.sampled_from([(), LINES])),
    st.builds(Rename, made, st.sampled_from(["Desk", "Chair"])),
    st.builds(Delete, made),
    st.builds(Use, st.sampled_from([LINES, LINES[:1]]), own_id, st.just("Before")),
)


class SetupHistory(History):
    """The same faults, and acts on everything."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: set[str] = set()
        self._reference, self._cart, self._taken = Reference(), Cart(), 0

    def act(self, process: Process, change: Change) -> None:
        page = process.page
        mark = page._waiting.next_mark
        self.acts[mark] = change
        try:
            page.change(change)
        except Refused:
            if mark not in self.shelf.marks:
                self.refused.add(mark)
            return
        if page.saved:
            self.acknowledged.add(mark)

    @rule(number=which, change=changes)
    def a_shopper_acts(self, number: int, change: Change) -> None:
        self.act(self.process(number), change)

    @rule(number=which, other=which, change=changes)
    def another_process_is_faster_than_the_next_save(self, number: int, other: int, change: Change) -> None:
        process, faster = self.process(number), self.process(other)

        def act() -> None:
            if faster in self.processes:
                self.act(faster, change)

        if process is not faster and not process.line.faster and not faster.line.faster:
            process.line.faster.append(act)

    @invariant()
    def the_stored_cart_is_the_reference(self) -> None:
        stored = CART_DOCUMENT.decode(self.shelf.record.body) if self.shelf.record else Cart()
        reference, _ = self.told()
        assert contents(stored.lines) == reference.at[CART]
        assert contents(stored.later) == reference.at[LATER]
        assert [(setup.id, setup.name, contents(setup.lines)) for setup in stored.setups] == [
            (one, name, reference.at[one]) for one, name in reference.names.items()
        ]
        assert list(stored.trail) == reference.trail

    def told(self) -> tuple[Reference, Cart]:
        """Return what the acts that storage took have come to, told by the reference and by the shop."""
        reference, cart = self._reference, self._cart
        for mark in self.shelf.marks[self._taken :]:
            change = self.acts[mark]
            before = reference.pieces
            after = change.apply(cart, LIMITS)
            reference.is_as(cart, after, change)
            if isinstance(change, Move) or (isinstance(change, Undo) and isinstance(change.act, Moved)):
                assert reference.pieces == before
            cart = after
        self._cart, self._taken = cart, len(self.shelf.marks)
        return reference, cart

    def expected(self) -> Any:
        """Return the lines of the cart, for the rules of `History`."""
        reference, _ = self.told()
        return type("Expected", (), {"lines": reference.at[CART], "trail": reference.trail})

    def teardown(self) -> None:
        """Storage is well again for everybody, and everything that waited is saved or was said to be refused."""
        for process in self.processes:
            process.line.mend()
        for process in self.processes:
            assert process.keeper.backlog.try_again()
            assert process.page.saved or not process.page.read
        self.nothing_is_doubled_and_nothing_acknowledged_is_missing()
        self.the_stored_cart_is_the_reference()
        missing = self.acts.keys() - self.lost - self.refused - set(self.shelf.marks)
        assert len(missing) <= sum(len(process.page.given_up()) for process in self.processes)
        assert fingerprint(Process(self.shelf).page.value.lines) == fingerprint(
            Line(*pair, None) for pair in self.told()[0].at[CART]
        )


TestSetupHistories = SetupHistory.TestCase
TestSetupHistories.settings = settings(max_examples=100, stateful_step_count=50, deadline=None, derandomize=True)


@pytest.mark.long
class TestManySetupHistories(TestSetupHistories):  # type: ignore[valid-type, misc]
    """Other histories each time: 10,000 steps many times over."""

    settings = settings(max_examples=1_000, stateful_step_count=50, deadline=None)
