"""What the server makes of Streamlit's page, as the browser gets it."""

from __future__ import annotations

import gzip
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
import streamlit
from starlette.types import Message, Receive, Scope, Send

from keepcart import Asked, FirstPaint, Paint

STREAMLITS = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
PAINT = Paint(body="<main>Painted</main>", style="main { color: teal }", drawn='main:has([title="x"])')


def answer(
    render: Callable[[Asked, Any], Paint | None],
    path: str = "/",
    *,
    page: str = STREAMLITS,
    status: int = 200,
    kind: str = "text/html; charset=utf-8",
    scope: dict[str, Any] | None = None,
    **options: Any,
) -> tuple[dict[bytes, bytes], bytes]:
    """Return headers and body of a page that an app sends in two pieces; the length is checked."""
    answers: list[Message] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(page.encode())).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": page[:500].encode(), "more_body": True})
        await send({"type": "http.response.body", "body": page[500:].encode()})

    async def collect(message: Message) -> None:
        answers.append(message)

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    asked = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"q=two+words&q=second&page=2",
        "headers": [(b"accept", b"text/html"), (b"accept-encoding", b"gzip")],
        **(scope or {}),
    }
    anyio.run(FirstPaint(app, render, **options), asked, nothing, collect)
    body: bytes = b"".join(answer.get("body", b"") for answer in answers[1:])
    headers = dict(answers[0]["headers"])
    assert headers[b"content-length"] == str(len(body)).encode()
    return headers, body


def ask(render: Callable[[Asked, Any], Paint | None], path: str = "/", **options: Any) -> str:
    """Return the page as the browser reads it."""
    headers, body = answer(render, path, **options)
    return (gzip.decompress(body) if headers.get(b"content-encoding") == b"gzip" else body).decode()


def painted(_asked: Asked, _known: Any) -> Paint:
    return PAINT


def test_the_paint_stands_in_a_closed_root_before_the_page() -> None:
    page = ask(painted)
    assert '<template shadowrootmode="closed"><style>' in page
    assert page.index("<main>Painted</main>") < page.index('<div id="root">')
    assert 'data-drawn="main:has([title=&quot;x&quot;])"' in page


def test_what_hears_clicks_stands_before_what_can_be_clicked() -> None:
    page = ask(painted)
    assert page.index('customElements.define("first-paint"') < page.index("<main>Painted</main>")


def test_nothing_of_streamlit_holds_up_the_first_frame() -> None:
    page = ask(painted)
    for kind in ('rel="stylesheet"', 'rel="modulepreload"', 'type="module"'):
        assert kind in STREAMLITS
        assert kind not in page
    assert page.count("<noscript>") == 1  # ours: the paint is what stands there without scripts


def test_a_browser_that_reads_no_gzip_gets_the_page_all_the_same() -> None:
    assert ask(painted, scope={"headers": [(b"accept", b"text/html")]}) == ask(painted)


def test_the_scripts_have_the_nonce_of_the_page() -> None:
    page = ask(painted, scope={"keepcart.nonce": "once"})
    assert page.count('<script nonce="once">') == 3
    assert '<script nonce="once">' not in ask(painted)


def test_render_hears_what_is_asked_and_what_was_read() -> None:
    heard: list[tuple[Asked, Any]] = []

    def render(asked: Asked, known: Any) -> None:
        heard.append((asked, known))

    ask(render, "/app/product", scope={"root_path": "/app", "keepcart.visitor": "me"}, read=lambda asked: asked.path)
    expected = Asked("/product", {"q": "two words", "page": "2"}, "me")
    assert heard == [(expected, "/product")]


@pytest.mark.parametrize("status_and_kind", [(200, "application/json"), (503, "text/html")])
def test_what_is_no_page_goes_out_as_it_is(status_and_kind: tuple[int, str]) -> None:
    status, kind = status_and_kind
    assert ask(painted, status=status, kind=kind) == STREAMLITS


def test_a_page_that_is_not_painted_goes_out_as_it_is() -> None:
    assert ask(lambda _asked, _known: None) == STREAMLITS


@pytest.mark.parametrize("render", [painted, lambda _asked, _known: None], ids=["painted", "as it is"])
def test_pages_go_out_compressed(render: Callable[[Asked, Any], Paint | None]) -> None:
    headers, body = answer(render)
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"vary"] == b"Accept-Encoding"
    assert len(body) < len(gzip.decompress(body)) / 2


@pytest.mark.parametrize("way", ["a proxy", "Streamlit"])
def test_below_a_base_path_pages_are_asked_for_without_it(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def render(asked: Asked, _known: Any) -> Paint:
        heard.append(asked.path)
        return PAINT

    if way == "Streamlit":
        monkeypatch.setattr("streamlit.config.get_option", {"server.baseUrlPath": "shop"}.__getitem__)
    ask(render, "/shop/product", scope={"root_path": "/shop"} if way == "a proxy" else {})
    assert heard == ["/product"]


def test_an_error_while_painting_is_logged_and_the_page_goes_out_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_asked: Asked, _known: Any) -> Paint:
        raise LookupError("no such product")

    with caplog.at_level(logging.ERROR):
        assert ask(fail) == STREAMLITS
    assert "first paint failed" in caplog.text


def test_a_read_that_takes_too_long_is_not_waited_for() -> None:
    answers = threading.Event()
    heard: list[Any] = []

    def read(_asked: Asked) -> str:
        answers.wait(5)
        return "too late"

    def render(_asked: Asked, known: Any) -> None:
        heard.append(known)
        answers.set()

    assert ask(render, read=read, seconds=0.01) == STREAMLITS
    assert heard == [None]
