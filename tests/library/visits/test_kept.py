"""Kept values, over a storage that works, fails and lies: typed, merged, bounded, joined to one save a run."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
import pytest

from keepcart import Keeper, Kept, Locked, Refused, TooLarge, Visit
from keepcart.documents import Seal, backlog
from keepcart.documents.kept import MAX_VALUE_BYTES
from keepcart.documents.values import MAX_BYTES, MAX_VALUES
from keepcart.middleware import visitor_key
from keepcart.visits.owners import owner_of_browser
from testbed.switchable import Switchable

ME = "m" * 43


@dataclass(frozen=True)
class Filters:
    town: str = "Pune"
    rooms: int = 2


COUNT = Kept("count", int, default=0, merge=lambda base, mine, theirs: theirs + mine - base)
TOWN = Kept("town", str, default="")
NAMES: Kept[list[str]] = Kept("names", list[str], default=[])
FILTERS = Kept("filters", Filters, default=Filters())
DAY = Kept("day", date | None, default=None)


@pytest.fixture
def tab(storage: Switchable) -> Callable[[], Visit]:
    """Give a function that opens one more tab, served by a process of its own, in the midst of its first run."""

    def opened() -> Visit:
        visit = Visit(Keeper(storage, keep_seconds=60), ME)
        visit.begin_run()
        return visit

    return opened


def until(condition: Callable[[], bool]) -> None:
    """Wait for what a background thread does."""
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "not within 5 s"
        time.sleep(0.01)


def stored(storage: Switchable) -> Any:
    record = storage.inner.load(visitor_key(ME), "kept")
    return None if record is None else msgspec.json.decode(Seal(owner_of_browser(ME), "kept").open(record.body))


@pytest.mark.parametrize(
    ("kept", "value"),
    [(COUNT, 3), (TOWN, "Nagar ₹"), (NAMES, ["a", "b"]), (FILTERS, Filters("Goa", 4)), (DAY, date(2026, 11, 21))],
)
def test_a_value_is_there_in_the_next_visit_as_it_was(tab: Callable[[], Visit], kept: Kept[Any], value: Any) -> None:
    visit = tab()
    assert visit.get(kept) == kept.default
    visit.put(kept, value)
    assert visit.get(kept) == value
    visit.complete_run()
    assert tab().get(kept) == value


def test_a_page_load_is_one_round_trip_for_all_values_and_a_run_that_changes_them_one_more(
    tab: Callable[[], Visit], storage: Switchable
) -> None:
    many = [Kept(f"value-{number}", int, default=0) for number in range(50)]
    visit = tab()
    assert sum(map(visit.get, many)) == 0
    assert storage.calls == ["renew"]
    for value in many:
        visit.put(value, 1)
        visit.put(value, visit.get(value) + 1)
    assert storage.calls == ["renew"]
    visit.complete_run()
    assert storage.calls == ["renew", "save"]
    again = tab()
    assert sum(map(again.get, many)) == 100
    again.complete_run()
    assert storage.calls == ["renew", "save", "renew"]


def test_nothing_is_stored_for_who_changes_nothing(tab: Callable[[], Visit], storage: Switchable) -> None:
    visit = tab()
    visit.put(COUNT, visit.get(COUNT))
    visit.get(NAMES)
    visit.complete_run()
    assert stored(storage) is None


def test_a_value_that_equals_its_default_takes_no_room(tab: Callable[[], Visit], storage: Switchable) -> None:
    visit = tab()
    visit.put(COUNT, 1)
    visit.put(TOWN, "Pune")
    visit.complete_run()
    assert stored(storage) == [1, {"count": [1, 1], "town": [1, "Pune"]}]
    visit.begin_run()
    visit.put(COUNT, 0)
    visit.complete_run()
    assert stored(storage) == [1, {"town": [1, "Pune"]}]


def test_what_is_changed_in_place_is_kept_too(tab: Callable[[], Visit], storage: Switchable) -> None:
    visit = tab()
    visit.get(NAMES).append("Asha")
    visit.complete_run()
    visit.begin_run()
    visit.get(NAMES).append("Ravi")
    visit.begin_run()  # the run before was interrupted
    assert visit.get(NAMES) == ["Asha", "Ravi"]
    visit.complete_run()
    assert tab().get(NAMES) == ["Asha", "Ravi"]
    assert NAMES.default == []


def test_what_was_changed_in_place_to_something_else_is_said_once_and_the_visit_goes_on(
    tab: Callable[[], Visit],
) -> None:
    visit = tab()
    visit.get(NAMES).append(7)  # type: ignore[arg-type]  # the developer's mistake
    visit.put(TOWN, "Goa")
    with pytest.raises(TypeError, match="names"):
        visit.complete_run()
    visit.begin_run()
    assert (visit.get(NAMES), visit.get(TOWN)) == ([], "Goa")


def test_two_tabs_that_write_different_values_keep_both(tab: Callable[[], Visit]) -> None:
    first, second = tab(), tab()
    first.get(COUNT), second.get(TOWN)
    first.put(COUNT, 5)
    second.put(TOWN, "Goa")
    first.complete_run()
    second.complete_run()
    assert (tab().get(COUNT), tab().get(TOWN)) == (5, "Goa")


def test_of_two_tabs_that_write_the_same_value_the_later_save_wins(tab: Callable[[], Visit]) -> None:
    first, second = tab(), tab()
    first.get(TOWN), second.get(TOWN)
    second.put(TOWN, "Goa")
    first.put(TOWN, "Pune")
    first.complete_run()
    second.complete_run()
    assert tab().get(TOWN) == "Goa"


def test_a_merge_keeps_what_both_tabs_did(tab: Callable[[], Visit]) -> None:
    first, second = tab(), tab()
    for visit in (first, second):
        for _ in range(10):
            visit.put(COUNT, visit.get(COUNT) + 1)
    first.complete_run()
    second.complete_run()
    assert second.get(COUNT) == tab().get(COUNT) == 20


def test_a_merge_that_fails_keeps_the_later_one_and_says_so(
    tab: Callable[[], Visit], caplog: pytest.LogCaptureFixture
) -> None:
    odd = Kept("odd", int, default=0, merge=lambda *_: 1 // 0)
    first, second = tab(), tab()
    first.get(odd), second.get(odd)
    first.put(odd, 1)
    second.put(odd, 2)
    first.complete_run()
    with caplog.at_level(logging.ERROR):
        second.complete_run()
    assert tab().get(odd) == 2
    assert "merge of kept value failed" in caplog.text


def test_a_lost_reply_changes_nothing_twice(tab: Callable[[], Visit], storage: Switchable) -> None:
    visit = tab()
    visit.put(COUNT, visit.get(COUNT) + 1)
    storage.loses_replies = True
    visit.complete_run()
    storage.loses_replies = False
    visit.begin_run()
    visit.put(COUNT, visit.get(COUNT) + 1)
    visit.complete_run()
    until(lambda: not visit.documents["kept"].waiting)
    assert tab().get(COUNT) == 2


def test_while_storage_is_away_values_wait_as_two_changes_at_most_and_are_saved_afterwards(
    tab: Callable[[], Visit], storage: Switchable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "PROBE_SECONDS", 0.01)
    visit = tab()
    visit.get(COUNT)
    storage.off = True
    for count in range(1, 301):
        visit.begin_run()
        visit.put(COUNT, visit.get(COUNT) + 1)
        visit.put(TOWN, f"town {count}")
        visit.complete_run()
    assert visit.documents["kept"].waiting <= 2
    assert (visit.get(COUNT), visit.get(TOWN)) == (300, "town 300")
    storage.off = False
    until(lambda: not visit.documents["kept"].waiting)
    assert stored(storage) == [1, {"count": [1, 300], "town": [1, "town 300"]}]


def test_a_run_that_never_completes_is_saved_all_the_same(
    tab: Callable[[], Visit], storage: Switchable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "PROBE_SECONDS", 0.01)
    visit = tab()
    visit.put(TOWN, "Pune")
    del visit
    until(lambda: stored(storage) is not None)
    assert stored(storage) == [1, {"town": [1, "Pune"]}]


def test_an_older_schema_is_read_through_its_upgrade(tab: Callable[[], Visit], storage: Switchable) -> None:
    old = Kept("rooms", str, default="")
    new = Kept("rooms", int, default=0, schema=2, upgrade={1: lambda text: int(text.split()[0])})
    visit = tab()
    visit.put(old, "3 rooms")
    visit.complete_run()
    later = tab()
    assert later.get(new) == 3
    later.complete_run()
    assert stored(storage) == [1, {"rooms": [1, "3 rooms"]}]
    later.begin_run()
    later.put(new, 4)
    later.complete_run()
    assert stored(storage) == [1, {"rooms": [2, 4]}]


def test_a_value_of_a_newer_release_reads_as_the_default_and_is_left_alone(
    tab: Callable[[], Visit], storage: Switchable
) -> None:
    newer, older = Kept("rooms", int, default=0, schema=2), Kept("rooms", str, default="none")
    visit = tab()
    visit.put(newer, 3)
    visit.complete_run()
    other = tab()
    assert other.get(older) == "none"
    with pytest.raises(Locked):
        other.put(older, "x")
    other.complete_run()
    assert stored(storage) == [1, {"rooms": [2, 3]}]


def test_a_value_that_became_newer_meanwhile_is_left_alone_too(tab: Callable[[], Visit], storage: Switchable) -> None:
    newer, older = Kept("rooms", int, default=0, schema=2), Kept("rooms", str, default="none")
    behind, ahead = tab(), tab()
    behind.get(older)
    ahead.put(newer, 3)
    ahead.complete_run()
    behind.put(older, "x")
    behind.complete_run()
    assert stored(storage) == [1, {"rooms": [2, 3]}]


@pytest.mark.parametrize("found", [b'[1,"x"]', b"[1,[]]", b'[1,{"a":1}]', b"[1]", b"{}"])
def test_a_stored_value_of_another_type_reads_as_the_default_and_the_log_says_so(
    found: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert COUNT.decode(found) == 0
    assert "kept value unreadable" in caplog.text
    assert caplog.records[0].__dict__["value"] == "count"


def test_a_value_nobody_knows_any_more_stays(tab: Callable[[], Visit], storage: Switchable) -> None:
    visit = tab()
    visit.put(TOWN, "Goa")
    visit.complete_run()
    other = tab()
    other.put(COUNT, 1)
    other.complete_run()
    assert stored(storage) == [1, {"town": [1, "Goa"], "count": [1, 1]}]


def test_what_is_not_of_the_type_is_refused_by_name_and_changes_nothing(tab: Callable[[], Visit]) -> None:
    visit = tab()
    wrongs: list[Any] = ["3", None, 3.5, object()]
    for wrong in wrongs:
        with pytest.raises(TypeError, match=r"kept value 'count': .* is not of its type int: "):
            visit.put(COUNT, wrong)
    assert visit.get(COUNT) == 0


def test_too_large_a_value_is_refused_by_name_and_size_and_the_old_one_stays(
    tab: Callable[[], Visit], caplog: pytest.LogCaptureFixture
) -> None:
    visit = tab()
    visit.put(TOWN, "Goa")
    with pytest.raises(TooLarge) as refused:
        visit.put(TOWN, "x" * MAX_VALUE_BYTES)
    facts = refused.value
    assert str(facts) == "This is too long to be kept. What was kept before stays."
    assert (facts.values, facts.size, facts.bound, facts.unit) == (("town",), 65_542, 65_536, "bytes")
    assert facts.__notes__ == ["kept value town: 65,542 bytes; the bound is 65,536"]
    (event,) = [record for record in caplog.records if record.message == "kept value too large"]
    assert (event.__dict__["value"], event.__dict__["size"], event.__dict__["bound"]) == ("town", 65_542, 65_536)
    assert visit.get(TOWN) == "Goa"


def test_too_many_values_and_too_many_bytes_are_refused(tab: Callable[[], Visit]) -> None:
    visit = tab()
    for number in range(MAX_VALUES):
        visit.put(Kept(f"v{number}", int, default=0), 1)
    with pytest.raises(TooLarge, match=r"^There is no room left to keep this\.") as refused:
        visit.put(Kept("one-more", int, default=0), 1)
    facts = refused.value
    assert (facts.values, facts.size, facts.bound, facts.unit) == (("one-more",), 257, MAX_VALUES, "values")
    other = tab()
    large = [Kept(f"large-{number}", str, default="") for number in range(5)]
    for kept in large[: MAX_BYTES // MAX_VALUE_BYTES]:
        other.put(kept, "x" * (MAX_VALUE_BYTES - 8))
    with pytest.raises(Refused, match=r"^There is no room left to keep this\.") as too_much:
        other.put(large[-1], "x" * 10_000)
    assert too_much.value.__notes__ == ["kept value large-4: 272,142 bytes; the bound is 262,144"]


@pytest.mark.parametrize("name", ["", "Ähm", "a b", "A", "-a", "a" * 65, "a/b"])
def test_a_name_that_cannot_be_used_is_found_when_it_is_defined(name: str) -> None:
    with pytest.raises(ValueError, match="a name is 1 to 64 of"):
        Kept(name, int, default=0)


def test_a_default_of_another_type_is_found_when_it_is_defined() -> None:
    with pytest.raises(ValueError, match=r"the default of kept value 'count': 'none' is not of its type"):
        Kept("count", int, default="none")


def test_too_large_a_default_is_found_when_it_is_defined() -> None:
    with pytest.raises(ValueError, match=r"kept value 'town': the default takes more than 65,536 bytes"):
        Kept("town", str, default="x" * MAX_VALUE_BYTES)


def test_two_definitions_of_one_name_are_found_when_both_are_used(tab: Callable[[], Visit]) -> None:
    visit = tab()
    visit.get(COUNT)
    with pytest.raises(ValueError, match="two kept values are named 'count'"):
        visit.get(Kept("count", str, default=""))


@pytest.mark.parametrize(
    "body", [b"[]", b"[1]", b"[1,[]]", b'[1,{"a":3}]', b'[1,{"a":[]}]', b'[1,{"a":["x",1]}]', b"nonsense"]
)
def test_garbage_is_kept_aside_and_the_values_begin_anew(
    tab: Callable[[], Visit], storage: Switchable, body: bytes
) -> None:
    visit = tab()
    visit.put(COUNT, 1)
    visit.complete_run()
    owner = visitor_key(ME)
    record = storage.inner.load(owner, "kept")
    assert record is not None
    storage.inner.save(owner, "kept", type(record).after(record, record.marks[-1], body), replaces=record.token)
    after = tab()
    assert after.get(COUNT) == 0
    after.put(COUNT, 2)
    after.complete_run()
    assert tab().get(COUNT) == 2
    assert storage.inner.load(owner, "kept.corrupt") is not None
