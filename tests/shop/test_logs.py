"""What a line of the log says, and what it leaves out."""

from __future__ import annotations

import inspect
import json
import logging
import sys
import time
from typing import Any

import pytest
from streamlit.web.server.starlette import starlette_websocket

from app.logs import LONGEST, OneLine, Repeated
from keepcart.middleware import new_visitor_id

SESSION = "0d9f9a9c-2f1c-4c70-8b5e-1a2b3c4d5e6f"


def written(logger: str, message: object, *arguments: object, **extra: object) -> dict[str, Any]:
    """Return the event of a record as its line holds it."""
    record = logging.makeLogRecord(
        {"name": logger, "msg": message, "args": arguments, "levelname": "WARNING", "levelno": 30, **extra}
    )
    line = OneLine().format(record)
    assert line.isascii()
    assert line.isprintable(), "no control character reaches a terminal"
    event: dict[str, Any] = json.loads(line)
    return event


@pytest.mark.parametrize("logger", ["app.catalogue", "keepcart.documents", "streamlit.runtime", "stderr"])
def test_no_line_holds_an_id(logger: str) -> None:
    for secret in (new_visitor_id(), SESSION):
        assert written(logger, "it is %s.", secret)["event"] == "it is (id)."
        assert written(logger, "it", problem=KeyError(secret))["problem"] == "'(id)'"


ADDRESSES = pytest.mark.parametrize(
    ("said", "left"),
    [
        ("from 127.0.0.1:54321", "from (address)"),
        ("from ('127.0.0.1', 54321)", "from ('(address))"),
        ("from [2001:db8::7]:54321.", "from [(address)."),
        ("from ::1", "from (address)"),
        ("Origin https://evil.example/a?tab=1, refused", "Origin (address) refused"),
        ("at 12:30:59 in release 1.67.0, line 3: done", "at 12:30:59 in release 1.67.0, line 3: done"),
    ],
)


def test_the_same_trace_is_written_ten_times_a_minute_and_others_go_on() -> None:
    repeated = Repeated()

    def passes(*, at: float, number: int = 0) -> bool:
        try:
            int(f"no number {number}") if number < 100 else [][number]
        except (ValueError, IndexError):
            record = logging.makeLogRecord({"name": "streamlit", "exc_info": sys.exc_info(), "created": at})
        return repeated.filter(record)

    assert [passes(at=1.0, number=number) for number in range(15)] == [True] * 10 + [False] * 5
    assert passes(at=1.0, number=100), "another exception"
    assert passes(at=61.5), "a minute later"
    assert repeated.filter(logging.makeLogRecord({"name": "streamlit"})), "no trace"


def test_no_value_of_a_line_is_longer_than_its_bound() -> None:
    event = written("streamlit", "x" * 1_000_000)["event"]
    assert len(event) < LONGEST + 10


def test_long_names_in_code_are_no_ids() -> None:
    name = "test_a_name_of_a_function_of_forty_three_le"
    assert len(name) == 43
    assert written("app", f"in {name}")["event"] == f"in {name}"


@ADDRESSES
def test_no_line_that_others_write_holds_an_address(said: str, left: str) -> None:
    assert written("uvicorn.error", said)["event"] == left


def test_streamlits_refusal_names_neither_origin_nor_host() -> None:
    words = "Rejecting WebSocket connection with disallowed Origin or Host header: origin=%s, host=%s"
    assert "header: origin=%s, host=%s" in inspect.getsource(starlette_websocket), "its words have changed"
    event = written("streamlit.web", words, "https://evil.example", "shop.internal")
    assert event["event"] == words.partition(":")[0]


def test_our_own_lines_name_the_database() -> None:
    event = written("keepcart.documents", "storage is away", problem="storage at redis://10.0.0.7:6379/0: refused")
    assert "redis://10.0.0.7:6379/0" in event["problem"]


def test_a_line_with_wrong_arguments_is_a_line_all_the_same() -> None:
    assert written("other", "%d pieces", "many")["event"] == "%d pieces ('many',)"


def test_escape_sequences_and_lone_surrogates_are_escaped() -> None:
    assert written("stderr", "\x1b[31mred\x9b \u202e \ud800")["event"] == "\x1b[31mred\x9b \u202e \ud800"


@pytest.mark.parametrize("piece", ["1", "1.", ":", "a://", "a-", "-", "f", "é", "0:", "[", "x-9A"])
def test_a_hostile_line_takes_linear_time(piece: str) -> None:
    started = time.monotonic()
    written("streamlit", piece * (1_000_000 // len(piece)))
    assert time.monotonic() - started < 5
