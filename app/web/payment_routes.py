"""Paying through a provider: the way to its page, and the calls by which it says who has paid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from app.web.routes import PAID, PAY
from keepcart import visitor_of

MOST_BYTES: Final = 65_536
"""Of a provider's call."""

_UNCACHED: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


class Later(Exception):
    """The orders' database, or the provider, does not answer."""


class Refused(Exception):
    """A call is not the provider's."""


def payment_routes(
    begin: Callable[[str, str], str | None], note: Callable[[Mapping[str, str], bytes], None]
) -> list[Route]:
    """Return the routes.

    Args:
        begin: returns the page on which a visitor id pays the order of a number; None where they have no such order, or
            it is not to be paid; raises Later.
        note: notes what a provider's call says, its headers in lower case; raises Later or Refused.
    """

    async def pay(request: Request) -> Response:
        visitor_id, number = visitor_of(request.scope), request.query_params.get("of", "")
        try:
            page = await to_thread.run_sync(begin, visitor_id, number) if visitor_id else None
        except Later:
            words = "Paying does not work at the moment. Your order is safe; please go back and try again in a minute."
            return PlainTextResponse(words, 503, headers={**_UNCACHED, "Retry-After": "30"})
        if page is None:
            return PlainTextResponse(
                "This browser has no order of this number that is to be paid.", 404, headers=_UNCACHED
            )
        return RedirectResponse(page, 303, headers=_UNCACHED)

    async def paid(request: Request) -> Response:
        if request.method != "POST":  # where no route takes it, Streamlit would answer with its page
            return PlainTextResponse("only for the payment provider", 405, headers={"Allow": "POST"})
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                return PlainTextResponse("too large", 413)
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            await to_thread.run_sync(note, headers, bytes(body))
        except Refused:
            return PlainTextResponse("not signed by the provider", 403)
        except Later:
            return PlainTextResponse("please call again", 503, headers={"Retry-After": "30"})
        return PlainTextResponse("noted")

    return [Route(PAY, pay), Route(PAID, paid, methods=["GET", "POST"])]
