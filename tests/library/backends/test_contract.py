"""Every promise of `Storage`, over every backend; those about forgetting are in test_forget.py."""

from __future__ import annotations

import secrets
import threading
import time

import pytest

from keepcart.backends import Corrupt, Outcome, Record, Storage, new_origin, stamp
from testbed.backends import DAY, Backend

MARK = stamp(new_origin(), 0)
EVERY_BYTE = bytes(range(256))
JUNK = [b"", b"junk", b"\xff\xfe", b"0123456789", b"01234567890", b"01234567890 short\n{}", b"0123456789!\n{}"]


def first(body: bytes = b"[]") -> Record:
    return Record.after(None, MARK, body)


def test_a_document_that_was_never_saved_is_missing(storage: Storage, owner: str) -> None:
    assert storage.load(owner, "cart") is None


def test_what_was_saved_is_loaded_byte_for_byte(storage: Storage, owner: str) -> None:
    record = first(EVERY_BYTE * 100)
    assert storage.save(owner, "cart", record, replaces=None) == Outcome(saved=True, record=record)
    assert storage.load(owner, "cart") == record


def test_an_empty_body_is_not_a_missing_document(storage: Storage, owner: str) -> None:
    storage.save(owner, "cart", first(b""), replaces=None)
    loaded = storage.load(owner, "cart")
    assert loaded is not None
    assert loaded.body == b""


def test_a_version_is_replaced_by_naming_its_token(storage: Storage, owner: str) -> None:
    one = first()
    two = Record.after(one, MARK, b"[2]")
    storage.save(owner, "cart", one, replaces=None)
    assert storage.save(owner, "cart", two, replaces=one.token) == Outcome(saved=True, record=two)
    assert storage.load(owner, "cart") == two


def test_a_save_over_another_version_changes_nothing_and_says_what_is_stored(storage: Storage, owner: str) -> None:
    stored = first(b"[1]")
    storage.save(owner, "cart", stored, replaces=None)
    for replaces in (None, first().token):
        outcome = storage.save(owner, "cart", first(b"[9]"), replaces=replaces)
        assert outcome == Outcome(saved=False, record=stored)
    assert storage.load(owner, "cart") == stored


def test_a_save_that_replaces_a_missing_document_says_that_nothing_is_stored(storage: Storage, owner: str) -> None:
    assert storage.save(owner, "cart", first(), replaces=first().token) == Outcome(saved=False, record=None)
    assert storage.load(owner, "cart") is None


def test_owners_and_names_do_not_see_each_other(storage: Storage, owner: str) -> None:
    storage.save(owner, "cart", first(b"[1]"), replaces=None)
    assert storage.load(owner, "cart2") is None
    assert storage.load(owner + "x", "cart") is None


def test_another_storage_over_the_same_data_sees_an_acknowledged_save_at_once(backend: Backend, owner: str) -> None:
    one, other = backend.open(), backend.open()
    record = None
    for count in range(50):
        successor = Record.after(record, MARK, b"%d" % count)
        assert one.save(owner, "cart", successor, replaces=None if record is None else record.token).saved
        record = successor
        assert other.load(owner, "cart") == record
    one.close()
    other.close()


@pytest.mark.parametrize("other", ["another-app", "keepcart:", "keepcart:2", "keepcart-"])
def test_storages_with_other_prefixes_over_the_same_data_see_nothing_of_each_other(
    backend: Backend, storage: Storage, owner: str, other: str
) -> None:
    elsewhere = backend.open(prefix=other)
    storage.save(owner, "cart", first(b"[1]"), replaces=None)
    assert elsewhere.load(owner, "cart") is None
    assert elsewhere.load(owner, "cart", renew=True) is None
    assert elsewhere.save(owner, "cart", first(b"[2]"), replaces=None).saved
    elsewhere.forget(owner)
    assert elsewhere.load(owner, "cart") is None
    loaded = storage.load(owner, "cart")
    assert loaded is not None
    assert loaded.body == b"[1]"
    assert storage.save(owner, "note", first(), replaces=None, age=60).saved
    elsewhere.close()


def test_the_longest_owner_and_every_permitted_character_work(storage: Storage) -> None:
    owner, name = "Az09-_." + secrets.token_hex(28) + "x", "checkout-2_b.c"
    assert len(owner) == 64
    storage.save(owner, name, first(), replaces=None)
    assert storage.load(owner, name) is not None


