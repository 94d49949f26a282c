"""What is kept for a visitor, as a file to download: for whoever has the cookie, and for nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.web.routes import OWN_DATA
from keepcart import visitor_of
from keepcart.backends import StorageError

_UNCACHED = {"Cache-Control": "no-store"}


class _Pretty(JSONResponse):
    """JSON for people: a line a value, and text as it was typed."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, indent=2).encode()


def own_data_route(stored: Callable[[str], Mapping[str, Any]], filename: str) -> Route:
    """Return the route. It is 404 for whoever has no cookie, and 503 while storage is away.

    Args:
        stored: returns everything that is stored for a visitor id, by document; raises StorageError.
        filename: what the browser calls the file.
    """

    async def own_data(request: Request) -> Response:
        visitor_id = visitor_of(request.scope)
        if visitor_id is None:
            return JSONResponse({"status": "nothing is kept for a browser without a cookie"}, 404, headers=_UNCACHED)
        try:
            documents = await to_thread.run_sync(stored, visitor_id)
        except StorageError:
            return JSONResponse({"status": "storage does not answer"}, 503, headers={**_UNCACHED, "Retry-After": "5"})
        attachment = {"Content-Disposition": f'attachment; filename="{filename}"'}
        return _Pretty({"documents": dict(documents)}, headers={**_UNCACHED, **attachment})

    return Route(OWN_DATA, own_data)
