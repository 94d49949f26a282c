"""Every promise of `Storage.forget`, over every backend."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from keepcart.backends import Forgotten, Record, Storage, new_origin, stamp, update
from testbed.adding import add_one
from testbed.backends import DAY, Backend
from testbed.together import run_together

MARK = stamp(new_origin(), 0)
NAMES = ("cart", "kept", "a-third.document")


def first(body: bytes = b"[]") -> Record:
    return Record.after(None, MARK, body)


def test_every_document_of_the_owner_is_deleted(storage: Storage, owner: str) -> None:
    for name in NAMES:
        storage.save(owner, name, first(), replaces=None)
    storage.forget(owner)
    assert [storage.load(owner, name) for name in NAMES] == [None] * 3


def test_what_was_set_aside_is_deleted(backend: Backend, storage: Storage, owner: str) -> None:
    """A record; a document that an older release had set aside; junk that an older release had left in its place."""
    for name in ("cart", "kept"):
        storage.save(owner, name, first(), replaces=None)
    assert storage.set_aside(owner, "cart", storage_form(storage, owner, "cart"))
    backend.plant(owner, "kept.corrupt", b"junk")
    backend.plant(owner, "odd", b"junk")
    assert storage.set_aside(owner, "odd", b"junk")
    storage.forget(owner)
    for name in ("cart.corrupt", "kept.corrupt", "odd.corrupt"):
        assert storage.load(owner, name) is None


def storage_form(storage: Storage, owner: str, name: str) -> bytes:
    record = storage.load(owner, name)
    assert record is not None
    return record.encode()


def test_a_document_whose_name_ends_like_one_that_was_set_aside_is_deleted_too(storage: Storage, owner: str) -> None:
    storage.save(owner, "mine.corrupt", first(), replaces=None)
    storage.forget(owner)
    assert storage.load(owner, "mine.corrupt") is None


def test_the_documents_of_other_owners_stay(storage: Storage, owner: str) -> None:
    others = (f"{owner}x", owner[:-1], f"{owner}.cart")
    for each in (owner, *others):
        storage.save(each, "cart", first(), replaces=None)
    storage.forget(owner)
    for other in others:
        assert storage.load(other, "cart") is not None
        assert storage.save(other, "kept", first(), replaces=None, age=60).saved


def test_forgetting_an_unknown_owner_and_forgetting_twice_are_no_ops(storage: Storage, owner: str) -> None:
    storage.forget(owner)
    storage.forget(owner)
    assert storage.load(owner, "cart") is None
    assert storage.save(owner, "cart", first(), replaces=None).saved


def test_a_change_that_was_made_before_is_refused_and_nothing_is_stored(storage: Storage, owner: str) -> None:
    known = first()
    storage.save(owner, "cart", known, replaces=None)
    storage.forget(owner)
    for name, replaces in (("cart", known.token), ("cart", None), ("never-seen", None)):
        with pytest.raises(Forgotten, match=f"'{name}' was made before its owner was forgotten"):
            storage.save(owner, name, first(), replaces=replaces, age=60)
        assert storage.load(owner, name) is None


def test_a_change_that_was_made_before_an_unknown_owner_was_forgotten_is_refused(storage: Storage, owner: str) -> None:
    storage.forget(owner)
    with pytest.raises(Forgotten):
        storage.save(owner, "cart", first(), replaces=None, age=60)


def test_a_change_that_was_made_before_does_not_replace_one_made_since(storage: Storage, owner: str) -> None:
    storage.forget(owner)
    known = first(b"[new]")
    assert storage.save(owner, "cart", known, replaces=None).saved
    with pytest.raises(Forgotten):
        storage.save(owner, "cart", Record.after(known, MARK, b"[old]"), replaces=known.token, age=60)
    assert storage.load(owner, "cart") == known


def test_a_change_that_was_made_since_is_taken_however_long_it_waited(storage: Storage, owner: str) -> None:
    storage.forget(owner)
    time.sleep(0.2)
    assert storage.save(owner, "cart", first(), replaces=None, age=0.05).saved


def test_a_request_that_waited_refuses_only_what_is_older_than_itself(storage: Storage, owner: str) -> None:
    storage.save(owner, "cart", first(), replaces=None)
    storage.forget(owner, age=60)
    assert storage.load(owner, "cart") is None
    with pytest.raises(Forgotten):
        storage.save(owner, "cart", first(), replaces=None, age=90)
    assert storage.save(owner, "cart", first(), replaces=None, age=30).saved


def test_an_older_request_that_arrives_later_does_not_let_changes_back(storage: Storage, owner: str) -> None:
    storage.forget(owner)
    storage.forget(owner, age=60)
    with pytest.raises(Forgotten):
        storage.save(owner, "cart", first(), replaces=None, age=30)


def test_the_time_is_kept_as_long_as_a_document(backend: Backend, owner: str) -> None:
    short, long = backend.open(keep_seconds=1), backend.open()
    short.forget(owner)
    time.sleep(1.1)
    short.save(f"{owner}x", "cart", first(), replaces=None)
    short.close()
    backend.open().close()  # SQLite deletes what has expired when it opens
    assert long.save(owner, "cart", first(), replaces=None, age=60).saved
    long.forget(owner)
    long.save(owner, "cart", first(), replaces=None)
    backend.open(keep_seconds=1).forget(owner)
    time.sleep(1.1)
    backend.open().close()
    with pytest.raises(Forgotten):
        long.save(owner, "cart", first(), replaces=None, age=60)
    long.close()


@pytest.mark.parametrize("use", ["save", "renew"])
def test_documents_of_a_release_without_an_index_are_found_after_their_next_use(
    backend: Backend, storage: Storage, owner: str, use: str
) -> None:
    known = first()
    backend.plant(owner, "cart", known.encode())
    if use == "save":
        assert storage.save(owner, "cart", Record.after(known, MARK, b""), replaces=known.token).saved
    else:
        assert storage.load(owner, "cart", renew=True) == known
    storage.forget(owner)
    assert storage.load(owner, "cart") is None


def test_a_document_is_deleted_that_outlives_all_those_saved_after_it(backend: Backend, owner: str) -> None:
    long, short = backend.open(keep_seconds=DAY), backend.open(keep_seconds=1)
    long.save(owner, "cart", first(), replaces=None)
    short.save(owner, "kept", first(), replaces=None)
    short.load(owner, "kept", renew=True)
    time.sleep(1.1)
    long.forget(owner)
    assert long.load(owner, "cart") is None
    long.close()
    short.close()


def test_what_is_saved_after_forgetting_is_deleted_by_forgetting_again(storage: Storage, owner: str) -> None:
    for _ in range(3):
        storage.save(owner, "cart", first(), replaces=None)
        storage.forget(owner)
        assert storage.load(owner, "cart") is None


def test_a_value_of_another_kind_is_deleted(backend: Backend, storage: Storage, owner: str) -> None:
    backend.plant(owner, "cart", None)
    assert storage.set_aside(owner, "cart", None)
    storage.forget(owner)
    assert storage.load(owner, "cart.corrupt") is None


@pytest.mark.parametrize("name", ["cart", "never-stored"])
def test_of_writers_who_race_against_forgetting_no_older_change_comes_back(
    storage: Storage, owner: str, name: str
) -> None:
    """Eight writers save changes that have waited, again and again until one is refused."""
    for _ in range(10):
        if name == "cart":
            update(storage, owner, name, add_one, mark=stamp(new_origin(), 0))
        before = time.monotonic() - 5

        def write(before: float = before) -> None:
            origin = new_origin()
            for count in range(10_000):
                try:
                    update(storage, owner, name, add_one, mark=stamp(origin, count), made=before)
                except Forgotten:
                    return
            raise AssertionError("nothing was refused")

        run_at_once([write] * 8 + [lambda: storage.forget(owner)])
        assert storage.load(owner, name) is None


def test_of_saves_that_race_against_forgetting_none_brings_back_the_version_it_replaces(
    storage: Storage, owner: str
) -> None:
    for _ in range(10):
        known = update(storage, owner, "cart", add_one, mark=stamp(new_origin(), 0))

        def write(known: Record = known) -> None:
            mine = Record.after(known, stamp(new_origin(), 0), b"old")
            storage.save(owner, "cart", mine, replaces=known.token)

        run_at_once([write] * 8 + [lambda: storage.forget(owner)])
        assert storage.load(owner, "cart") is None


def run_at_once(acts: list[Callable[[], object]]) -> None:
    """Run each act in a thread of its own; all begin together."""
    left = list(acts)

    def run_one() -> None:
        left.pop()()

    run_together(len(acts), run_one)


def test_of_writers_who_go_on_after_forgetting_only_what_they_did_since_is_there(storage: Storage, owner: str) -> None:
    for name in NAMES:
        update(storage, owner, name, lambda _: b"1000", mark=stamp(new_origin(), 0))
    taken: list[None] = []
    before = time.monotonic()
    storage.forget(owner)

    def write() -> None:
        origin = new_origin()
        for count in range(20):
            with pytest.raises(Forgotten):
                update(storage, owner, "cart", add_one, mark=stamp(origin, count), made=before - 60)
            update(storage, owner, "cart", add_one, mark=stamp(origin, count))
            taken.append(None)

    run_together(8, write)
    record = storage.load(owner, "cart")
    assert record is not None
    assert int(record.body) == len(taken) == 160
    assert storage.load(owner, "kept") is None