@pytest.mark.parametrize("bad", ["", "a b", "a/b", "{a}", "a:b", "ä", "a\n", "x" * 65])
def test_other_owners_and_names_are_a_value_error(storage: Storage, owner: str, bad: str) -> None:
    for pair in ((bad, "cart"), (owner, bad)):
        with pytest.raises(ValueError, match="1 to 64 characters"):
            storage.load(*pair)
        with pytest.raises(ValueError, match="1 to 64 characters"):
            storage.load_together(pair[0], ["note", pair[1]])
        with pytest.raises(ValueError, match="1 to 64 characters"):
            storage.save(*pair, first(), replaces=None)
        with pytest.raises(ValueError, match="1 to 64 characters"):
            storage.set_aside(*pair, b"")
    with pytest.raises(ValueError, match="1 to 64 characters"):
        storage.forget(bad)


def test_a_document_expires_as_if_it_had_never_been(backend: Backend, owner: str) -> None:
    storage = backend.open(keep_seconds=1)
    record = first()
    storage.save(owner, "cart", record, replaces=None)
    time.sleep(1.1)
    assert storage.load(owner, "cart") is None
    assert storage.load(owner, "cart", renew=True) is None
    assert not storage.save(owner, "cart", first(), replaces=record.token).saved
    assert not storage.set_aside(owner, "cart", record.encode())
    assert storage.save(owner, "cart", first(b"[new]"), replaces=None).saved
    storage.close()


def test_saving_and_renewing_start_the_expiry_anew_and_plain_loading_does_not(backend: Backend, owner: str) -> None:
    short, long = backend.open(keep_seconds=100), backend.open(keep_seconds=DAY)
    record = first()
    short.save(owner, "cart", record, replaces=None)
    long.load(owner, "cart")
    assert 50 < backend.seconds_left(owner, "cart") <= 100
    assert long.load(owner, "cart", renew=True) == record
    assert DAY - 50 < backend.seconds_left(owner, "cart") <= DAY
    short.save(owner, "cart", Record.after(record, MARK, b""), replaces=record.token)
    assert 50 < backend.seconds_left(owner, "cart") <= 100
    short.close()
    long.close()


@pytest.mark.parametrize("renew", [False, True])
def test_documents_that_are_loaded_together_come_in_the_order_of_their_names(
    storage: Storage, owner: str, *, renew: bool
) -> None:
    cart, note = first(b"[1]"), first(EVERY_BYTE)
    storage.save(owner, "cart", cart, replaces=None)
    storage.save(owner, "note", note, replaces=None)
    storage.save(owner, "other", first(b"[3]"), replaces=None)
    assert list(storage.load_together(owner, ["note", "none", "cart"], renew=renew)) == [note, None, cart]
    assert list(storage.load_together(owner, ["none", "nothing"], renew=renew)) == [None, None]
    assert list(storage.load_together(f"{owner}-2", ["cart"], renew=renew)) == [None]
    assert list(storage.load_together(owner, [], renew=renew)) == []


def test_loading_together_starts_the_expiry_of_each_anew_where_it_is_told_to(backend: Backend, owner: str) -> None:
    short, long = backend.open(keep_seconds=100), backend.open(keep_seconds=DAY)
    for name in ("cart", "note", "other"):
        short.save(owner, name, first(), replaces=None)
    long.load_together(owner, ["cart", "note"])
    assert all(50 < backend.seconds_left(owner, name) <= 100 for name in ("cart", "note", "other"))
    long.load_together(owner, ["cart", "none", "note"], renew=True)
    assert all(DAY - 50 < backend.seconds_left(owner, name) <= DAY for name in ("cart", "note"))
    assert 50 < backend.seconds_left(owner, "other") <= 100
    short.close()
    long.close()


@pytest.mark.parametrize("renew", [False, True])
def test_one_that_is_no_record_hides_no_other_that_is_loaded_with_it(
    backend: Backend, storage: Storage, owner: str, *, renew: bool
) -> None:
    record = first(b"[1]")
    storage.save(owner, "cart", record, replaces=None)
    backend.plant(owner, "junk", b"junk")
    backend.plant(owner, "list", None)
    junk, kind, found = storage.load_together(owner, ["junk", "list", "cart"], renew=renew)
    assert isinstance(junk, Corrupt)
    assert junk.raw == b"junk"
    assert isinstance(kind, Corrupt)
    assert kind.raw is None
    assert found == record


def test_what_expired_or_was_forgotten_is_not_loaded_with_others(backend: Backend, owner: str) -> None:
    short, long = backend.open(keep_seconds=1), backend.open()
    short.save(owner, "cart", first(), replaces=None)
    record = first()
    long.save(owner, "note", record, replaces=None)
    time.sleep(1.1)
    for renew in (False, True):
        assert list(long.load_together(owner, ["cart", "note"], renew=renew)) == [None, record]
    long.forget(owner)
    assert list(long.load_together(owner, ["cart", "note"], renew=True)) == [None, None]
    short.close()
    long.close()


