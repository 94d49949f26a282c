"""What storage has of a tab: it survives a process, moves with a login, and goes when it is to go."""

from __future__ import annotations

from functools import partial

import pytest

from keepcart.documents import VALUES, Keeper, Owner
from keepcart.sessions.content import Ended
from keepcart.sessions.kept_tab import LARGE_BYTES, Hold, KeptTab, State
from keepcart.sessions.tabs import MOST_TABS, TABS
from testbed.switchable import Switchable

LARGE = b"x" * (LARGE_BYTES + 1)
NOTHING = State({}, {}, failed=False, missing=frozenset())


def hold(storage: Switchable, owner: str = "visitor", keeper: Keeper | None = None) -> Hold:
    """Return what gives documents in a process of its own."""
    return partial((keeper or Keeper(storage, keep_seconds=60)).hold, Owner(owner))


def tab(hold: Hold, name: str = "a", like: str = "", before: Hold | None = None) -> KeptTab:
    """Load a tab."""
    opened = KeptTab(name, like, hold, before)
    opened.load()
    return opened


def keys(**stored: bytes) -> State:
    return State(stored, {}, failed=False, missing=frozenset())


def keep(tab: KeptTab, state: State) -> bool:
    """Keep what a run has left, if anything changed."""
    change = tab.change_to(state)
    return change is None or tab.keep(change)


def loaded(storage: Switchable, name: str = "a", like: str = "") -> State:
    """Return what a tab in a new process begins with."""
    storage.off = False
    return KeptTab(name, like, hold(storage)).load()


def test_another_process_loads_what_was_kept(storage: Switchable) -> None:
    state = State({"count": b"3", "table": LARGE}, {"$$ID-1": b"w"}, failed=True, missing=frozenset())
    keep(tab(hold(storage)), state)
    assert loaded(storage) == state


def test_only_what_has_changed_is_written(storage: Switchable) -> None:
    mine = tab(hold(storage))
    keep(mine, keys(count=b"1", table=LARGE))
    del storage.calls[:]
    assert mine.change_to(keys(count=b"1", table=LARGE)) is None
    keep(mine, keys(count=b"2", table=LARGE))
    assert storage.calls == ["save"]


def test_a_page_load_is_one_round_trip_and_one_more_for_all_large_values(storage: Switchable) -> None:
    keep(tab(hold(storage)), keys(count=b"1"))
    keep(tab(hold(storage), "b"), keys(table=LARGE, other=LARGE + b"y"))
    elsewhere = hold(storage)
    values = elsewhere(VALUES)
    del storage.calls[:]
    assert KeptTab("a", "", elsewhere).load((values,)) == keys(count=b"1")
    assert storage.calls == ["renew together"]
    assert values.read
    del storage.calls[:]
    assert KeptTab("b", "", hold(storage)).load() == keys(table=LARGE, other=LARGE + b"y")
    assert storage.calls == ["renew together", "renew together"]


def test_what_is_gone_is_gone(storage: Switchable) -> None:
    mine = tab(hold(storage))
    keep(mine, State({"count": b"1", "table": LARGE}, {"$$ID-1": b"w"}, failed=False, missing=frozenset()))
    keep(mine, NOTHING)
    assert loaded(storage) == NOTHING


def test_a_new_tab_begins_like_the_one_that_was_used_last(storage: Switchable) -> None:
    mine = hold(storage)
    keep(tab(mine, "a"), keys(of=b"a"))
    keep(tab(mine, "b"), keys(of=b"b"))
    assert loaded(storage, "c") == keys(of=b"b")


def test_a_duplicated_tab_begins_like_the_other_one_and_then_goes_its_own_way(storage: Switchable) -> None:
    mine = hold(storage)
    keep(tab(mine, "a"), keys(of=b"a", table=LARGE))
    keep(tab(mine, "b"), keys(of=b"b"))
    copy = KeptTab("c", "a", mine)
    assert copy.load() == keys(of=b"a", table=LARGE)
    keep(copy, keys(of=b"c", table=LARGE))
    assert loaded(storage, "a") == keys(of=b"a", table=LARGE)
    assert loaded(storage, "c") == keys(of=b"c", table=LARGE)


