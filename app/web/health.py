"""Probes: `/healthz` is 200 while the process serves, `/readyz` while it can take a shopper more, else 503.

It can while storage answers and there is a place for a page.
"""

from __future__ import annotations

from collections.abc import Callable

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from keepcart.backends import StorageError

_UNCACHED = {"Cache-Control": "no-store"}


def health_routes(check_storage: Callable[[], None], is_full: Callable[[], bool]) -> list[Route]:
    """Return the two routes.

    Args:
        check_storage: raises StorageError if storage is away.
        is_full: tells whether there is no place for another page.
    """

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers=_UNCACHED)

    async def readyz(_request: Request) -> Response:
        if is_full():
            return JSONResponse({"status": "unavailable", "reason": "full"}, 503, headers=_UNCACHED)
        try:
            await to_thread.run_sync(check_storage)
        except StorageError as error:
            return JSONResponse({"status": "unavailable", "reason": str(error)}, 503, headers=_UNCACHED)
        return JSONResponse({"status": "ok"}, headers=_UNCACHED)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