def test_a_refused_save_does_not_touch_the_expiry(backend: Backend, owner: str) -> None:
    short, long = backend.open(keep_seconds=100), backend.open(keep_seconds=DAY)
    short.save(owner, "cart", first(), replaces=None)
    assert not long.save(owner, "cart", first(), replaces=None).saved
    assert backend.seconds_left(owner, "cart") <= 100
    short.close()
    long.close()


@pytest.mark.parametrize("junk", JUNK)
def test_what_is_no_record_is_reported_and_left_as_it_was(
    backend: Backend, storage: Storage, owner: str, junk: bytes
) -> None:
    backend.plant(owner, "cart", junk)
    for attempt in (
        lambda: storage.load(owner, "cart"),
        lambda: storage.load(owner, "cart", renew=True),
        lambda: storage.save(owner, "cart", first(), replaces=None),
        lambda: storage.save(owner, "cart", first(), replaces=first().token),
        lambda: storage.load(owner, "cart"),
    ):
        with pytest.raises(Corrupt) as found:
            attempt()
        assert found.value.raw == junk


def test_a_value_of_another_kind_is_corrupt_without_bytes(backend: Backend, storage: Storage, owner: str) -> None:
    backend.plant(owner, "cart", None)
    for renew in (False, True):
        with pytest.raises(Corrupt) as found:
            storage.load(owner, "cart", renew=renew)
        assert found.value.raw is None
    with pytest.raises(Corrupt):
        storage.save(owner, "cart", first(), replaces=None)
    assert storage.set_aside(owner, "cart", None)
    assert storage.load(owner, "cart") is None
    with pytest.raises(Corrupt):
        storage.load(owner, "cart.corrupt")


def test_a_corrupt_document_is_moved_aside_over_an_older_one_with_its_expiry(
    backend: Backend, storage: Storage, owner: str
) -> None:
    backend.plant(owner, "cart.corrupt", b"older")
    backend.plant(owner, "cart", b"newer")
    short = backend.open(keep_seconds=100)
    assert short.set_aside(owner, "cart", b"newer")
    short.close()
    assert storage.load(owner, "cart") is None
    with pytest.raises(Corrupt) as found:
        storage.load(owner, "cart.corrupt")
    assert found.value.raw == b"newer"
    assert DAY - 50 < backend.seconds_left(owner, "cart.corrupt") <= DAY


def test_a_usable_record_can_be_moved_aside_as_well(storage: Storage, owner: str) -> None:
    record = first()
    storage.save(owner, "cart", record, replaces=None)
    assert storage.set_aside(owner, "cart", record.encode())
    assert storage.load(owner, "cart") is None
    assert storage.load(owner, "cart.corrupt") == record


def test_only_exactly_what_was_found_is_moved_aside(backend: Backend, storage: Storage, owner: str) -> None:
    backend.plant(owner, "cart", b"junk")
    for raw in (b"", b"jun", b"junk ", None):
        assert not storage.set_aside(owner, "cart", raw)
    backend.plant(owner, "list", None)
    assert not storage.set_aside(owner, "list", b"junk")
    with pytest.raises(Corrupt):
        storage.load(owner, "cart")


def test_moving_a_missing_document_aside_is_a_no_op(storage: Storage, owner: str) -> None:
    assert not storage.set_aside(owner, "cart", b"")
    assert not storage.set_aside(owner, "cart", None)
    assert storage.load(owner, "cart.corrupt") is None


def test_of_writers_who_replace_the_same_version_exactly_one_saves(storage: Storage, owner: str) -> None:
    current: Record | None = None
    for _ in range(20):
        saved: list[Record] = []
        barrier = threading.Barrier(8)

        def write(base: Record | None, barrier: threading.Barrier, saved: list[Record]) -> None:
            mine = Record.after(base, stamp(new_origin(), 0), secrets.token_bytes(8))
            barrier.wait()
            if storage.save(owner, "cart", mine, replaces=None if base is None else base.token).saved:
                saved.append(mine)

        threads = [threading.Thread(target=write, args=(current, barrier, saved)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(saved) == 1
        current = storage.load(owner, "cart")
        assert current == saved[0]


def test_a_storage_that_answers_pings_and_can_be_closed_twice(backend: Backend) -> None:
    storage = backend.open()
    storage.ping()
    storage.close()
    storage.close()


def test_one_that_was_never_used_can_be_closed(backend: Backend) -> None:
    backend.open().close()
