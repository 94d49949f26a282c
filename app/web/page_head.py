"""Adds to the head of the page what would be late from the run: the shop's style and script, and where the server is.

A style that the script draws comes after the first things it styles, so the page jumps while it loads; and it travels
again with every run. And below the root Streamlit's page first looks for its server at its own address (/cart/_stcore),
is told 404 and waits before it looks at the root; it need not search when it is told.
The names in `window.__streamlit` are those of Streamlit's front end (1.67), which hosts of its pages set.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.routes import NOT_PAGES
from keepcart import is_page

_HEAD_ENDS = b"</head>"


class PageHead:
    """ASGI middleware that adds to the head of every page."""

    def __init__(self, app: ASGIApp, style: Callable[[], str], script: Callable[[], str]) -> None:
        """Take where a style element and the text of a script come from; they are asked for with each page."""
        self._app = app
        self._style = style
        self._script = script

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; pages get the addition."""
        if scope["type"] != "http" or not is_page(scope, NOT_PAGES):
            await self._app(scope, receive, send)
            return
        addition = f"{self._style()}{_server_of(scope['path'])}<script>{self._script()}</script>".encode()
        start: Message = {}
        body = b""

        async def send_with_addition(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            added = body.replace(_HEAD_ENDS, addition + _HEAD_ENDS, 1)
            MutableHeaders(scope=start)["Content-Length"] = str(len(added))
            await send(start)
            await send({"type": "http.response.body", "body": added})

        await self._app(_uncompressed(scope), receive, send_with_addition)


def _server_of(path: str) -> str:
    """Return a script element that tells the page its server's address: its own without the path asked for here.

    So it also holds behind a proxy that serves the store below a path and takes that path off. With the host's
    configuration beside it (nobody but this shop may send messages to its page) the page asks nothing before it
    connects.
    """
    asked = json.dumps(path.rstrip("/")).replace("<", "\\u003c")
    return (
        f"<script>{{ const at = decodeURI(location.pathname).replace(/[/]+$/, ''), asked = {asked}; "
        "if (at.endsWith(asked)) window.__streamlit = { "
        "BACKEND_BASE_URL: location.origin + at.slice(0, at.length - asked.length), "
        "HOST_CONFIG: {allowedOrigins: [location.origin], useExternalAuthToken: false} }; }</script>"
    )


def _uncompressed(scope: Scope) -> Scope:
    """Return the request without its wish for compression: text can only be added to text."""
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
