"""Product pictures: files behind a route of our own, so that any replica can serve every picture."""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

MAX_AGE_SECONDS = 3_600


class _Pictures(StaticFiles):
    """Static files that browsers cache for an hour. An SVG that is opened by itself cannot run scripts."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in (200, 304):
                headers = MutableHeaders(scope=message)
                headers["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}"
                headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
            await send(message)

        await super().__call__(scope, receive, send_with_headers)


def pictures_route(folder: Path) -> Mount:
    """Return the route that serves the pictures folder at /pictures."""
    return Mount("/pictures", _Pictures(directory=folder))
