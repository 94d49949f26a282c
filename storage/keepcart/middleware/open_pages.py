"""A bound on the pages that one process keeps open, and a polite answer beyond it.

Every open page takes memory and file descriptors. Without a bound one client can take all of them; then connections are
broken off without a word, probes too, and nothing is in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from html import escape

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from keepcart.middleware.cookie import is_page

log = logging.getLogger("keepcart")

RETRY_SECONDS = 15
"""When a page that found no place tries again."""

WORDS = "Many people are here just now. What you had is kept. This page tries again by itself."

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="{seconds}">
<title>{title}</title>
<style>
  body {{ max-width: 30rem; margin: 15vh auto 0; padding: 0 1.25rem; font: 1.1rem/1.6 system-ui, sans-serif;
         overflow-wrap: anywhere; }}
  h1 {{ font-size: 1.5rem; }}
</style>
<h1>{title}</h1>
<p>{words}</p>
</html>
"""


class Places:
    """The places for pages in this process: how many there are, and how many are taken.

    Pages that are asked for get the first `limit`. Behind them is a reserve of a tenth, for websockets alone: who got
    the page also gets its connection, and who was connected gets in again before anybody new.
    """

    def __init__(self, limit: int) -> None:
        """Take how many pages may be open.

        Raises:
            ValueError: fewer than one.
        """
        if limit < 1:
            raise ValueError(f"at least one page must find a place, not {limit}")
        self.limit = limit
        self.taken = 0
        self._reserve = max(4, limit // 10)
        self._is_said_to_be_full = False

    @property
    def is_full(self) -> bool:
        """Tell whether a page that is asked for now would find no place."""
        return self.taken >= self.limit

    def has_room(self, *, websocket: bool) -> bool:
        """Tell whether one more finds a place; the log is told when that begins to be so and when it ends."""
        if self.is_full and not self._is_said_to_be_full:
            self._is_said_to_be_full = True
            log.warning("no place for more pages", extra={"open": self.taken, "limit": self.limit})
        return self.taken < self.limit + (self._reserve if websocket else 0)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Take a place for as long as this lasts."""
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
            # Not at the first place that is left: at the limit that would be two lines for every shopper who goes.
            if self._is_said_to_be_full and self.taken <= self.limit * 3 // 4:
                self._is_said_to_be_full = False
                log.warning("places for pages again", extra={"open": self.taken, "limit": self.limit})


class OpenPages:
    """ASGI middleware that lets in no more pages than there are places.

        places = Places(1_000)
        app = st.App("app.py", middleware=[Middleware(OpenPages, places=places), …])

    It counts websockets that are open and pages on their way. Beyond the limit a page is answered with 503,
    `Retry-After` and a few words, and tries again by itself; a handshake is refused. What is open goes on, and so do
    probes and files. `places.is_full` is for the app's own probe.
    """

    def __init__(
        self,
        app: ASGIApp,
        places: Places,
        *,
        title: str = "One moment, please",
        words: str = WORDS,
        not_pages: Collection[str] = (),
    ) -> None:
        """Stand around an app.

        Args:
            app: the next ASGI application.
            places: shared by all who count or ask.
            title: of the page that is shown when all are taken.
            words: what that page says.
            not_pages: paths of the app's own routes that are not pages, as of `VisitorCookie`.
        """
        self._app = app
        self._places = places
        self._not_pages = tuple(not_pages)
        self._page = _PAGE.format(title=escape(title), words=escape(words), seconds=RETRY_SECONDS).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what finds a place, or needs none."""
        is_websocket = scope["type"] == "websocket"
        if not is_websocket and not (scope["type"] == "http" and is_page(scope, self._not_pages)):
            await self._app(scope, receive, send)
        elif self._places.has_room(websocket=is_websocket):
            with self._places.one():
                await self._app(scope, receive, send)
        elif is_websocket:
            await send({"type": "websocket.close", "code": 1013})
        else:
            for message in self._refusal():
                await send(message)

    def _refusal(self) -> Iterator[Message]:
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(self._page)).encode()),
            (b"retry-after", str(RETRY_SECONDS).encode()),
            (b"cache-control", b"no-store"),
        ]
        yield {"type": "http.response.start", "status": 503, "headers": headers}
        yield {"type": "http.response.body", "body": self._page}
