"""Documents sealed at rest: nobody reads them without the owner's secret, and nothing is lost for want of it."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from keepcart import Document, Held, Keeper, Locked
from keepcart.backends import Record, new_origin, stamp
from keepcart.documents import Owner, Seal, read, seal, sealed_size
from testbed.switchable import Switchable

NOTE: Document[str, str] = Document(
    "note",
    empty="",
    encode=lambda text: msgspec.json.encode((1, text)),
    decode=lambda body: read(body, {1: lambda body: msgspec.json.decode(body, type=tuple[int, str])[1]}),
    apply=lambda text, more: text + more,
    sealed=True,
)
ASHA, RAVI = Owner("asha", b"a" * 43), Owner("ravi", b"r" * 43)


def held(storage: Switchable, owner: Owner | str = ASHA, kind: Document[str, str] = NOTE) -> Held[str, str]:
    """Return a document as a process of its own has it."""
    document = Keeper(storage, keep_seconds=60).hold(owner, kind)
    document.load(renew=True)
    return document


def body(storage: Switchable, owner: str = "asha", name: str = "note") -> bytes:
    record = storage.inner.load(owner, name)
    assert record is not None
    return record.body


def store(storage: Switchable, content: bytes, owner: str = "asha", name: str = "note") -> None:
    known = storage.inner.load(owner, name)
    record = Record.after(known, stamp(new_origin(), 1), content)
    assert storage.inner.save(owner, name, record, replaces=known.token if known else None).saved


@given(some.binary(max_size=300))
def test_what_is_sealed_opens_with_the_owners_secret_and_is_never_the_same_twice(content: bytes) -> None:
    note = Seal(ASHA, "note")
    one, two = note.close(content), note.close(content)
    assert one != two
    assert Seal(ASHA, "note").open(one) == Seal(ASHA, "note").open(two) == content


def test_storage_holds_no_word_of_it_and_another_process_reads_it(storage: Switchable) -> None:
    held(storage).change("Flat 3, Baker Street")
    assert b"Baker" not in body(storage)
    assert held(storage).value == "Flat 3, Baker Street"


def test_a_document_that_is_not_declared_stays_readable(storage: Switchable) -> None:
    held(storage, kind=replace(NOTE, sealed=False)).change("two pens")
    assert body(storage) == b'[1,"two pens"]'


def test_a_document_may_be_sealed_only_where_its_value_has_words_to_hide(storage: Switchable) -> None:
    kind = replace(NOTE, sealed=lambda text: "secret" in text)
    held(storage, kind=kind).change("two pens")
    assert body(storage) == b'[1,"two pens"]'
    held(storage, kind=kind).change(", a secret")
    assert b"pens" not in body(storage)
    assert held(storage, kind=kind).value == "two pens, a secret"
    assert held(storage, RAVI, kind).value == ""


@pytest.mark.parametrize("size", [0, 1, 2, 3, 1_000, 83_274])
def test_how_large_a_sealed_document_is_can_be_told_before(size: int) -> None:
    assert len(Seal(ASHA, "note").close(b"x" * size)) == sealed_size(size)


def test_what_was_stored_unsealed_is_read_and_sealed_with_its_next_save(storage: Switchable) -> None:
    store(storage, b'[1,"Pune"]')
    document = held(storage)
    assert document.value == "Pune"
    assert body(storage) == b'[1,"Pune"]', "reading writes nothing"
    document.change(", Goa")
    assert b"Pune" not in body(storage)
    assert held(storage).value == "Pune, Goa"


@pytest.mark.parametrize(("owner", "name"), [("ravi", "note"), ("asha", "other")])
def test_a_sealed_document_does_not_open_in_another_place(storage: Switchable, owner: str, name: str) -> None:
    held(storage).change("Pune")
    store(storage, body(storage), owner, name)
    stolen = held(storage, replace(ASHA, key=owner), replace(NOTE, name=name))
    assert stolen.value == ""
    assert storage.inner.load(owner, f"{name}.corrupt") is not None


@pytest.mark.parametrize("owner", [RAVI, Owner("ravi"), "ravi"], ids=["another key", "no secret", "the key alone"])
def test_who_does_not_have_the_key_can_neither_read_nor_change_nor_lose_it(
    storage: Switchable, owner: Owner | str, caplog: pytest.LogCaptureFixture
) -> None:
    held(storage, Owner("ravi", b"another secret")).change("Pune")
    before = storage.inner.load("ravi", "note")
    with caplog.at_level(logging.WARNING):
        document = held(storage, owner)
    assert (document.locked, document.value) == (True, "")
    assert "document locked" in caplog.text
    with pytest.raises(Locked):
        document.change("Goa")
    assert storage.inner.load("ravi", "note") == before


def test_without_the_extra_sealed_documents_are_locked_and_new_ones_are_kept_as_they_are(
    storage: Switchable, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    held(storage).change("Pune")
    before = body(storage)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    seal._can_seal.cache_clear()
    with caplog.at_level(logging.WARNING):
        document = held(storage)
        assert document.locked
        assert body(storage) == before
        held(storage, RAVI).change("Goa")
    assert body(storage, "ravi") == b'[1,"Goa"]'
    assert caplog.text.count("keepcart[sealed]") == 1
    monkeypatch.undo()
    seal._can_seal.cache_clear()
    assert held(storage).value == "Pune"
    assert held(storage, RAVI).value == "Goa"


@pytest.mark.parametrize("place", [0, 12, 30, 40, 60, -3])
def test_a_document_that_was_altered_is_kept_aside_or_left_and_never_read(storage: Switchable, place: int) -> None:
    held(storage).change("Flat 3, Baker Street, Pune")
    altered = bytearray(body(storage))
    altered[place] = ord("A") if altered[place] != ord("A") else ord("B")
    store(storage, bytes(altered))
    document = held(storage)
    assert document.value == ""
    aside = storage.inner.load("asha", "note.corrupt")
    assert document.locked or (aside is not None and aside.body == bytes(altered))


# A person, under secrets that change


NEW = Owner("new", b"n" * 32, former=(Owner("old", b"o" * 32), Owner("plain")))


def test_what_is_kept_under_a_former_key_is_read_and_moves_with_the_next_save(storage: Switchable) -> None:
    held(storage, NEW.former[0]).change("Pune")
    document = held(storage, NEW)
    assert document.value == "Pune"
    assert storage.inner.load("new", "note") is None, "reading writes nothing"
    document.change(", Goa")
    assert held(storage, Owner("new", b"n" * 32)).value == "Pune, Goa", "the new secret is enough"


def test_the_newest_key_that_has_it_counts(storage: Switchable) -> None:
    held(storage, Owner("plain")).change("oldest")
    held(storage, NEW.former[0]).change("older")
    assert held(storage, NEW).value == "older"
    held(storage, NEW).change("!")
    held(storage, NEW.former[0]).change(" of another replica, too late")
    assert held(storage, NEW).value == "older!"


def test_a_change_made_before_anything_was_read_meets_what_is_under_the_former_key(storage: Switchable) -> None:
    held(storage, NEW.former[0]).change("Pune")
    keeper = Keeper(storage, keep_seconds=60)
    storage.off = True
    document = keeper.hold(NEW, NOTE)
    document.load()
    document.change(", Goa")
    assert document.waiting
    storage.off = False
    document.send(probe=True)
    assert document.saved
    assert held(storage, NEW).value == "Pune, Goa"


def test_a_former_document_that_nobody_can_read_is_left_alone(
    storage: Switchable, caplog: pytest.LogCaptureFixture
) -> None:
    store(storage, b"nonsense", owner="old")
    store(storage, b'[1,"Pune"]', owner="plain")
    with caplog.at_level(logging.ERROR):
        assert held(storage, NEW).value == "Pune"
    assert "former key" in caplog.text
    assert body(storage, "old") == b"nonsense"


def test_a_former_document_of_a_newer_release_locks(storage: Switchable) -> None:
    store(storage, b"[2,3]", owner="old")
    assert held(storage, NEW).locked


def test_forgetting_a_person_forgets_what_is_under_former_keys(storage: Switchable) -> None:
    for former in NEW.former:
        held(storage, former).change("Pune")
    keeper = Keeper(storage, keep_seconds=60)
    document = keeper.hold(NEW, NOTE)
    document.load()
    keeper.forget(NEW)
    assert document.value == ""
    assert held(storage, NEW).value == ""
    assert [storage.inner.load(key, "note") for key in ("new", "old", "plain")] == [None] * 3


def test_while_storage_is_away_a_forgotten_person_stays_forgotten(storage: Switchable) -> None:
    held(storage, NEW.former[0]).change("Pune")
    keeper = Keeper(storage, keep_seconds=60)
    document = keeper.hold(NEW, NOTE)
    document.load()
    storage.refuses_writes = True
    keeper.forget(NEW)
    document.load()
    assert document.value == ""
    storage.refuses_writes = False
    assert keeper.backlog.try_again()
    document.load()
    assert document.value == ""
    assert storage.inner.load("old", "note") is None


def test_the_secret_is_not_in_an_owners_repr() -> None:
    assert "aaa" not in repr(ASHA)


def test_without_a_sealed_document_no_cryptography_is_imported(tmp_path: Path) -> None:
    import subprocess  # noqa: PLC0415

    program = """
import sys
from keepcart import Keeper
from keepcart.backends import open_storage
from keepcart.documents import VALUES, Owner
keeper = Keeper(open_storage(sys.argv[1]), keep_seconds=60)
assert "cryptography" not in sys.modules
values = keeper.hold(Owner("asha", b"secret"), VALUES)
values.load()
assert "cryptography" not in sys.modules
values.change({})
assert "cryptography" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program, f"sqlite:///{tmp_path / 'test.db'}"], check=True)
