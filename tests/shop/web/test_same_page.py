"""Streamlit's page is asked for once at each address, and answered for from then on."""

from __future__ import annotations

import anyio
import pytest
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from app.web.same_page import REMEMBERED, SamePage

Headers = list[tuple[bytes, bytes]]


class Streamlit:
    """Answers with a page that says where it stands, in two pieces, and counts."""

    def __init__(self, *, status: int = 200, headers: Headers | None = None) -> None:
        self.asked: list[str] = []
        self._status, self._headers = status, headers or [(b"content-type", b"text/html")]

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.asked.append(scope["path"])
        await send({"type": "http.response.start", "status": self._status, "headers": list(self._headers)})
        await send({"type": "http.response.body", "body": b"page ", "more_body": True})
        await send({"type": "http.response.body", "body": scope["path"].encode()})


def get(app: SamePage, path: str, *, method: str = "GET", headers: Headers | None = None) -> list[Message]:
    """Return the answer; what stands in front adds to its headers, as the store's middleware does."""
    answers: list[Message] = []

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("x-added", "once")
        answers.append(message)

    async def nothing() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers or []}
    anyio.run(app, scope, nothing, collect)
    return answers


def test_a_page_is_asked_for_once_and_the_same_from_then_on() -> None:
    streamlit = Streamlit()
    app = SamePage(streamlit)
    first, second, third = (get(app, "/cart") for _ in range(3))
    assert first == second == third
    assert second[1]["body"] == b"page /cart"
    assert streamlit.asked == ["/cart"]


def test_each_address_has_an_answer_of_its_own() -> None:
    streamlit = Streamlit()
    app = SamePage(streamlit)
    assert [get(app, path)[1]["body"] for path in ("/", "/cart", "/")] == [b"page /", b"page /cart", b"page /"]
    assert streamlit.asked == ["/", "/cart"]


@pytest.mark.parametrize(
    "streamlit",
    [Streamlit(status=301), Streamlit(status=404), Streamlit(headers=[(b"set-cookie", b"_streamlit_xsrf=1")])],
    ids=["leads elsewhere", "not there", "one visitor's own"],
)
def test_what_is_not_for_all_is_asked_for_anew(streamlit: Streamlit) -> None:
    app = SamePage(streamlit)
    for _ in range(3):
        get(app, "/cart/")
    assert len(streamlit.asked) == 3


@pytest.mark.parametrize(
    "request_",
    [
        {"path": "/_stcore/health"},
        {"path": "/favicon.png"},
        {"path": "/", "method": "HEAD"},
        {"path": "/", "method": "POST"},
        {"path": "/", "headers": [(b"range", b"bytes=0-9")]},
        {"path": "/", "headers": [(b"if-none-match", b'"1"')]},
    ],
    ids=lambda asked: " ".join(map(str, asked.values())),
)
def test_what_asks_for_something_else_is_streamlits_to_answer(request_: dict[str, object]) -> None:
    streamlit = Streamlit()
    app = SamePage(streamlit)
    get(app, "/")
    for _ in range(2):
        get(app, **request_)  # type: ignore[arg-type]
    assert len(streamlit.asked) == 3


def test_only_so_many_addresses_are_remembered() -> None:
    streamlit = Streamlit()
    app = SamePage(streamlit)
    paths = [f"/{number}" for number in range(REMEMBERED + 5)]
    for path in paths * 2:
        assert get(app, path)[-1]["body"].endswith(path.encode())
    assert len(streamlit.asked) == len(paths) + 5
