"""The visitor cookie, issued with the page and renewed on every page load.

Only the server can set a cookie that scripts cannot read. It travels with the page, so `st.context.cookies` has it in
the first run of a first visit, when the page's websocket connects.

A new visitor may open two tabs at once. Both ask for the page before an answer has arrived, and get two ids. Each first
answer therefore also leaves a *claim*: a cookie with a name that no other answer uses, so that no later answer can
overwrite it. Browsers send the cookies of one path in the order in which they were created (RFC 6265, 5.4). So every
tab sees the same claim first, and its id wins. The websocket's handshake, which comes after the page, tells the script
the winner and corrects the cookie. Claims stay for a day, because the answer to a tab may come late.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from keepcart.middleware.cookie_header import cookies_in, pairs_in
from keepcart.middleware.paths import is_below, path_of
from keepcart.middleware.visitor import Names, is_visitor_id, new_visitor_id

CLAIM_SECONDS = 86_400
VISITOR = "keepcart.visitor"
"""In the ASGI scope of a page that passes `VisitorCookie`: the visitor id, None for a browser that is new."""

STREAMLITS_OWN = ("/_stcore", "/static", "/component", "/media")
"""Streamlit's own routes that are not pages."""


@dataclass(frozen=True, slots=True)
class Cookies:
    """The cookies of one request, as far as they say who the visitor is."""

    received: Mapping[str, str]
    https: bool
    names: Names
    from_http: bool

    @classmethod
    def of(cls, scope: Scope, names: Names, *, from_http: bool) -> Cookies:
        """Read them from a request or a websocket handshake.

        Args:
            from_http: over https, take over the id of the cookie from before the app had https. A sibling domain could
                plant that one.
        """
        return cls(cookies_in(scope), scope["scheme"] in ("https", "wss"), names, from_http)

    @property
    def name(self) -> str:
        """The name under which this connection keeps the id."""
        return self.names.secure_cookie if self.https else self.names.cookie

    @property
    def claims(self) -> Mapping[str, str]:
        """Well-formed claims by cookie name, the oldest first."""
        return {
            name: value
            for name, value in self.received.items()
            if is_visitor_id(value) and name == self._claim_name(value)  # an app may be named like the begin of a claim
        }

    @property
    def visitor_id(self) -> str | None:
        """The visitor's id: the first claim's, else the cookie's."""
        values = [*self.claims.values(), self.received.get(self.name, "")]
        if self.from_http:
            values.append(self.received.get(self.names.cookie, ""))
        return next(filter(is_visitor_id, values), None)

    def keep(self, visitor_id: str, seconds: int) -> str:
        """Return the Set-Cookie that keeps the id."""
        return self._set(self.name, visitor_id, seconds)

    def first(self, visitor_id: str) -> str:
        """Return the Set-Cookie that claims the browser for an id issued just now."""
        return self._set(self._claim_name(visitor_id), visitor_id, CLAIM_SECONDS)

    @property
    def outgrown(self) -> list[str]:
        """The Set-Cookie that deletes the cookie from before the app had https, if it is still there."""
        plain = self.names.cookie
        outgrown = self.https and plain in self.received
        return [f"{plain}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"] if outgrown else []

    def _claim_name(self, visitor_id: str) -> str:
        return f"{self.name}-claim-{visitor_id[:8]}"

    def _set(self, name: str, value: str, seconds: int) -> str:
        secure = "; Secure" if self.https else ""
        return f"{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}"


