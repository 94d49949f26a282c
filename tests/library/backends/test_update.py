"""What `update` promises, with a storage that fails where the test says so."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence

import pytest

from keepcart.backends import (
    Conflict,
    Corrupt,
    Forgotten,
    Outcome,
    Record,
    Storage,
    Unavailable,
    new_origin,
    stamp,
    update,
)
from testbed.adding import add_one
from testbed.backends import FakeRedis

MARK = stamp(new_origin(), 0)
LOST = Unavailable("somewhere", "the reply was lost")


class Scripted:
    """A storage in front of another one. Before and after each save something may happen."""

    def __init__(self, inner: Storage) -> None:
        self.inner = inner
        self.calls: list[str] = []
        self.ages: list[float] = []
        self.before_save: list[Callable[[], object]] = []
        self.after_save: list[Callable[[], object]] = []

    def load(self, owner: str, name: str, *, renew: bool = False) -> Record | None:
        self.calls.append("load")
        return self.inner.load(owner, name, renew=renew)

    def load_together(
        self, owner: str, names: Sequence[str], *, renew: bool = False
    ) -> Sequence[Record | Corrupt | None]:
        return self.inner.load_together(owner, names, renew=renew)

    def save(self, owner: str, name: str, record: Record, *, replaces: str | None, age: float = 0.0) -> Outcome:
        self.calls.append("save")
        self.ages.append(age)
        if self.before_save:
            self.before_save.pop(0)()
        outcome = self.inner.save(owner, name, record, replaces=replaces, age=age)
        if self.after_save:
            self.after_save.pop(0)()
        return outcome

    def documents(self, owner: str, *, also: Collection[str] = ()) -> Mapping[str, bytes | None]:
        return self.inner.documents(owner, also=also)

    def forget(self, owner: str, *, age: float = 0.0, for_good: bool = False) -> None:
        self.inner.forget(owner, age=age, for_good=for_good)

    def set_aside(self, owner: str, name: str, raw: bytes | None) -> bool:
        return self.inner.set_aside(owner, name, raw)

    def ping(self) -> None:
        self.inner.ping()

    def close(self) -> None:
        self.inner.close()


@pytest.fixture
def scripted() -> Scripted:
    return Scripted(FakeRedis().open())


def another_adds(scripted: Scripted) -> None:
    update(scripted.inner, "me", "count", add_one, mark=stamp(new_origin(), 0))


def lose() -> None:
    raise LOST


def test_a_first_change_meets_no_document(scripted: Scripted) -> None:
    record = update(scripted, "me", "count", add_one, mark=MARK)
    assert record.body == b"1"
    assert record.marks == (MARK,)
    assert scripted.inner.load("me", "count") == record


def test_a_change_from_the_version_one_holds_is_one_save(scripted: Scripted) -> None:
    record = update(scripted, "me", "count", add_one, mark=MARK, known=None)
    assert scripted.calls == ["save"]
    update(scripted, "me", "count", add_one, mark=stamp(new_origin(), 0), known=record)
    assert scripted.calls == ["save", "save"]


def test_a_change_without_a_version_loads_first(scripted: Scripted) -> None:
    update(scripted, "me", "count", add_one, mark=MARK)
    assert scripted.calls == ["load", "save"]


def test_a_change_from_an_old_version_is_made_to_the_current_one_without_a_load(scripted: Scripted) -> None:
    another_adds(scripted)
    assert update(scripted, "me", "count", add_one, mark=MARK, known=None).body == b"2"
    assert scripted.calls == ["save", "save"]


def test_who_is_beaten_again_and_again_still_gets_a_turn(scripted: Scripted) -> None:
    scripted.before_save = [lambda: another_adds(scripted)] * 5
    assert update(scripted, "me", "count", add_one, mark=MARK).body == b"6"


def test_the_same_mark_changes_nothing_the_second_time(scripted: Scripted) -> None:
    record = update(scripted, "me", "count", add_one, mark=MARK)
    assert update(scripted, "me", "count", add_one, mark=MARK) == record
    assert update(scripted, "me", "count", add_one, mark=MARK, known=record) == record
    assert update(scripted, "me", "count", add_one, mark=MARK, known=None) == record
    assert scripted.inner.load("me", "count") == record


def test_the_same_mark_is_found_after_others_have_changed_the_document(scripted: Scripted) -> None:
    update(scripted, "me", "count", add_one, mark=MARK)
    another_adds(scripted)
    assert update(scripted, "me", "count", add_one, mark=MARK).body == b"2"


def test_a_save_whose_reply_is_lost_counts_once(scripted: Scripted) -> None:
    scripted.after_save = [lose]
    assert update(scripted, "me", "count", add_one, mark=MARK).body == b"1"


def test_a_save_that_is_lost_on_its_way_is_made_the_second_time(scripted: Scripted) -> None:
    scripted.before_save = [lose]
    assert update(scripted, "me", "count", add_one, mark=MARK).body == b"1"


def test_a_save_whose_reply_is_lost_while_others_write_counts_once(scripted: Scripted) -> None:
    def lose_and_add() -> None:
        another_adds(scripted)
        lose()

    scripted.after_save = [lose_and_add]
    assert update(scripted, "me", "count", add_one, mark=MARK).body == b"2"


def test_storage_that_stays_away_is_unavailable_and_the_same_mark_later_counts_once(scripted: Scripted) -> None:
    scripted.after_save = [lose, lose]
    with pytest.raises(Unavailable):
        update(scripted, "me", "count", add_one, mark=MARK)
    assert update(scripted, "me", "count", add_one, mark=MARK).body == b"1"


def test_what_a_change_raises_passes_through_and_nothing_is_saved(scripted: Scripted) -> None:
    def refuse(_: bytes | None) -> bytes:
        raise LookupError

    with pytest.raises(LookupError):
        update(scripted, "me", "count", refuse, mark=MARK)
    assert scripted.calls == ["load"]
    assert scripted.inner.load("me", "count") is None


def test_a_change_meets_each_version_it_is_tried_on(scripted: Scripted) -> None:
    met: list[bytes | None] = []

    def change(body: bytes | None) -> bytes:
        met.append(body)
        return add_one(body)

    scripted.before_save = [lambda: another_adds(scripted)]
    update(scripted, "me", "count", change, mark=MARK)
    assert met == [None, b"1"]


def test_a_corrupt_document_is_not_changed(scripted: Scripted) -> None:
    backend = FakeRedis()
    backend.plant("me", "count", b"junk")
    storage = backend.open()
    with pytest.raises(Corrupt):
        update(storage, "me", "count", add_one, mark=MARK)
    with pytest.raises(Corrupt):
        update(storage, "me", "count", add_one, mark=MARK, known=None)


def test_a_document_that_expired_meanwhile_is_begun_anew(scripted: Scripted) -> None:
    known = update(scripted, "me", "count", add_one, mark=MARK)
    scripted.inner.set_aside("me", "count", known.encode())
    assert update(scripted, "me", "count", add_one, mark=stamp(new_origin(), 0), known=known).body == b"1"


def test_each_try_says_how_long_ago_the_change_was_made(scripted: Scripted) -> None:
    made = time.monotonic() - 60
    scripted.before_save = [lambda: another_adds(scripted), lose, lambda: time.sleep(0.01)]
    update(scripted, "me", "count", add_one, mark=MARK, made=made)
    assert len(scripted.ages) == 3
    assert scripted.ages == sorted(set(scripted.ages)), "time passes from try to try"
    assert 60 <= scripted.ages[0] <= scripted.ages[-1] <= time.monotonic() - made


def test_a_change_is_made_now_unless_told(scripted: Scripted) -> None:
    began = time.monotonic()
    update(scripted, "me", "count", add_one, mark=MARK)
    assert 0 <= scripted.ages[0] <= time.monotonic() - began


def test_a_change_from_before_its_owner_was_forgotten_is_given_up_at_once(scripted: Scripted) -> None:
    known = update(scripted, "me", "count", add_one, mark=MARK)
    made = time.monotonic() - 60
    scripted.forget("me")
    for version in (known, None):
        with pytest.raises(Forgotten):
            update(scripted, "me", "count", add_one, mark=stamp(new_origin(), 0), known=version, made=made)
    assert scripted.calls == ["load", "save", "save", "save"]
    assert scripted.inner.load("me", "count") is None


def test_a_change_that_meets_an_owner_forgotten_meanwhile_begins_anew(scripted: Scripted) -> None:
    known = update(scripted, "me", "count", add_one, mark=MARK)
    scripted.forget("me")
    assert update(scripted, "me", "count", add_one, mark=stamp(new_origin(), 0), known=known).body == b"1"


def test_after_25_lost_races_it_gives_up_and_nothing_is_saved(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    scripted.before_save = [lambda: another_adds(scripted)] * 25
    with pytest.raises(Conflict, match=r"'count' .* 25 tries"):
        update(scripted, "me", "count", add_one, mark=MARK)
    record = scripted.inner.load("me", "count")
    assert record is not None
    assert record.body == b"25"
    assert MARK not in record.marks
