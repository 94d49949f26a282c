"""Writes to kept values as pure changes of one document, above all where a stored value cannot be read as its type."""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepcart import Held, Keeper, Kept, TooLarge
from keepcart.backends import Record, new_origin, open_storage, stamp
from keepcart.documents import VALUES, Values, ValuesChange, Write
from testbed.shelf import Threadless
from testbed.switchable import Switchable

COUNT = Kept("count", int, default=0, merge=lambda base, mine, theirs: theirs + mine - base)
TOWN = Kept("town", str, default="")
UPGRADE: dict[int, Any] = {1: int, 2: lambda _: "of another type"}
ROOMS = Kept("rooms", int, default=0, schema=3, upgrade=UPGRADE)
WORDS = b'[1,"three"]'
ASIDE = "count!unreadable"


def write(kept: Kept[Any], value: Any, seen: bytes | None = None) -> ValuesChange:
    return {kept.name: Write(kept, seen, kept.to_store(value))}


def as_the_release_before_reads(body: bytes) -> dict[str, bytes]:
    """Read as a release does that knows nothing of what is kept aside: any name, each with schema and value."""
    values = msgspec.json.decode(body, type=tuple[int, dict[str, msgspec.Raw]])[1]
    for stored in values.values():
        msgspec.json.decode(bytes(stored), type=tuple[int, msgspec.Raw])
    return {name: bytes(stored) for name, stored in values.items()}


@pytest.mark.parametrize("seen", [WORDS, None, b"[1,5]"])
def test_what_cannot_be_read_is_kept_aside_before_a_write_takes_its_place(seen: bytes | None) -> None:
    without_merge = Kept("count", int, default=0)
    before = {"count": WORDS, "town": b'[1,"Goa"]'}
    after = VALUES.apply(before, write(without_merge, 7, seen))
    assert after == {"count": b"[1,7]", "town": b'[1,"Goa"]', ASIDE: WORDS}


@pytest.mark.parametrize("stored", [b'[1,"many"]', b"[2,4]", b'[0,"4"]', b'[3,"4"]'])
def test_a_failing_a_wrong_and_a_missing_upgrade_are_unreadable_too(stored: bytes) -> None:
    assert ROOMS.decode(stored) == 0
    after = VALUES.apply({"rooms": stored}, write(ROOMS, 4, stored))
    assert after == {"rooms": b"[3,4]", "rooms!unreadable": stored}


@pytest.mark.parametrize("stored", [b"[3,2]", b'[1,"2"]'])
def test_what_can_be_read_is_not_kept_aside(stored: bytes) -> None:
    assert VALUES.apply({"rooms": stored}, write(ROOMS, 4, stored)) == {"rooms": b"[3,4]"}


def test_what_a_newer_release_wrote_stays_where_it_is() -> None:
    newer = {"rooms": b'[4,"from the future"]'}
    assert VALUES.apply(newer, write(ROOMS, 4)) == newer


def test_a_write_of_the_default_keeps_aside_what_it_removes() -> None:
    assert VALUES.apply({"count": WORDS}, write(COUNT, 0, WORDS)) == {ASIDE: WORDS}


def test_the_newest_unreadable_one_is_kept_and_later_writes_leave_it_alone() -> None:
    before = {"count": WORDS, ASIDE: b'[1,"two"]', "town!unreadable": b"[1,[]]"}
    after = VALUES.apply(before, write(COUNT, 7, WORDS))
    assert after == {"count": b"[1,7]", ASIDE: WORDS, "town!unreadable": b"[1,[]]"}
    assert VALUES.apply(after, write(COUNT, 8, b"[1,7]")) == {**after, "count": b"[1,8]"}


def test_in_a_merge_an_unreadable_value_counts_as_the_default_that_every_tab_shows() -> None:
    after = VALUES.apply({"count": WORDS}, write(COUNT, 1, WORDS))
    after = VALUES.apply(after, write(COUNT, 1, WORDS))  # another tab, which saw the default too
    assert after == {"count": b"[1,2]", ASIDE: WORDS}


def test_no_definition_has_the_name_of_what_is_kept_aside() -> None:
    with pytest.raises(ValueError, match="a name is"):
        Kept(ASIDE, str, default="")


counts = st.none() | st.integers(0, 9).map(COUNT.to_store)
stored_counts = counts | st.sampled_from([WORDS, b"[2,5]", b"[1,[]]"])
documents = st.fixed_dictionaries({}, optional={"count": stored_counts.filter(bool), ASIDE: st.just(b'[1,"old"]')})


