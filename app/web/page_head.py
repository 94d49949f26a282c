"""Adds to the head of the page what would come too late with a run, or never reach those who run no scripts.

That is the shop's style and script, the server's address, and what the page says of itself: title, description, facts.
Who makes the preview of a shared link reads these and nothing else.

It also gives the page's scripts their nonce, Streamlit's and ours: the page's policy lets no other script run.

A style that the script draws arrives after the first things that it styles, so the page would jump while it loads. It
would also travel again with every run.

At /cart, Streamlit's page first looks for its server below that address (/cart/_stcore), gets a 404 and waits before it
looks at the root. With the address in its head it need not search. The names in `window.__streamlit` are those of
Streamlit's front end (1.67), for hosts that embed its pages.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias
from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.routes import page_of
from keepcart.middleware import NONCE, path_of, uncompressed, whole

_HEAD_ENDS = b"</head>"
_TITLE = b"<title>Streamlit</title>"
_ICON = b'href="./favicon.png"'
_WITH_NONCE = (b"<script", b'rel="preload"', b'rel="modulepreload"')
"""After which a tag of Streamlit's page gets the nonce. That page is a file, so no tag in it comes from a visitor."""


class Said(NamedTuple):
    """What a page says of itself: the status of the answer, and HTML for its head, beginning with its title."""

    status: int
    html: str


Describe: TypeAlias = Callable[[str, Mapping[str, str], str], Said]
"""Takes the page's name, the query and the nonce of the page's scripts."""


class PageHead:
    """ASGI middleware that adds them to every page. It stands behind `SecurityHeaders`, which makes the nonce."""

    def __init__(  # noqa: PLR0913 - all but the first stand by name
        self,
        app: ASGIApp,
        *,
        style: Callable[[], str],
        script: Callable[[], str],
        describe: Describe,
        icon: str,
        addresses: Callable[[bytes], bytes] = bytes,
    ) -> None:
        """Take functions that are called for each page.

        Args:
            app: the next ASGI application.
            style: returns a style element.
            script: returns the text of a script.
            describe: returns what a page says of itself.
            icon: the address of the tab's icon.
            addresses: returns Streamlit's page with other addresses of files in it.
        """
        self._app = app
        self._addresses = addresses
        self._style = style
        self._script = script
        self._describe = describe
        self._icon = icon.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass every request on, and add to the answer if it is a page."""
        page = page_of(scope)
        if page is None:
            await self._app(scope, receive, send)
            return
        asked = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        said = self._describe(page, asked, scope.get(NONCE, ""))

        async def changed(start: Message, body: bytes) -> bytes:
            if start["status"] != 200:
                return body
            start["status"] = said.status
            headers = MutableHeaders(scope=start)
            for name in ("ETag", "Last-Modified", "Content-Length"):  # of the file that the page is made of
                del headers[name]
            return self._added(body, said, scope)

        await self._app(uncompressed(scope), receive, whole(send, changed))

    def _added(self, body: bytes, said: Said, scope: Scope) -> bytes:
        """Return a page with what belongs into its head; scripts only where they may run, so where there is a nonce."""
        added = str(self._style())  # Markup would escape what is added to it
        if NONCE in scope:
            nonce = f' nonce="{scope[NONCE]}"'
            for begin in _WITH_NONCE:
                body = body.replace(begin, begin + nonce.encode())
            scripts = (_server_of(path_of(scope)), self._script())
            added += "".join(f"<script{nonce}>{text}</script>" for text in scripts)
        body = (
            self._addresses(body)
            .replace(_TITLE, said.html.encode(), 1)
            .replace(_ICON, b'href="' + self._icon + b'"', 1)
        )
        return body.replace(_HEAD_ENDS, added.encode() + _HEAD_ENDS, 1)


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
