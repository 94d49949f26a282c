"""The door: what the app does not use is refused before Streamlit sees it.

Streamlit serves more than most apps use: uploads into the memory of the process, figures, a description for agents. And
it asks an outside host for its own address, in the event loop, when a page of another site opens a websocket. Any web
page can make its visitors' browsers do that (tried with 1.67: five such handshakes delay every answer by ten seconds).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from keepcart.middleware.origin import is_same_origin
from keepcart.middleware.paths import is_below, is_odd, path_of

NEEDED: Final = ("/_stcore/health", "/_stcore/host-config", "/_stcore/stream", "/_stcore/bidi-components", "/component")
"""What the page of any app asks Streamlit for, besides `/static`: with all that is below."""

CLOSED: Final = ("/_stcore", "/component", "/media", "/app/static", "/auth", "/oauth2callback")
"""Where Streamlit's own routes are. Of these only what is named is open, so a newer release opens nothing by itself."""

UPLOADS: Final = "/_stcore/upload_file"
"""The one route of Streamlit that takes other methods than reading ones."""

MAX_HEAD_BYTES: Final = 16_384
"""Of a request's names and values together. The cookies of a browser take 4 to 8 KiB where they are many."""


class Door:
    """ASGI middleware that lets in what an app uses and nothing else. It stands before all others.

        app = st.App("app.py", middleware=[Middleware(Door, streamlit=["/media"]), …])

    It refuses
    - a websocket of a page of another host: 403, without asking anybody;
    - routes of Streamlit that the app does not use: 404;
    - paths that no app has, such as `/.env`, for which Streamlit would answer with the page: 404;
    - requests that change something, but for the app's own routes: 405;
    - heads above 16 KiB: 431.

    Routes are named as they are without Streamlit's `server.baseUrlPath` and without the server's root path.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        origins: Collection[str] = (),
        streamlit: Collection[str] = (),
        own: Collection[str] = (),
    ) -> None:
        """Take what it stands around.

        Args:
            app: the next ASGI application.
            origins: origins of other pages that may open websockets, such as `https://intranet.example`.
            streamlit: further routes of Streamlit that the app uses: `/media` for `st.image` and `st.download_button`,
                `/_stcore/upload_file` for `st.file_uploader`, `/auth` and `/oauth2callback` for `st.login`,
                `/app/static`.
            own: the app's own routes, which take every method.

        Raises:
            ValueError: an origin is none.
        """
        self._app = app
        self._origins = frozenset(map(_origin, origins))
        self._open = (*NEEDED, *streamlit)
        self._own = tuple(own)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may come in; answer the rest."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif status := self._refusal(scope):
            await _refuse(scope, send, status)
        else:
            await self._app(_as_same_origin(scope), receive, send)

    def _refusal(self, scope: Scope) -> int:
        """Return the status that a request is refused with, 0 where it may come in."""
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEAD_BYTES:
            return 431
        return self._refusal_of(scope, path_of(scope))

    def _refusal_of(self, scope: Scope, path: str) -> int:
        owned = next((route for route in self._own if is_below(path, (route,))), "")
        if is_odd(path.removeprefix(owned)):
            return 404
        if owned:
            return 0
        if is_below(path, CLOSED) and not is_below(path, self._open):
            return 404
        if scope["type"] == "websocket":
            return 0 if self._is_ours(scope) else 403
        if scope["method"] in ("GET", "HEAD", "OPTIONS") or is_below(path, (UPLOADS,)):  # open, or refused above
            return 0
        return 405

    def _is_ours(self, scope: Scope) -> bool:
        """Tell whether a handshake comes from a page of this host, or of one that is named."""
        return is_same_origin(scope, self._origins)


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or f"{parts.scheme}://{parts.netloc}" != text:
        raise ValueError(f"an origin is a scheme and a host, such as https://shop.example, not {text!r}")
    return text


def _as_same_origin(scope: Scope) -> Scope:
    """Return a handshake whose origin is its host, as Streamlit compares them: to the letter.

    For every other origin, also one that it is told to allow, Streamlit first asks an outside host (1.67,
    `web/server/server_util.py`).
    """
    if scope["type"] != "websocket":
        return scope
    headers = Headers(scope=scope)
    origin, host = headers.get("origin"), headers.get("host", "")
    if origin is None or urlsplit(origin).netloc == host:
        return scope
    same = f"{urlsplit(origin).scheme}://{host}".encode("latin-1")
    others = [pair for pair in scope["headers"] if pair[0] != b"origin"]
    return {**scope, "headers": [*others, (b"origin", same)]}


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    """Answer without a body. A refused handshake is closed, which servers answer with 403."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