class VisitorCookie:
    """ASGI middleware that gives every page a visitor.

        app = st.App("app.py", middleware=[Middleware(VisitorCookie, keep_seconds=30 * 86_400)])

    It waits for nothing and asks no storage. Pages get `Cache-Control: private, no-cache` with their cookie.
    """

    def __init__(
        self,
        app: ASGIApp,
        keep_seconds: int,
        *,
        name: str = "keepcart",
        not_pages: Collection[str] = (),
        from_http_until: date | None = None,
    ) -> None:
        """Stand around an app.

        Args:
            app: the next ASGI application.
            keep_seconds: how long a browser keeps the cookie after its last page load.
            name: the app's name, the same as for `begin_visit`. Apps on one host need one each, whatever their ports.
            not_pages: paths of the app's own routes that are not pages, such as `/healthz`, and everything below them.

            from_http_until: over https, take over visitors from the time before the app had https, up to this day
                inclusive. Until then a sibling domain, such as `blog.example.com` for `shop.example.com`, can choose an
                id for a visitor who has none. Set it for as long as visitors' cookies last, and then no more.

        Raises:
            ValueError: the name cannot be used.
        """
        self._app = app
        self._keep_seconds = keep_seconds
        self._names = Names(name)
        self._not_pages = tuple(not_pages)
        self._from_http_until = from_http_until

    def _cookies(self, scope: Scope) -> Cookies:
        until = self._from_http_until
        from_http = until is not None and datetime.now(UTC).date() <= until
        return Cookies.of(scope, self._names, from_http=from_http)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; pages and websocket handshakes get their cookie."""
        if scope["type"] == "websocket":
            await self._handshake(scope, receive, send)
        elif scope["type"] == "http" and is_page(scope, self._not_pages):
            await self._page(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        cookies = self._cookies(scope)
        known = cookies.visitor_id
        visitor_id = known or new_visitor_id()
        set_cookies = [cookies.keep(visitor_id, self._keep_seconds)]
        set_cookies += cookies.outgrown if known else [cookies.first(visitor_id)]

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # A shared cache must not hand one visitor's cookie to another, and a browser must ask every time.
                headers["Cache-Control"] = "private, no-cache"
                for name in ("etag", "last-modified", "expires"):
                    del headers[name]
                for cookie in set_cookies:
                    headers.append("Set-Cookie", cookie)
            await send(message)

        await self._app({**_unconditional(scope), VISITOR: known}, receive, send_with_cookie)

    async def _handshake(self, scope: Scope, receive: Receive, send: Send) -> None:
        cookies = self._cookies(scope)
        visitor_id = cookies.visitor_id or new_visitor_id()
        if cookies.received.get(cookies.name) == visitor_id:
            await self._app(_with_visitor(scope, cookies, visitor_id), receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "websocket.accept":
                headers = MutableHeaders(raw=list(message.get("headers", ())))
                headers.append("Set-Cookie", cookies.keep(visitor_id, self._keep_seconds))
                message["headers"] = headers.raw
            await send(message)

        await self._app(_with_visitor(scope, cookies, visitor_id), receive, send_with_cookie)


def visitor_of(scope: Scope, name: str = "keepcart") -> str | None:
    """Return the visitor id that a request's cookies name; None where there is none. For an app's own routes.

    Args:
        scope: of an http request.
        name: the app's name, as of `VisitorCookie`.
    """
    return Cookies.of(scope, Names(name), from_http=False).visitor_id


def is_page(scope: Scope, not_pages: Collection[str] = ()) -> bool:
    """Tell whether a request is for a page. The answer could not tell: a 304 has no content type.

    Args:
        scope: of an http request.
        not_pages: paths of the app's own routes that are not pages, and everything below them.
    """
    wants_page = "text/html" in Headers(scope=scope).get("accept", "")
    return scope["method"] == "GET" and wants_page and not is_below(path_of(scope), (*STREAMLITS_OWN, *not_pages))


def _unconditional(scope: Scope) -> Scope:
    """Return a request without its conditions, so that the answer is the page itself, with its cookie."""
    conditions = (b"if-none-match", b"if-modified-since")
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] not in conditions]}


def _with_visitor(scope: Scope, cookies: Cookies, visitor_id: str) -> Scope:
    """Return a handshake with the one cookie that names the visitor, and the header that says who served the page."""
    # Streamlit's parser takes more for our names than ours does, and the last one of a name wins there.
    ours = (cookies.names.cookie, cookies.names.secure_cookie)
    others = [(name, value) for name, value in pairs_in(scope) if name.strip() not in ours]
    header = "; ".join(f"{name}={value}" for name, value in [*others, (cookies.name, visitor_id)])
    mark = cookies.names.served_header.lower().encode("latin-1")
    kept = [pair for pair in scope["headers"] if pair[0] not in (b"cookie", mark)]
    return {**scope, "headers": [*kept, (b"cookie", header.encode("latin-1")), (mark, b"1")]}
