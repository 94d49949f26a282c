"""The log of a real store that is shopped in, attacked and stopped: JSON from end to end, and nobody is named in it."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from testbed.servers import Store, running_store
from testbed.wire.open_page import OpenPage

ORIGIN = "https://evil.example"

NOISY = '''
"""The store, with a path that makes every kind of noise which is no log event, and breaks the pages."""

import asyncio, logging, sys, threading, warnings

from app.main import app as store
from app.views import navigation
from streamlit.logger import get_logger


class Noisy:
    def __del__(self):
        raise ValueError("noise of a destructor")


async def fail():
    raise ValueError("noise of a task")


def fail_in_thread():
    raise ValueError("noise of a thread")


def broken(shopping):
    raise ValueError("noise of a page")


async def app(scope, receive, send):
    if scope.get("path") == "/noise":
        host, port = scope["client"]
        print("noise on\\nstandard output")
        print("noise on standard error", file=sys.stderr)
        warnings.warn("noise of a warning")
        get_logger("streamlit.late").warning("noise of %s:%s with %s", host, port, "Origin: https://evil.example")
        logging.getLogger("other").info("noise of %d", "a wrong argument")
        thread = threading.Thread(target=fail_in_thread)
        thread.start()
        thread.join()
        Noisy()
        asyncio.get_running_loop().create_task(fail())
        await asyncio.sleep(0)
        navigation.pages = broken
    await store(scope, receive, send)
'''


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "noisy.py").write_text(NOISY, encoding="utf-8")
    command = ("-m", "uvicorn", "--app-dir", str(tmp_path), "noisy:app", "--host", "127.0.0.1", "--port")
    with running_store(tmp_path / "store", command=command) as running:
        yield running


def events(store: Store) -> list[dict[str, Any]]:
    """Return the lines that the process has written; fail at the first that is not an object of JSON."""
    found = []
    for line in store.output.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            pytest.fail(f"not JSON: {line}")
        assert {"time", "level", "logger", "event"} <= event.keys(), line
        found.append(event)
    return found


def say(store: Store, said: bytes) -> int:
    """Send bytes to the store's port; return the port that they came from, after the store has hung up."""
    place = urlsplit(store.url)
    with closing(socket.create_connection((place.hostname, place.port), timeout=5)) as connection:
        connection.sendall(said)
        while connection.recv(4096):
            pass
        port: int = connection.getsockname()[1]
        return port


def test_every_line_of_a_store_under_attack_is_json_and_names_nobody(store: Store) -> None:
    websocket = f"{store.url.replace('http', 'ws')}/_stcore/stream"
    with OpenPage(store.url) as page:
        page.press("add-LAPTOP")
        session = page._session_id
        visitor = page.cookies["keepcart"]
        cookie = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
        # A second connection of the same session: Streamlit logs the session's id.
        again = [Subprotocol("streamlit"), Subprotocol(page.cookies.get("_streamlit_xsrf", "x")), Subprotocol(session)]
        with connect(websocket, subprotocols=again, additional_headers={"Cookie": cookie}):
            pass
    with pytest.raises(InvalidStatus):
        connect(websocket, origin=Origin(ORIGIN)).close()
    ports = [say(store, b"\x16\x03\x01 no HTTP\r\n\r\n")]
    with connect(websocket) as broken:
        ports.append(broken.socket.getsockname()[1])
        broken.send(b"\xff\xff\xff")
    httpx.get(f"{store.url}/noise", headers={"Origin": ORIGIN})
    with OpenPage(store.url) as page:
        assert "Something went wrong" in page.shown.text()
    store.stop()

    found = events(store)

    assert "store opened" in [event["event"] for event in found]
    assert "store closed" in [event["event"] for event in found], "the end is logged, too"
    output = store.output
    for kind in ("task", "thread", "destructor", "page", "warning", "a wrong argument"):
        assert f"noise of {kind}" in output or kind in output, kind
    assert "noise on standard error" in [event["event"] for event in found]
    assert {"noise on", "standard output"} <= {event["event"] for event in found}
    assert [event["logger"] for event in found if "with Origin" in event["event"]] == ["streamlit.late"]
    assert "is already connected" in output, "Streamlit has written of the session"
    assert "Invalid HTTP request" not in output, "a stranger makes as many as they like"
    for secret in (ORIGIN, "evil.example", visitor, session):
        assert secret not in output
    assert not re.search(r"127\.0\.0\.1\D{1,4}\d{4}", output)
    for port in ports:
        assert not re.search(rf"\b{port}\b", output)
