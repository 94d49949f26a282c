"""Probes: `/healthz` is 200 while the process serves, `/readyz` while storage answers too, else 503."""

from __future__ import annotations

from collections.abc import Callable

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from keepcart.backends import StorageError

_UNCACHED = {"Cache-Control": "no-store"}


def health_routes(check_storage: Callable[[], None]) -> list[Route]:
    """Return the two routes. `check_storage` raises StorageError if storage is away."""

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers=_UNCACHED)

    async def readyz(_request: Request) -> Response:
        try:
            await to_thread.run_sync(check_storage)
        except StorageError as error:
            return JSONResponse({"status": "unavailable", "reason": str(error)}, 503, headers=_UNCACHED)
        return JSONResponse({"status": "ok"}, headers=_UNCACHED)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
