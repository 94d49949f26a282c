"""A quote as a file to download: of the cart or of a setup, for whoever has the cookie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.web.routes import QUOTE_FILE
from keepcart import visitor_of
from keepcart.backends import StorageError

_UNCACHED: Final = {"Cache-Control": "no-store"}
_BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it spreadsheets take UTF-8 for what the machine is set to."""


def quote_route(written: Callable[[str, str], str | None], filename: str) -> Route:
    """Return the route. It is 404 for whoever has no such combination, and 503 while storage is away.

    Args:
        written: returns the CSV of a visitor id and of what the query's `of` names; None where there is nothing;
            raises StorageError.
        filename: what the browser calls the file.
    """

    async def quote(request: Request) -> Response:
        visitor_id = visitor_of(request.scope)
        if visitor_id is None:
            return PlainTextResponse("Nothing is kept for a browser without a cookie.", 404, headers=_UNCACHED)
        try:
            text = await to_thread.run_sync(written, visitor_id, request.query_params.get("of", ""))
        except StorageError:
            away = {**_UNCACHED, "Retry-After": "5"}
            return PlainTextResponse("The shop cannot read your cart at the moment.", 503, headers=away)
        if text is None:
            return PlainTextResponse("There is nothing here to quote.", 404, headers=_UNCACHED)
        attachment = {"Content-Disposition": f'attachment; filename="{filename}"'}
        return Response(
            (_BYTE_ORDER_MARK + text).encode(),
            headers={**_UNCACHED, **attachment},
            media_type="text/csv; charset=utf-8",
        )

    return Route(QUOTE_FILE, quote)
