"""Places for pages, as the ASGI app behind the middleware meets them."""

from __future__ import annotations

import logging
from contextlib import ExitStack

import anyio
import pytest
from starlette.types import Message, Receive, Scope, Send

from keepcart import OpenPages, Places


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def ask(places: Places, path: str = "/", accept: str = "text/html", kind: str = "http", **words: str) -> list[Message]:
    """Return what was answered; the app behind answers with its own name."""
    scope: Scope = {"type": kind, "method": "GET", "path": path, "headers": [(b"accept", accept.encode())]}
    answers: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "app", "taken": places.taken})

    async def collect(message: Message) -> None:
        answers.append(message)

    anyio.run(OpenPages(app, places, not_pages=["/readyz"], **words), scope, _nothing, collect)
    return answers


def full(limit: int = 1) -> Places:
    places = Places(limit)
    places.taken = limit
    return places


def test_a_page_takes_a_place_while_it_is_on_its_way_and_a_websocket_while_it_is_open() -> None:
    places = Places(1)
    for kind in ("http", "websocket"):
        assert ask(places, kind=kind) == [{"type": "app", "taken": 1}]
        assert places.taken == 0


def test_a_place_is_free_again_where_the_app_fails() -> None:
    places = Places(1)
    with pytest.raises(RuntimeError), places.one():
        raise RuntimeError
    assert places.taken == 0


def test_beyond_the_limit_a_page_is_answered_with_503_and_tries_again() -> None:
    start, body = ask(full(), title="<b>Tea</b>", words="A & B")
    assert start["status"] == 503
    headers = dict(start["headers"])
    assert headers[b"retry-after"] == b"15"
    assert headers[b"cache-control"] == b"no-store"
    assert int(headers[b"content-length"]) == len(body["body"])
    text = body["body"].decode()
    assert '<meta http-equiv="refresh" content="15">' in text
    assert "&lt;b&gt;Tea" in text
    assert "A &amp; B" in text
    assert "<script" not in text


def test_probes_and_files_need_no_place() -> None:
    for path, accept in (("/readyz", "text/html"), ("/static/x.js", "*/*"), ("/", "*/*")):
        assert ask(full(), path, accept) == [{"type": "app", "taken": 1}]
    assert ask(full(), kind="lifespan") == [{"type": "app", "taken": 1}]


def test_who_got_the_page_gets_its_websocket_from_a_reserve_and_beyond_it_nobody() -> None:
    places = full(100)
    with ExitStack() as reserve:
        for _ in range(10):
            assert places.has_room(websocket=True)
            assert not places.has_room(websocket=False)
            reserve.enter_context(places.one())
        assert ask(places, kind="websocket") == [{"type": "websocket.close", "code": 1013}]


def test_the_log_is_told_once_when_it_begins_to_be_full_and_once_when_there_is_room(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "keepcart")
    places = Places(8)
    with ExitStack() as pages:
        for _ in range(7):
            pages.enter_context(places.one())
        for _ in range(5):
            with places.one():
                assert places.is_full
                assert ask(places)[0]["status"] == 503
            assert not places.is_full
        assert [record.message for record in caplog.records] == ["no place for more pages"]
    assert [record.message for record in caplog.records] == ["no place for more pages", "places for pages again"]


def test_no_place_at_all_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Places(0)
