"""Every promise of `Storage.documents`, and of forgetting for good, over every backend."""

from __future__ import annotations

import time

import pytest

from keepcart.backends import Forgotten, Record, Storage, new_origin, stamp
from testbed.backends import Backend

MARK = stamp(new_origin(), 0)


def first(body: bytes = b"[]") -> Record:
    return Record.after(None, MARK, body)


def test_everything_of_the_owner_is_there_by_name_as_it_is_stored(storage: Storage, owner: str) -> None:
    cart, kept = first(b"[1]"), first(b"[2]")
    storage.save(owner, "cart", cart, replaces=None)
    storage.save(owner, "kept", kept, replaces=None)
    assert storage.documents(owner) == {"cart": cart.encode(), "kept": kept.encode()}


def test_an_owner_of_whom_nothing_is_stored_has_nothing(storage: Storage, owner: str) -> None:
    assert storage.documents(owner) == {}
    storage.forget(owner)
    assert storage.documents(owner) == {}


def test_others_and_other_apps_are_not_shown(backend: Backend, storage: Storage, owner: str) -> None:
    elsewhere = backend.open(prefix="another-app")
    for other in (f"{owner}x", owner[:-1], f"{owner}.cart"):
        storage.save(other, "cart", first(), replaces=None)
    elsewhere.save(owner, "cart", first(), replaces=None)
    assert storage.documents(owner, also=["cart"]) == {}
    elsewhere.close()


def test_what_was_set_aside_is_there_also_beside_the_document_that_followed_it(
    backend: Backend, storage: Storage, owner: str
) -> None:
    backend.plant(owner, "cart", b"\xff junk")
    assert storage.set_aside(owner, "cart", b"\xff junk")
    assert storage.documents(owner) == {"cart.corrupt": b"\xff junk"}
    now = first()
    storage.save(owner, "cart", now, replaces=None)
    assert storage.documents(owner) == {"cart": now.encode(), "cart.corrupt": b"\xff junk"}
    storage.forget(owner)
    assert storage.documents(owner, also=["cart"]) == {}


def test_a_value_of_another_kind_is_named_without_bytes(backend: Backend, storage: Storage, owner: str) -> None:
    backend.plant(owner, "cart", None)
    assert storage.documents(owner, also=["cart"]) == {"cart": None}


def test_what_a_release_without_an_index_stored_is_found_under_its_names(
    backend: Backend, storage: Storage, owner: str
) -> None:
    cart = first()
    backend.plant(owner, "cart", cart.encode())
    backend.plant(owner, "kept.corrupt", b"junk")
    assert storage.documents(owner, also=["cart", "kept", "never-stored"]) == {
        "cart": cart.encode(),
        "kept.corrupt": b"junk",
    }


def test_a_document_that_has_expired_is_not_there(backend: Backend, owner: str) -> None:
    short = backend.open(keep_seconds=1)
    short.save(owner, "cart", first(), replaces=None)
    time.sleep(1.1)
    assert short.documents(owner) == {}
    short.close()


def test_looking_renews_nothing(backend: Backend, owner: str) -> None:
    short, long = backend.open(keep_seconds=60), backend.open()
    short.save(owner, "cart", first(), replaces=None)
    assert long.documents(owner)
    assert backend.seconds_left(owner, "cart") <= 60
    short.close()
    long.close()


def test_an_owner_that_cannot_be_one_is_refused(storage: Storage) -> None:
    with pytest.raises(ValueError, match="owner"):
        storage.documents("a:b")


def test_who_is_forgotten_for_good_is_refused_every_later_change(storage: Storage, owner: str) -> None:
    known = first()
    storage.save(owner, "cart", known, replaces=None)
    storage.forget(owner, for_good=True)
    storage.forget(owner)
    time.sleep(0.05)
    for name, replaces in (("cart", known.token), ("cart", None), ("new", None)):
        with pytest.raises(Forgotten, match="for good") as refused:
            storage.save(owner, name, first(), replaces=replaces)
        assert refused.value.for_good
    assert storage.documents(owner, also=["cart", "new"]) == {}
    assert storage.save(f"{owner}x", "cart", first(), replaces=None).saved, "another owner"


def test_who_is_forgotten_otherwise_is_not_forgotten_for_good(storage: Storage, owner: str) -> None:
    storage.forget(owner)
    with pytest.raises(Forgotten) as refused:
        storage.save(owner, "cart", first(), replaces=None, age=60)
    assert not refused.value.for_good
