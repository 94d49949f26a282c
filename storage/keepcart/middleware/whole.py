"""Answers that are changed as a whole. Streamlit's page is one: 4 KB, to which middleware adds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Scope, Send

Change: TypeAlias = Callable[[Message, bytes], Awaitable[bytes]]
"""Takes the start of an answer (ASGI's `http.response.start`, whose status and headers it may change) and the body, and
returns the body to send."""


def whole(send: Send, change: Change) -> Send:
    """Return a `send` that waits for the end of an answer, and passes on what `change` makes of it."""
    start: Message = {}
    body = b""

    async def send_whole(message: Message) -> None:
        nonlocal start, body
        if message["type"] == "http.response.start":
            start = message
            return
        body += message.get("body", b"")
        if message.get("more_body"):
            return
        changed = await change(start, body)
        if changed != body:
            MutableHeaders(scope=start)["Content-Length"] = str(len(changed))
        await send(start)
        await send({"type": "http.response.body", "body": changed})

    return send_whole


def uncompressed(scope: Scope) -> Scope:
    """Return the request without `Accept-Encoding`: nothing can be added to a compressed page."""
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}


def is_html(start: Message) -> bool:
    """Tell whether an answer is a page that is there."""
    return start["status"] == 200 and Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")
