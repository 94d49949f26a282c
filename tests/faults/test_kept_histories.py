"""Any history of writes to kept values, lost replies and outages ends with every step counted once."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from keepcart import Keeper, Kept, Visit
from testbed.shelf import Line, Shelf, Threadless

TABS = 3
COUNT = Kept("count", int, default=0, merge=lambda base, mine, theirs: theirs + mine - base)
WORD = Kept("word", str, default="")
tabs = st.integers(0, TABS - 1)


class KeptHistories(RuleBasedStateMachine):
    """One visitor in several processes; each has its own line to one storage."""

    @initialize()
    def begin(self) -> None:
        """Open a tab in each process."""
        self.shelf = Shelf()
        self.lines = [Line(self.shelf) for _ in range(TABS)]
        self.keepers = [Keeper(line, keep_seconds=60, backlog=Threadless) for line in self.lines]
        self.visits = [Visit(keeper, "v" * 43) for keeper in self.keepers]
        self.steps = 0
        self.words = {""}
        for visit in self.visits:
            visit.begin_run()
            visit.get(COUNT)

    @rule(tab=tabs, step=st.integers(-3, 3), completes=st.booleans())
    def count(self, tab: int, step: int, *, completes: bool) -> None:
        """Count on, in a run that may be interrupted."""
        visit = self.visits[tab]
        visit.put(COUNT, visit.get(COUNT) + step)
        self.steps += step
        if completes:
            visit.complete_run()
            visit.begin_run()

    @rule(tab=tabs, word=st.text(max_size=5))
    def write(self, tab: int, word: str) -> None:
        """Write a word over whatever is there."""
        self.visits[tab].put(WORD, word)
        self.words.add(word)
        assert self.visits[tab].get(WORD) in self.words

    @rule(tab=tabs)
    def complete(self, tab: int) -> None:
        """Complete a run."""
        self.visits[tab].complete_run()
        self.visits[tab].begin_run()

    @rule(tab=tabs)
    def look_again(self, tab: int) -> None:
        """Learn what others have written."""
        self.visits[tab].look_again()
        self.visits[tab].begin_run()

    @rule(tab=tabs, fault=st.sampled_from(["off", "refuses_writes", "loses_replies"]))
    def break_line(self, tab: int, fault: str) -> None:
        """Let a line fall silent, refuse or lose replies."""
        setattr(self.lines[tab], fault, True)

    @rule(tab=tabs)
    def mend(self, tab: int) -> None:
        """Mend a line; the keeper looks, as it does twice a second."""
        self.lines[tab].mend()
        self.keepers[tab].backlog.try_again()

    @invariant()
    def little_waits(self) -> None:
        """However long an outage lasts, changes are joined."""
        for visit in self.visits if hasattr(self, "visits") else ():
            assert visit.documents["kept"].waiting <= 2

    def teardown(self) -> None:
        """Once all is well again, every step has counted once."""
        if not hasattr(self, "visits"):
            return
        for line in self.lines:
            line.mend()
        for keeper, visit in zip(self.keepers, self.visits, strict=True):
            visit.complete_run()
            keeper.backlog.try_again()
            assert not visit.documents["kept"].waiting
        last = Visit(Keeper(Line(self.shelf), keep_seconds=60, backlog=Threadless), "v" * 43)
        assert last.get(COUNT) == self.steps
        assert last.get(WORD) in self.words


TestKeptHistories = KeptHistories.TestCase
TestKeptHistories.settings = settings(max_examples=60, stateful_step_count=40, deadline=None, derandomize=True)


@pytest.mark.long
class TestManyKeptHistories(TestKeptHistories):  # type: ignore[valid-type, misc]
    """Other histories each time."""

    settings = settings(max_examples=3_000, stateful_step_count=40, deadline=None)
