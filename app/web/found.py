"""What crawlers ask for: `/robots.txt`, and `/sitemap.xml` once the store's own address is known."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from anyio import Lock, to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.web.routes import ROBOTS, SITEMAP

KEPT_SECONDS: Final = 60.0
"""How long the lists of pages are kept. To make those of 100,000 products takes half a second, and anybody may ask."""


def found_routes(sitemaps: Callable[[], Sequence[str]], robots: str) -> list[Route]:
    """Return the two routes.

    Args:
        sitemaps: returns the list of pages, and further ones that it names by `?part=1` and so on; nothing if the
            store's own address is not known. It may raise OSError.
        robots: the text for crawlers.
    """
    kept: Sequence[str] = ()
    stale_at = 0.0
    one_at_a_time = Lock()

    async def sitemap(request: Request) -> Response:
        nonlocal kept, stale_at
        async with one_at_a_time:
            if time.monotonic() >= stale_at:
                with suppress(OSError):  # the file is being replaced: the lists of before will do
                    kept = await to_thread.run_sync(sitemaps)
                stale_at = time.monotonic() + KEPT_SECONDS
        part = request.query_params.get("part", "0")
        lists = {str(number): text for number, text in enumerate(kept)}
        if part not in lists:
            return PlainTextResponse("not found", 404)
        return Response(lists[part], media_type="application/xml")

    async def robots_txt(_request: Request) -> Response:
        return PlainTextResponse(robots)

    return [Route(SITEMAP, sitemap), Route(ROBOTS, robots_txt)]
