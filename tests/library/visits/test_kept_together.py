"""Two tabs that change one kept value at the same moment, in one process and in two: a merge loses neither's act."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from keepcart import Keeper, Kept, Visit
from testbed.switchable import Switchable

ME = "m" * 43
COUNT = Kept("count", int, default=0, merge=lambda base, mine, theirs: theirs + mine - base)
TOWN = Kept("town", str, default="")

Process = Callable[[], Visit]


@pytest.fixture
def process(storage: Switchable) -> Callable[[], Process]:
    """Give a function that starts one more process; calling what it returns opens a tab there, in its first run."""

    def start() -> Process:
        keeper = Keeper(storage, keep_seconds=60)

        def open_tab() -> Visit:
            visit = Visit(keeper, ME)
            visit.begin_run()
            return visit

        return open_tab

    return start


def increment(visit: Visit) -> None:
    visit.put(COUNT, visit.get(COUNT) + 1)


@pytest.mark.parametrize("processes", [1, 2])
def test_two_tabs_that_take_the_same_step_at_once_take_two(process: Callable[[], Process], processes: int) -> None:
    one = process()
    other = one if processes == 1 else process()
    left, right = one(), other()
    assert left.get(COUNT) == right.get(COUNT) == 0  # both runs have read before either changes anything
    increment(left)
    increment(right)
    left.complete_run()
    right.complete_run()
    assert process()().get(COUNT) == 2


def test_two_tabs_of_a_process_that_take_different_steps_at_once_take_both(process: Callable[[], Process]) -> None:
    open_tab = process()
    left, right = open_tab(), open_tab()
    assert left.get(COUNT) == right.get(COUNT) == 0
    increment(left)
    right.put(COUNT, right.get(COUNT) + 10)
    left.complete_run()
    right.complete_run()
    assert process()().get(COUNT) == 11


def test_steps_that_wait_are_each_counted_once_whatever_another_process_did_between_them(
    process: Callable[[], Process], storage: Switchable
) -> None:
    here, there = process()(), process()()
    there.put(COUNT, 5)
    storage.refuses_writes = True
    for _ in range(2):  # storage may have seen the first; the second can be joined with what follows
        increment(here)
        here.complete_run()
    storage.refuses_writes = False
    there.complete_run()
    here.look_again()
    here.begin_run()
    assert here.get(COUNT) == 7
    increment(here)
    here.documents["kept"].send(probe=True)
    assert process()().get(COUNT) == 8


def test_without_a_merge_the_later_save_of_two_tabs_wins_also_in_one_process(process: Callable[[], Process]) -> None:
    open_tab = process()
    left, right = open_tab(), open_tab()
    assert left.get(TOWN) == right.get(TOWN)
    left.put(TOWN, "Pune")
    right.put(TOWN, "Goa")
    left.complete_run()
    right.complete_run()
    assert process()().get(TOWN) == "Goa"


def test_a_callback_may_have_the_definition_of_the_run_before_an_interrupted_one(
    process: Callable[[], Process],
) -> None:
    def define() -> Kept[int]:  # as each run of a script does that defines its values itself
        return Kept("count", int, default=0)

    drawn, interrupted = define(), define()
    visit = process()()
    visit.put(drawn, 1)
    visit.complete_run()
    visit.begin_run()
    assert visit.get(interrupted) == 1
    visit.put(drawn, visit.get(drawn) + 1)
    assert visit.get(interrupted) == 2
