"""Probes: `/healthz` is 200 while the process serves, `/readyz` while it can take a shopper more, else 503.

It can while storage answers and there is a place for a page. Anybody can ask, so the answers name neither address nor
user of the database; the log does, once an outage.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from keepcart.backends import StorageError

log = logging.getLogger(__name__)

_UNCACHED = {"Cache-Control": "no-store"}
_FULL = {"status": "unavailable", "reason": "full"}
_STORAGE = {"status": "unavailable", "reason": "storage"}


def health_routes(check_storage: Callable[[], None], is_full: Callable[[], bool]) -> list[Route]:
    """Return the two routes.

    Args:
        check_storage: raises StorageError if storage is away.
        is_full: tells whether there is no place for another page.
    """
    was_ready = True

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers=_UNCACHED)

    async def readyz(_request: Request) -> Response:
        nonlocal was_ready
        if is_full():
            return JSONResponse(_FULL, 503, headers=_UNCACHED)
        try:
            await to_thread.run_sync(check_storage)
        except StorageError as error:
            if was_ready:
                log.warning("not ready", extra={"problem": str(error)})
            was_ready = False
            return JSONResponse(_STORAGE, 503, headers=_UNCACHED)
        was_ready = True
        return JSONResponse({"status": "ok"}, headers=_UNCACHED)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