@given(documents, st.lists(st.tuples(stored_counts, counts), min_size=1, max_size=4))
def test_a_write_is_a_pure_function(before: Values, tabs: list[tuple[bytes | None, bytes | None]]) -> None:
    untouched = copy.deepcopy(before)
    for seen, wanted in tabs:
        change = {"count": Write(COUNT, seen, wanted)}
        assert VALUES.apply(before, change) == VALUES.apply(before, change)
        assert before == untouched


@given(documents, stored_counts, st.lists(counts, min_size=2, max_size=5))
def test_joined_writes_do_what_they_do_one_after_another(
    before: Values, seen: bytes | None, wanted: list[bytes | None]
) -> None:
    assert VALUES.join is not None
    joined: ValuesChange = {}
    one_by_one = before
    for value in wanted:
        change = {"count": Write(COUNT, seen, value)}
        both = VALUES.join(joined, change)
        assert both is not None
        joined = both
        one_by_one = VALUES.apply(one_by_one, change)
        seen = value
    assert VALUES.apply(before, joined) == one_by_one


@given(documents)
def test_a_document_with_values_kept_aside_is_read_by_this_release_and_the_one_before(before: Values) -> None:
    after = VALUES.apply(before, write(COUNT, 3))
    body = VALUES.encode(after)
    assert VALUES.decode(body) == as_the_release_before_reads(body) == after


def test_what_is_kept_aside_never_makes_its_own_write_too_large_and_counts_from_then_on() -> None:
    large = [Kept(f"large-{number}", str, default="") for number in range(4)]
    unreadable = msgspec.json.encode((1, [1] * 32_000))
    values: Values = {kept.name: unreadable for kept in large}
    for kept in large:
        values = VALUES.apply(values, write(kept, "x" * 60_000))
    assert len(values) == 8
    with pytest.raises(TooLarge) as refused:
        VALUES.apply(values, write(TOWN, "Goa"))
    assert refused.value.size > refused.value.bound == 262_144
    assert VALUES.apply(values, write(large[0], "y" * 60_000))


def test_many_values_kept_aside_never_make_their_own_write_one_too_many() -> None:
    many = [Kept(f"v{number}", int, default=0) for number in range(256)]
    values: Values = dict.fromkeys((kept.name for kept in many), WORDS)
    for kept in many:
        values = VALUES.apply(values, write(kept, 1))
    assert len(values) == 512
    with pytest.raises(TooLarge):
        VALUES.apply(values, write(TOWN, "Goa"))


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Switchable]:
    opened = open_storage(f"sqlite:///{tmp_path / 'test.db'}")
    body = VALUES.encode({"count": WORDS})
    opened.save("me", "kept", Record.after(None, stamp(new_origin(), 1), body), replaces=None)
    yield Switchable(opened)
    opened.close()


def tab(storage: Switchable) -> Held[Values, ValuesChange]:
    held = Keeper(storage, keep_seconds=60, backlog=Threadless).hold("me", VALUES)
    held.load()
    return held


def stored(storage: Switchable) -> Values:
    record = storage.inner.load("me", "kept")
    assert record is not None
    return VALUES.decode(record.body)


def said(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_the_log_says_once_what_was_kept_aside(storage: Switchable, caplog: pytest.LogCaptureFixture) -> None:
    held = tab(storage)
    held.change(write(COUNT, 1, WORDS))
    held.change(write(COUNT, 2, b"[1,1]"))
    held.load()
    (event,) = said(caplog)
    assert event.message == "unreadable kept value kept aside"
    assert event.__dict__["value"] == "count"
    assert stored(storage) == {"count": b"[1,2]", ASIDE: WORDS}


@pytest.mark.parametrize("fault", ["off", "refuses_writes", "loses_replies"])
def test_through_an_outage_and_a_lost_reply_it_is_kept_aside_once_and_said_once(
    storage: Switchable, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    held = tab(storage)
    setattr(storage, fault, True)
    for step in (1, 2, 3):
        held.change(write(COUNT, step, held.value["count"]))
    setattr(storage, fault, False)
    held.send(probe=True)
    assert held.saved
    assert stored(storage) == {"count": b"[1,3]", ASIDE: WORDS}
    assert len(said(caplog)) == 1


def test_a_write_that_meets_what_became_unreadable_meanwhile_keeps_it_aside_and_says_so(
    storage: Switchable, caplog: pytest.LogCaptureFixture
) -> None:
    other = Kept("count", str, default="")
    held, ahead = tab(storage), tab(storage)
    held.change(write(COUNT, 1, WORDS))
    ahead.load()
    ahead.change(write(other, "many", b"[1,1]"))
    caplog.clear()
    held.change(write(COUNT, 2, b"[1,1]"))
    assert stored(storage) == {"count": b"[1,1]", ASIDE: b'[1,"many"]'}
    assert len(said(caplog)) == 1
