"""Adds to the head of the page what would come too late with a run: the shop's style and script, the server's address.

It also gives the page's scripts their nonce, Streamlit's and ours: the page's policy lets no other script run.

A style that the script draws arrives after the first things that it styles, so the page would jump while it loads. It
would also travel again with every run.

At /cart, Streamlit's page first looks for its server below that address (/cart/_stcore), gets a 404 and waits before it
looks at the root. With the address in its head it need not search. The names in `window.__streamlit` are those of
Streamlit's front end (1.67), for hosts that embed its pages.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.headers import NONCE
from app.web.routes import NOT_PAGES
from keepcart import is_page

_HEAD_ENDS = b"</head>"
_WITH_NONCE = (b"<script", b'rel="preload"', b'rel="modulepreload"')
"""After which a tag of Streamlit's page gets the nonce. That page is a file, so no tag in it comes from a visitor."""


class PageHead:
    """ASGI middleware that adds them to every page. It stands behind `SecurityHeaders`, which makes the nonce."""

    def __init__(
        self,
        app: ASGIApp,
        style: Callable[[], str],
        script: Callable[[], str],
        addresses: Callable[[bytes], bytes] = bytes,
    ) -> None:
        """Take functions that are called for each page.

        Args:
            app: the next ASGI application.
            style: returns a style element.
            script: returns the text of a script.
            addresses: returns Streamlit's page with other addresses of files in it.
        """
        self._app = app
        self._addresses = addresses
        self._style = style
        self._script = script

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass every request on, and add to the answer if it is a page."""
        if scope["type"] != "http" or not is_page(scope, NOT_PAGES):
            await self._app(scope, receive, send)
            return
        nonce = f' nonce="{scope[NONCE]}"'
        scripts = (_server_of(scope["path"].removeprefix(scope.get("root_path", ""))), self._script())
        addition = "".join([self._style(), *(f"<script{nonce}>{text}</script>" for text in scripts)]).encode()
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
            for begin in _WITH_NONCE:
                body = body.replace(begin, begin + nonce.encode())
            added = self._addresses(body).replace(_HEAD_ENDS, addition + _HEAD_ENDS, 1)
            MutableHeaders(scope=start)["Content-Length"] = str(len(added))
            await send(start)
            await send({"type": "http.response.body", "body": added})

        await self._app(_uncompressed(scope), receive, send_with_addition)


def _server_of(path: str) -> str:
    """Return a script that tells the page the address of its server.

    It is the address of the page without the path that was asked for here. So it is also right behind a proxy that
    serves the store below a path and strips that path. HOST_CONFIG saves the page a request before it connects; it says
    that no other site may send messages to the page, and that no dialog of Streamlit's opens over it when the server is
    away: the page says so in its own words (parts/connection.js).
    """
    asked = json.dumps(path.rstrip("/")).replace("<", "\\u003c")
    return (
        f"{{ const at = decodeURI(location.pathname).replace(/[/]+$/, ''), asked = {asked}; "
        "if (at.endsWith(asked)) window.__streamlit = { "
        "BACKEND_BASE_URL: location.origin + at.slice(0, at.length - asked.length), "
        "HOST_CONFIG: {allowedOrigins: [location.origin], useExternalAuthToken: false, blockErrorDialogs: true} }; }"
    )


def _uncompressed(scope: Scope) -> Scope:
    """Return the request without `Accept-Encoding`: nothing can be added to a compressed page."""
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
