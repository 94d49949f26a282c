"""Probes: `/healthz` is 200 while the process serves, `/readyz` while storage answers too, else 503.

Anybody can ask them, so they name neither address nor user of the database; the log does, once an outage.
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
_STORAGE = {"status": "unavailable", "reason": "storage"}


def health_routes(check_storage: Callable[[], None]) -> list[Route]:
    """Return the two routes. `check_storage` raises StorageError if storage is away."""
    was_ready = True

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers=_UNCACHED)

    async def readyz(_request: Request) -> Response:
        nonlocal was_ready
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