def test_a_large_value_that_came_from_another_tab_is_written_under_the_own_name(storage: Switchable) -> None:
    mine = hold(storage)
    keep(tab(mine, "a"), keys(table=LARGE))
    copy = tab(mine, "b")
    keep(copy, keys(table=LARGE))
    keep(tab(mine, "a"), NOTHING)
    assert loaded(storage, "b") == keys(table=LARGE)


def test_the_tab_that_was_used_least_recently_goes_for_a_new_one(storage: Switchable) -> None:
    mine = hold(storage)
    for number in range(MOST_TABS + 1):
        keep(tab(mine, f"t{number}"), keys(of=str(number).encode(), table=LARGE))
    assert loaded(storage, "t0", like="t0") == NOTHING
    assert loaded(storage, "t1") == keys(of=b"1", table=LARGE)


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_a_tab_that_went_for_newer_ones_and_goes_on_is_kept_whole(storage: Switchable, *, is_elsewhere: bool) -> None:
    mine = hold(storage)
    old = tab(mine, "old")
    keep(old, keys(count=b"1", name=b"x", table=LARGE))
    others = hold(storage) if is_elsewhere else mine
    for number in range(MOST_TABS):
        keep(tab(others, f"t{number}"), keys(of=b"1"))
    goes_on = keys(count=b"2", name=b"x", table=LARGE)
    change = old.change_to(goes_on)
    assert change is not None
    with pytest.raises(Ended):
        old.keep(change)
    assert keep(old, goes_on)
    assert loaded(storage, "old") == goes_on


@pytest.mark.parametrize("is_elsewhere", [False, True])
@pytest.mark.parametrize("after", [keys(count=b"2"), keys(count=b"1")])
def test_the_session_of_a_visitor_who_was_forgotten_is_over(
    storage: Switchable, *, is_elsewhere: bool, after: State
) -> None:
    keeper = Keeper(storage, keep_seconds=60)
    mine = tab(hold(storage, keeper=keeper))
    keep(mine, keys(count=b"1"))
    (Keeper(storage, keep_seconds=60) if is_elsewhere else keeper).forget("visitor")
    if is_elsewhere and after == keys(count=b"1"):
        assert mine.change_to(after) is None, "nothing changed, so nobody was asked"
        return
    assert not keep(mine, after)
    assert loaded(storage) == NOTHING


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_a_forgotten_session_is_over_although_another_tab_has_begun_since(
    storage: Switchable, *, is_elsewhere: bool
) -> None:
    keeper = Keeper(storage, keep_seconds=60)
    mine = tab(hold(storage, keeper=keeper))
    keep(mine, keys(secret=b"1"))
    (Keeper(storage, keep_seconds=60) if is_elsewhere else keeper).forget("visitor")
    keep(tab(hold(storage), "b"), keys(new=b"1"))
    assert not keep(mine, keys(secret=b"1", count=b"2"))
    assert loaded(storage, like="a") == NOTHING


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_a_session_that_was_forgotten_before_its_page_connects_again_is_over(
    storage: Switchable, *, is_elsewhere: bool
) -> None:
    keeper = Keeper(storage, keep_seconds=60)
    before = tab(hold(storage, keeper=keeper))
    keep(before, keys(secret=b"1"))
    (Keeper(storage, keep_seconds=60) if is_elsewhere else keeper).forget("visitor")
    assert tab(hold(storage, keeper=keeper)).is_behind


def test_after_it_was_forgotten_a_session_is_kept_again(storage: Switchable) -> None:
    keeper = Keeper(storage, keep_seconds=60)
    mine = tab(hold(storage, keeper=keeper))
    keep(mine, keys(count=b"1", old=b"1"))
    keeper.forget("visitor")
    keep(mine, keys(count=b"2"))
    assert keep(mine, keys(new=b"3"))
    assert loaded(storage) == keys(new=b"3")


