"""What is no page of the shop is answered with 404 and a page that says so.

Streamlit answers every path with its page and status 200, and then shows the shop with a dialog over it. Its own dialog
would also cost whoever asks, mostly bots, a place, a visitor and a session.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.routes import page_of
from keepcart.middleware import path_of


class KnownPages:
    """ASGI middleware that passes on requests for pages that are there, and for what is no page."""

    def __init__(self, app: ASGIApp, is_known: Callable[[str], bool], not_found: Callable[[str], str]) -> None:
        """Stand around an app.

        Args:
            app: the next ASGI application.
            is_known: tells by its name whether a page is there.
            not_found: returns the page that is shown for all others. It takes the way from there to the shop page:
                "./", or "../" as often as needed. So its links are right below any base path, also one that a proxy
                strips.
        """
        self._app = app
        self._is_known = is_known
        self._not_found = not_found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer that there is no such page."""
        page = page_of(scope)
        if page is None or self._is_known(page):
            await self._app(scope, receive, send)
            return
        up = "../" * (path_of(scope).count("/") - 1) or "./"
        answer = HTMLResponse(self._not_found(up), 404, headers={"Cache-Control": "no-cache"})
        await answer(scope, receive, send)
