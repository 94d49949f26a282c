"""Two replicas of different releases over one storage: the older one knows no trail (schema 1 only)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from app.domain import cart_document
from app.domain.cart import CART, LATER, LONGEST_TRAIL, Cart, Limits, Line, contents
from app.domain.changes import Add, Change, Move, Remove, SetQuantity
from app.domain.ordering import TakeOrdered
from app.domain.setups import Delete, Keep
from app.domain.undo import Undo
from keepcart import Document, Held, Keeper, Locked
from keepcart.backends import Record, open_storage
from keepcart.documents import Owner, backlog, read
from testbed.switchable import Switchable

NEW = cart_document.cart_document(Limits(max_quantity=99, max_lines=9))


def _encode_as_before(cart: Cart) -> bytes:
    return msgspec.json.encode((1, [(line.sku, line.quantity, line.price_told) for line in cart.lines]))


def _decode_as_before(body: bytes) -> Cart:
    return read(body, {1: cart_document._read_first})


def _apply_as_before(cart: Cart, change: Change) -> Cart:
    return dataclasses.replace(NEW.apply(cart, change), trail=())


OLD = Document("cart", Cart(), _encode_as_before, _decode_as_before, _apply_as_before)


@pytest.fixture(autouse=True)
def _no_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "PROBE_SECONDS", 60.0)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Switchable]:
    opened = open_storage(f"sqlite:///{tmp_path / 'test.db'}")
    yield Switchable(opened)
    opened.close()


def page(storage: Switchable, release: Document[Cart, Change]) -> Held[Cart, Change]:
    """Open the visitor's cart in a replica of its own."""
    held = Keeper(storage, keep_seconds=60).hold("me", release)
    held.load(renew=True)
    return held


def stored(storage: Switchable) -> Record:
    record = storage.inner.load("me", "cart")
    assert record is not None
    return record


def test_both_releases_change_the_same_cart_as_long_as_the_older_one_can_read_it(storage: Switchable) -> None:
    old, new = page(storage, OLD), page(storage, NEW)
    old.change(Add("LAPTOP", 1, 5))
    new.change(Add("MOUSE", 1, 5))
    old.change(Add("MOUSE", 1, 5))
    new.load()
    assert contents(old.value.lines) == contents(new.value.lines) == [("LAPTOP", 1), ("MOUSE", 2)]


def test_what_only_the_newer_release_can_read_the_older_one_neither_moves_nor_overwrites(storage: Switchable) -> None:
    old, new = page(storage, OLD), page(storage, NEW)
    new.change(Add("LAPTOP", 1, 5))
    old.change(Add("MOUSE", 1, 5))
    new.change(Remove("LAPTOP"))
    newer = stored(storage)
    assert newer.body.startswith(b"[2,")
    for _ in range(2):
        with pytest.raises(Locked):
            old.change(Add("DESK", 1, 5))
        old.load()
        assert old.locked
    assert page(storage, OLD).locked
    assert stored(storage) == newer
    assert storage.inner.load("me", "cart.corrupt") is None


def test_the_older_release_goes_on_once_it_can_read_the_cart_again(storage: Switchable) -> None:
    old, new = page(storage, OLD), page(storage, NEW)
    new.change(Add("LAPTOP", 1, 5))
    new.change(Remove("LAPTOP"))
    with pytest.raises(Locked):
        old.change(Add("MOUSE", 1, 5))
    new.change(Undo(new.value.trail[-1]))
    assert stored(storage).body.startswith(b"[1,")
    old.load()
    old.change(Add("MOUSE", 1, 5))
    assert contents(old.value.lines) == [("LAPTOP", 1), ("MOUSE", 1)]


def test_what_waits_in_the_older_release_is_given_up_and_said_where_the_newer_one_was_first(
    storage: Switchable,
) -> None:
    old, new = page(storage, OLD), page(storage, NEW)
    new.change(Add("LAPTOP", 1, 5))
    storage.off = True
    old.change(Add("MOUSE", 1, 5))
    storage.off = False
    new.change(Remove("LAPTOP"))
    newer = stored(storage)
    old.send(probe=True)
    (reason,) = old.given_up()
    assert isinstance(reason, Locked)
    assert stored(storage) == newer


def _encode_without_setups(cart: Cart) -> bytes:
    return cart_document.encode(dataclasses.replace(cart, later=(), setups=()))


WITHOUT_SETUPS = Document(
    "cart",
    Cart(),
    _encode_without_setups,
    lambda body: read(body, {1: cart_document._read_first, 2: cart_document._read_second}),
    NEW.apply,
)
"""The release before setups: schemas 1 and 2, and no seal."""
OWNER = Owner("me", secret=b"of a cookie")


def page_of(storage: Switchable, release: Document[Cart, Change]) -> Held[Cart, Change]:
    """Open the visitor's cart in a replica that knows the secret, as the shop's do."""
    held = Keeper(storage, keep_seconds=60).hold(OWNER, release)
    held.load(renew=True)
    return held


def test_a_cart_without_anything_beside_it_is_changed_by_both_releases(storage: Switchable) -> None:
    before, now = page_of(storage, WITHOUT_SETUPS), page_of(storage, NEW)
    before.change(Add("LAPTOP", 1, 5))
    now.change(Add("MOUSE", 1, 5))
    now.change(Remove("LAPTOP"))
    before.change(Add("DESK", 1, 5))
    now.load()
    assert contents(now.value.lines)[-1] == ("DESK", 1)
    assert stored(storage).body.startswith(b"[2,")


@pytest.mark.parametrize(
    "act",
    [Move("LAPTOP", CART, LATER), Keep("x7k2mq", "Standing desk", (Line("LAPTOP", 1, 5),))],
    ids=["later", "setup"],
)
def test_what_lies_beside_the_cart_locks_it_for_the_release_before_until_it_is_gone(
    storage: Switchable, act: Change
) -> None:
    now = page_of(storage, NEW)
    now.change(Add("LAPTOP", 1, 5))
    now.change(act)
    newer = stored(storage)
    assert newer.body.startswith(b"[3," if isinstance(act, Move) else b"[1000000,")
    assert b"Standing" not in newer.body
    before = page_of(storage, WITHOUT_SETUPS)
    assert before.locked
    with pytest.raises(Locked):
        before.change(Add("DESK", 1, 5))
    assert stored(storage) == newer
    now.change(Move("LAPTOP", LATER, CART) if isinstance(act, Move) else Delete("x7k2mq"))
    for _ in range(LONGEST_TRAIL):
        now.change(SetQuantity("LAPTOP", now.value.lines[0].quantity + 1))
    before.load()
    before.change(Add("DESK", 1, 5))
    assert contents(before.value.lines) == [("LAPTOP", 6), ("DESK", 1)]


def test_a_cart_that_was_ordered_from_is_locked_for_the_release_before(storage: Switchable) -> None:
    now = page_of(storage, NEW)
    now.change(Add("LAPTOP", 2, 5))
    now.change(TakeOrdered("0" * 24, (("LAPTOP", 1),)))
    newer = stored(storage)
    assert newer.body.startswith(b"[4,")
    assert page_of(storage, WITHOUT_SETUPS).locked
    assert stored(storage) == newer