def test_all_tabs_of_a_visitor_who_was_forgotten_elsewhere_and_went_on_are_kept(storage: Switchable) -> None:
    mine = hold(storage)
    a, b = tab(mine, "a"), tab(mine, "b")
    for opened in (a, b):
        keep(opened, keys(of=b"old"))
    Keeper(storage, keep_seconds=60).forget("visitor")
    for opened, name in ((b, b"b"), (a, b"a")):
        assert not keep(opened, keys(of=b"typed"))
        keep(opened, keys(of=name))
    assert loaded(storage, "a") == keys(of=b"a")
    assert loaded(storage, "b") == keys(of=b"b")
    names = hold(storage)(TABS)
    names.load()
    assert names.value == ("a", "b")


def test_an_outage_keeps_a_session_going(storage: Switchable) -> None:
    keeper = Keeper(storage, keep_seconds=60)
    mine = tab(hold(storage, keeper=keeper))
    keep(mine, keys(count=b"1"))
    storage.off = True
    assert keep(mine, keys(count=b"2", table=LARGE))
    assert keep(mine, keys(count=b"3", table=LARGE))
    storage.off = False
    keeper.backlog.try_again()
    assert loaded(storage) == keys(count=b"3", table=LARGE)


def test_a_page_loaded_during_an_outage_overwrites_nothing_until_the_visitor_acts(storage: Switchable) -> None:
    keep(tab(hold(storage)), keys(count=b"7"))
    storage.off = True
    keeper = Keeper(storage, keep_seconds=60)
    blind = tab(hold(storage, keeper=keeper))
    assert blind.change_to(keys(count=b"0")) is None
    assert loaded(storage) == keys(count=b"7")
    keeper.backlog.try_again()
    keep(blind, keys(count=b"1"))
    assert loaded(storage) == keys(count=b"1")


def test_an_open_page_on_a_server_that_has_never_seen_it_is_kept_from_its_first_act_on(storage: Switchable) -> None:
    keep(tab(hold(storage)), keys(count=b"7"))
    storage.off = True
    keeper = Keeper(storage, keep_seconds=60)
    blind = tab(hold(storage, keeper=keeper))
    blind.note_act()
    keep(blind, keys(count=b"8"))
    storage.off = False
    keeper.backlog.try_again()
    assert loaded(storage) == keys(count=b"8")


def test_a_session_follows_a_login_and_leaves_the_browser(storage: Switchable) -> None:
    browser, person = hold(storage, "browser"), hold(storage, "person")
    keep(tab(browser), keys(draft=b"1", table=LARGE))
    mine = KeptTab("a", "", person, browser)
    assert mine.load() == keys(draft=b"1", table=LARGE)
    keep(mine, keys(draft=b"2", table=LARGE))
    elsewhere = KeptTab("z", "", hold(storage, "person"), hold(storage, "other-browser"))
    assert elsewhere.load() == keys(draft=b"2", table=LARGE)
    assert KeptTab("a", "", hold(storage, "browser")).load() == NOTHING


def test_tabs_that_were_used_in_an_outage_are_all_in_the_list(storage: Switchable) -> None:
    keeper = Keeper(storage, keep_seconds=60)
    mine = hold(storage, keeper=keeper)
    one, two = tab(mine, "one"), tab(mine, "two")
    keep(one, keys(of=b"1"))
    storage.off = True
    for opened in (two, one):
        keep(opened, keys(of=b"outage"))
    storage.off = False
    keeper.backlog.try_again()
    names = hold(storage)(TABS)
    names.load()
    assert names.value == ("one", "two")


def test_a_new_tab_begins_like_the_last_one_of_which_there_is_a_session(storage: Switchable) -> None:
    mine = hold(storage)
    keep(tab(mine, "a"), keys(of=b"a"))
    names = mine(TABS)
    names.load()
    names.change(("gone",))
    assert loaded(storage, "new") == keys(of=b"a")
