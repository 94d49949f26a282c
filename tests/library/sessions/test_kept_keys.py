"""What is too large is not kept: the log says so once, and the visitor sees nothing of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepcart.sessions.codec import Codec, OwnClasses, Unreadable
from keepcart.sessions.kept_keys import MAX_SESSION_BYTES, MAX_VALUE_BYTES, KeptKeys

HEAD = 5
"""Bytes that msgpack needs beside those of a long value."""


@pytest.fixture
def keys(tmp_path: Path) -> KeptKeys:
    return KeptKeys(Codec(OwnClasses(tmp_path)), lambda key: key != "left out")


def test_a_value_as_large_as_it_may_be_is_kept_and_one_byte_more_is_not(
    keys: KeptKeys, caplog: pytest.LogCaptureFixture
) -> None:
    most = bytes(MAX_VALUE_BYTES - HEAD)
    there = [("most", most), ("more", most + b"x"), ("small", 1)]
    for _ in range(3):
        stored = keys.stored(there, {})
        assert set(stored.forms) == {"most", "small"}
        assert stored.unkept == {"more"}
    (record,) = caplog.records
    assert record.__dict__["key"] == "more"
    assert f"more than {MAX_VALUE_BYTES}" in record.__dict__["problem"]


def test_a_session_keeps_as_many_values_as_fit(keys: KeptKeys, caplog: pytest.LogCaptureFixture) -> None:
    large = bytes(MAX_VALUE_BYTES - HEAD)
    there = [*((f"large {number}", large) for number in range(5)), ("small", 1)]
    for _ in range(3):
        stored = keys.stored(there, {})
        assert sum(map(len, stored.forms.values())) <= MAX_SESSION_BYTES
        assert stored.unkept == {"large 4"} | ({"small"} - stored.forms.keys())
    assert {record.__dict__["key"] for record in caplog.records} == stored.unkept
    assert len(caplog.records) == len(stored.unkept)


def test_our_own_keys_are_never_kept_and_those_left_out_are_missing(keys: KeptKeys) -> None:
    stored = keys.stored([("keepcart.visitor", "secret"), ("left out", 1), ("kept", 1)], {})
    assert set(stored.forms) == {"kept"}
    assert stored.unkept == {"left out"}


def test_an_unchanged_value_is_not_encoded_again(keys: KeptKeys) -> None:
    value = [{"thing": "Lamp"}]
    known = keys.stored([("rows", value)], {}).forms
    again = keys.stored([("rows", value)], known).forms
    assert again["rows"] is known["rows"]
    value[0]["thing"] = "Desk"
    changed = keys.stored([("rows", value)], known).forms
    assert keys.value("rows", changed["rows"]) == value


def test_what_cannot_be_read_is_said_once(keys: KeptKeys, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        with pytest.raises(Unreadable):
            keys.value("old", b"\xc1")
    assert [record.__dict__["key"] for record in caplog.records] == ["old"]
