"""What a visitor types reaches storage sealed: no file, no dump and no `MONITOR` shows a word of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextArea, TextInput

from testbed.servers import RedisServer, redis_server

ME = "m" * 43
WORDS = [f"Wort-{number}-ütterly-secret" for number in range(20)]
SCRIPT = """
import streamlit as st
from keepcart import Kept, begin_visit

visit = begin_visit({url!r})
for number in range(19):
    visit.widget(Kept(f"text-{{number}}", str, default=""), st.text_input, f"Text {{number}}")
visit.widget(Kept("text-19", str, default=""), st.text_area, "Text 19")
visit.complete_run()
"""


def opened(url: str) -> AppTest:
    app = AppTest.from_string(SCRIPT.format(url=url), default_timeout=60)
    app.session_state["keepcart.visitor"] = ME
    return app.run()


def box(page: AppTest, number: int) -> TextInput | TextArea:
    return page.text_area(key="kept-text-19") if number == 19 else page.text_input(key=f"kept-text-{number}")


def type_all(url: str) -> None:
    """Type each word by itself, one run each, and see that all are kept."""
    page = opened(url)
    for number, word in enumerate(WORDS):
        box(page, number).input(word).run()
    again = opened(url)
    assert [box(again, number).value for number in range(20)] == WORDS


def assert_unread(content: bytes) -> None:
    """No word stands there, neither as it is nor as JSON in ASCII; the visitor id does not either."""
    assert content
    shown = [word for word in WORDS if word.encode() in content or word.replace("ü", "\\u00fc").encode() in content]
    assert not shown
    assert b"secret" not in content
    assert ME.encode() not in content


def test_in_the_files_of_sqlite(tmp_path: Path) -> None:
    type_all(f"sqlite:///{tmp_path / 'kept.db'}")
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"kept" in content
    assert_unread(content)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path, appendonly=True) as running:
        running.tell("CONFIG", "SET", "rdbcompression", "no")
        yield running


@contextmanager
def monitored(server: RedisServer) -> Iterator[list[str]]:
    """Give every command that the server is sent, as `MONITOR` shows it."""
    seen: list[str] = []
    with redis.Redis(port=server.port, protocol=2) as client, client.monitor() as monitor:

        def watch() -> None:
            for command in monitor.listen():
                seen.append(command["command"])
                if command["command"] == "ECHO end":
                    return

        thread = threading.Thread(target=watch)
        thread.start()
        yield seen
        server.tell("ECHO", "end")
        thread.join(5)
        assert not thread.is_alive()


@pytest.mark.server
def test_in_redis_what_it_is_told_its_values_and_its_files(server: RedisServer, tmp_path: Path) -> None:
    with monitored(server) as commands:
        type_all(server.url)
    assert any("EVALSHA" in command for command in commands)
    assert_unread("\n".join(commands).encode())
    server.tell("SAVE")
    files = [file for file in tmp_path.rglob("*") if file.suffix in (".rdb", ".aof")]
    assert any(file.suffix == ".aof" for file in files)
    assert_unread(b"".join(file.read_bytes() for file in files))


def test_the_words_would_be_found_if_they_stood_there() -> None:
    with pytest.raises(AssertionError):
        assert_unread(f"[1,{{'text-0':[1,'{WORDS[3]}']}}]".encode())
