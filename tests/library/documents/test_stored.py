"""Everything that storage has of a visitor, readable: also what this process never read, and what cannot be read."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from keepcart import Keeper
from keepcart.backends import Record, Unavailable, new_origin, open_storage, stamp
from keepcart.documents import backlog
from testbed.switchable import Switchable

ME = "asha"


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Switchable]:
    opened = Switchable(open_storage(f"sqlite:///{tmp_path / 'test.db'}"))
    yield opened
    opened.close()


@pytest.fixture
def keeper(line: Switchable, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    monkeypatch.setattr(backlog, "PROBE_SECONDS", 0.02)
    return Keeper(line, keep_seconds=60)


def store(line: Switchable, name: str, body: bytes) -> None:
    line.inner.save(ME, name, Record.after(None, stamp(new_origin(), 0), body), replaces=None)


def test_documents_that_nobody_holds_are_there_as_json_has_them(keeper: Keeper, line: Switchable) -> None:
    store(line, "cart", b'[1,[["LAPTOP",2,2500000]]]')
    store(line, "drafts", b'{"name":"Asha \xe2\x82\xb9"}')
    assert keeper.stored(ME) == {"cart": [1, [["LAPTOP", 2, 2500000]]], "drafts": {"name": "Asha ₹"}}
    assert line.calls == ["documents"], "one round trip"
    assert keeper.stored("other") == {}


def test_what_cannot_be_read_is_there_as_text(keeper: Keeper, line: Switchable, tmp_path: Path) -> None:
    store(line, "cart", b"{not json")
    store(line, "odd", b"")
    with sqlite3.connect(tmp_path / "test.db") as file:
        file.execute("INSERT INTO documents VALUES (?, 'kept.corrupt', ?, ?)", (ME, b"\xff junk", time.time() + 60))
        file.execute("INSERT INTO documents VALUES (?, 'list', 'text', ?)", (ME, time.time() + 60))
    file.close()
    assert keeper.stored(ME) == {
        "cart": "{not json",
        "kept.corrupt": "\ufffd junk",
        "list": "(a value that has no bytes)",
        "odd": "",
    }


def test_while_storage_is_away_it_is_said_and_asked_but_once(keeper: Keeper, line: Switchable) -> None:
    line.off = True
    for _ in range(3):
        with pytest.raises(Unavailable):
            keeper.stored(ME)
    assert line.calls.count("documents") == 1


def test_what_is_to_be_forgotten_is_not_shown(keeper: Keeper, line: Switchable) -> None:
    store(line, "cart", b"[1,[]]")
    line.refuses_writes = True
    keeper.forget(ME)
    assert keeper.stored(ME) == {}
