"""Streamlit's page, read once: it is one file, the same for every visitor, at every address of the shop.

Streamlit opens, reads and closes it anew for each visit, each in a thread: a third of what a page costs the server.
"""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.routes import page_of
from keepcart.middleware import whole

REMEMBERED: Final = 64
"""Addresses, of some 6 KB each. A shop has its own pages and the shopkeeper's texts."""

_ASK_FOR_LESS: Final = ("range", "if-none-match", "if-modified-since")


class SamePage:
    """ASGI middleware that answers for a page as Streamlit did before. It stands behind what adds to the page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._answers: dict[str, tuple[Message, bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is no page, and the first request for each."""
        if page_of(scope) is None or scope["method"] != "GET" or _asks_for_less(scope):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path in self._answers:
            start, body = self._answers[path]
            await send({**start, "headers": list(start["headers"])})
            await send({"type": "http.response.body", "body": body})
            return

        async def remember(start: Message, body: bytes) -> bytes:
            if _is_for_all(start) and len(self._answers) < REMEMBERED:
                self._answers[path] = {**start, "headers": list(start["headers"])}, body
            return body

        await self._app(scope, receive, whole(send, remember))


def _asks_for_less(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return any(name in headers for name in _ASK_FOR_LESS)


def _is_for_all(start: Message) -> bool:
    return start["status"] == 200 and "set-cookie" not in Headers(raw=start["headers"])
