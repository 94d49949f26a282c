"""Forgetting a browser: what is kept for it is deleted, its cookies too, and its next page is a stranger's.

Only the server can delete a cookie that scripts cannot read. The page therefore sends a `POST`, with a token that no
page of another site can know. The id is then *retired*: storage refuses every later change under it, so that a tab that
slept, or another server, writes nothing.

While storage is away nothing can be deleted, and the memory of a process may die. The wish then waits in a cookie that
scripts cannot read, with the ids in it. Every page load tries again. When storage has done it the cookie goes.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Iterable
from urllib.parse import parse_qs

from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from keepcart.middleware.cookie import Cookies, is_page
from keepcart.middleware.cookie_header import cookies_in, pairs_in
from keepcart.middleware.origin import is_same_origin
from keepcart.middleware.paths import path_of
from keepcart.middleware.visitor import Names, forget_token, is_visitor_id, visitor_key

MOST_WISHES = 4
"""Ids in the cookie, 176 bytes; of a browser that asks more often the oldest documents expire by themselves."""

LONGEST_BODY = 256
"""Bytes. A request has a token of 64 characters."""


class ForgetRoute:
    """ASGI middleware that forgets a browser which asks for it. It stands before `VisitorCookie`.

        Middleware(ForgetRoute, forget=partial(keeper.forget, for_good=True), keep_seconds=30 * 86_400)

    A page asks by `POST <path>` with `token=<visit.forget_token>`: by a form, or by `fetch`. The answer deletes all
    cookies of the visitor. It is 204, or for a form 303 to `then`; 403 without the right token and for pages of other
    sites: then nothing is deleted.
    """

    def __init__(  # noqa: PLR0913 - one says what, the others are optional
        self,
        app: ASGIApp,
        forget: Callable[[str], bool],
        keep_seconds: int,
        *,
        path: str = "/forget-me",
        then: str = "./",
        name: str = "keepcart",
        not_pages: Collection[str] = (),
        origins: Collection[str] = (),
    ) -> None:
        """Stand around an app.

        Args:
            app: the next ASGI application.
            forget: deletes for good what is kept for a visitor key; returns whether storage has done it. It is called
                in a thread and may be called again.
            keep_seconds: how long a wish is remembered; as long as documents are kept, which then expire.
            path: of the route. Where `Door` stands before, it is one of its `own`.
            then: where a form leads, an address relative to `path`.
            name, not_pages: as of `VisitorCookie`.
            origins: as of `Door`, where a proxy changes the host.

        Raises:
            ValueError: the name cannot be used.
        """
        self._app = app
        self._origins = tuple(origins)
        self._forget = forget
        self._keep_seconds = keep_seconds
        self._path, self._then = path, then
        self._names = Names(name)
        self._not_pages = tuple(not_pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the route; hide retired ids from everything behind; try again, at a page load, what has to wait."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        browser = _Browser(scope, self._names)
        if scope["type"] == "http" and path_of(scope) == self._path:
            await self._answer(browser, receive, send)
        elif not browser.retired:
            await self._app(scope, receive, send)
        elif scope["type"] == "http" and is_page(scope, self._not_pages):
            await self._page(browser, receive, send)
        else:
            await self._app(browser.without_retired(), receive, send)

    async def _answer(self, browser: _Browser, receive: Receive, send: Send) -> None:
        scope, visitor_id = browser.scope, browser.visitor_id
        if scope["method"] != "POST":
            await _say(send, 405)
            return
        is_ours = visitor_id is not None and is_same_origin(scope, self._origins)
        if not (visitor_id and is_ours and hmac.compare_digest(await _token(receive), _expected(visitor_id))):
            await _say(send, 403)
            return
        waiting = await self._still_waiting([*browser.retired, visitor_id])
        cookies = [*map(browser.delete, browser.visitor_cookies), *browser.remember(waiting, self._keep_seconds)]
        is_form = any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
        await _say(send, 303 if is_form else 204, cookies, self._then if is_form else "")

    async def _page(self, browser: _Browser, receive: Receive, send: Send) -> None:
        waiting = await self._still_waiting(browser.retired)
        # VisitorCookie sets the cookie of the new id by itself.
        left_over = [name for name in browser.retired_cookies if name != browser.cookie]
        cookies = [*map(browser.delete, left_over), *browser.remember(waiting, self._keep_seconds)]

        async def send_with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for cookie in cookies:
                    headers.append("Set-Cookie", cookie)
            await send(message)

        await self._app(browser.without_retired(), receive, send_with_cookies)

    async def _still_waiting(self, ids: Collection[str]) -> list[str]:
        """Let storage forget ids; return those that it has not forgotten yet."""

        def forget() -> list[str]:
            return [visitor_id for visitor_id in ids if not self._forget(visitor_key(visitor_id))]

        return await to_thread.run_sync(forget)


class _Browser:
    """What a request's cookies say of a browser that is, or is to be, forgotten."""

    def __init__(self, scope: Scope, names: Names) -> None:
        self.scope = scope
        self._names = names
        self._received = cookies_in(scope)
        self._https = scope["scheme"] in ("https", "wss")
        self.cookie = names.secure_cookie if self._https else names.cookie
        self._wish_cookie = f"__Host-{names.wish_cookie}" if self._https else names.wish_cookie
        self._mine = (names.cookie, names.secure_cookie)
        wished = self._received.get(self._wish_cookie, "").split(".")
        self.retired = list(dict.fromkeys(filter(is_visitor_id, wished)))

    @property
    def visitor_id(self) -> str | None:
        """The id that is not retired yet, as `VisitorCookie` sees it."""
        return Cookies.of(self.without_retired(), self._names, from_http=False).visitor_id

    @property
    def visitor_cookies(self) -> list[str]:
        """The names of all cookies that hold an id of a visitor, as far as they came."""
        return [name for name, value in self._received.items() if is_visitor_id(value) and self._is_mine(name, value)]

    @property
    def retired_cookies(self) -> list[str]:
        """Those that hold a retired one."""
        return [name for name in self.visitor_cookies if self._received[name] in self.retired]

    def without_retired(self) -> Scope:
        """Return the request without its cookies that hold a retired id; a header tells the script that some wait."""
        gone = (*self.retired_cookies, self._wish_cookie)
        kept = "; ".join(f"{name}={value}" for name, value in pairs_in(self.scope) if name not in gone)
        mark = self._names.forgetting_header.lower().encode("latin-1")
        others = [pair for pair in self.scope["headers"] if pair[0] not in (b"cookie", mark)]
        return {**self.scope, "headers": [*others, (b"cookie", kept.encode("latin-1")), (mark, b"1")]}

    def delete(self, name: str) -> str:
        """Return the Set-Cookie that deletes a cookie."""
        return self._set(name, "", 0)

    def remember(self, waiting: Collection[str], seconds: int) -> Iterable[str]:
        """Return the Set-Cookie that remembers who is still to be forgotten; where nobody is, one that is not there."""
        if waiting:
            return [self._set(self._wish_cookie, ".".join([*waiting][-MOST_WISHES:]), seconds)]
        return [self.delete(self._wish_cookie)] if self._wish_cookie in self._received else []

    def _is_mine(self, name: str, value: str) -> bool:
        return name in self._mine or name in [f"{mine}-claim-{value[:8]}" for mine in self._mine]

    def _set(self, name: str, value: str, seconds: int) -> str:
        secure = "; Secure" if name.startswith("__Host-") or self._https else ""
        return f"{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}"


def _expected(visitor_id: str) -> bytes:
    return forget_token(visitor_id).encode()


async def _token(receive: Receive) -> bytes:
    """Return the token in the body of a form; empty where there is none, or the body is too long."""
    body, more = b"", True
    while more and len(body) <= LONGEST_BODY:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    if len(body) > LONGEST_BODY:
        return b""
    return parse_qs(body.decode("latin-1")).get("token", [""])[0].encode()


async def _say(send: Send, status: int, cookies: Iterable[str] = (), then: str = "") -> None:
    headers = [(b"cache-control", b"no-store"), *((b"set-cookie", cookie.encode("latin-1")) for cookie in cookies)]
    if then:
        headers.append((b"location", then.encode("latin-1")))
    if status != 204:  # which has no body, and so no length either (RFC 9110, 8.6)
        headers.append((b"content-length", b"0"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
