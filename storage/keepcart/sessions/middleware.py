"""`KeepSession`: the whole session survives a reload, a closed tab, a killed server, another replica."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from keepcart.documents import VALUES, Keeper, Owner
from keepcart.middleware import (
    NONCE,
    Turns,
    VisitorCookie,
    is_html,
    is_page,
    keeps_sessions,
    uncompressed,
    visitor_of,
    whole,
)
from keepcart.sessions.codec import Codec, OwnClasses
from keepcart.sessions.connection import Connection
from keepcart.sessions.kept_keys import KeptKeys
from keepcart.sessions.kept_session import KeptSession
from keepcart.sessions.kept_tab import Hold, KeptTab
from keepcart.sessions.open_tabs import MARK, OpenTabs, tab_script, taken
from keepcart.sessions.shared_keys import SHARED, SharedKeys
from keepcart.visits import keeper_of, owner_of_browser, owner_of_person

log = logging.getLogger(__name__)

DAY: Final = 86_400


class KeepSession:
    """ASGI middleware that keeps the whole `st.session_state`, and what every widget holds, keyed or not.

        app = st.App("app.py", middleware=[Middleware(KeepSession, "redis://localhost:6379/0")])

    It contains `VisitorCookie` and `Turns`. What it cannot keep, and what it costs, is in docs/any-app.md.
    """

    def __init__(  # noqa: PLR0913 - all but the first two stand by name
        self,
        app: ASGIApp,
        storage: str | Keeper,
        *,
        keep_days: int = 30,
        name: str = "keepcart",
        seal_key: str | Sequence[str] = (),
        keys: Collection[str] | None = None,
        leave_out: Collection[str] = (),
        share: Collection[str] = (),
        owner: Callable[[Mapping[str, Any]], str | None] | None = None,
        not_pages: Collection[str] = (),
        from_http_until: date | None = None,
    ) -> None:
        """Stand around an app.

        Args:
            app: the next ASGI application.
            storage: where sessions are kept, as `open_storage` takes it; or the app's own keeper.
            keep_days: how long a session is kept after its last run.
            name: the app's name. Apps that share a host or a Redis need one each.
            seal_key: as of `begin_visit`.
            keys: keep these keys of `st.session_state` and the widgets with them, and no others; None for everything
                that can be kept.
            leave_out: keys that are not to be kept, widgets' among them.
            share: keys that all tabs of a visitor have in common. The later change of one wins; what is to be merged is
                a `Kept` value. Each run of such an app asks storage once.
            owner: returns the name of the person who has logged in, given `st.user`; None while nobody has. Their
                session then follows them to other browsers, and after a logout the browser has none of it.

                    owner=lambda user: user.get("sub")
            not_pages: as of `VisitorCookie`.
            from_http_until: as of `VisitorCookie`.

        Raises:
            ValueError, Unavailable: as of `begin_visit`.
        """
        self._app = app
        self._keeper = (
            storage
            if isinstance(storage, Keeper)
            else keeper_of(storage, keep_days=keep_days, name=name, seal_key=seal_key)
        )
        self._name = name
        self._keys = None if keys is None else frozenset((*keys, *share))
        self._leave_out = frozenset(leave_out)
        self._share = frozenset(share)
        self._owner = owner
        self._not_pages = tuple(not_pages)
        self._knows_release = keeps_sessions()
        if not self._knows_release:
            log.warning("sessions are not kept: that was not tried with Streamlit %s", st.__version__)
        self._codec: Codec | None = None
        self._tabs = OpenTabs()
        self._around = VisitorCookie(
            Turns(self._behind),
            keep_days * DAY,
            name=name,
            not_pages=not_pages,
            from_http_until=from_http_until,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; pages name their tab, and sessions are kept."""
        await self._around(scope, receive, send)

    async def _behind(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_page(scope, self._not_pages):
            await self._app(uncompressed(scope), receive, whole(send, partial(_with_script, scope.get(NONCE))))
        elif scope["type"] == "websocket" and (visitor_id := visitor_of(scope, self._name)):
            await self._websocket(scope, receive, send, owner_of_browser(visitor_id))
        else:
            await self._app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send, browser: Owner) -> None:
        named, scope = taken(scope)
        mark = secrets.token_urlsafe(12)
        header = MARK.encode()
        headers = [*(pair for pair in scope["headers"] if pair[0] != header), (header, mark.encode())]
        tab, like = self._tabs.open(browser.key, named)
        connection = Connection(
            receive, send, partial(self._session, mark, browser, tab, like), "" if tab == named else tab
        )
        try:
            await self._app({**scope, "headers": headers}, connection.receive, connection.send)
        finally:
            self._tabs.close(browser.key, tab)

    def _session(self, mark: str, browser: Owner, tab: str, like: str) -> KeptSession | None:
        if not self._knows_release:
            return None
        # An unknown release may not have what this imports.
        from keepcart.sessions.streamlit_session import StreamlitSession  # noqa: PLC0415

        session = StreamlitSession.connected_with(mark)
        if session is None:
            return None
        if self._codec is None:
            self._codec = Codec(OwnClasses(session.app_folder))
        hold: Hold = partial(self._keeper.hold, browser)
        before = None
        if self._owner is not None and (person := self._owner(session.user)) is not None:
            hold, before = partial(self._keeper.hold, owner_of_person(person, self._keeper.seal_keys)), hold
        keys = KeptKeys(self._codec, self._is_chosen)
        shared = SharedKeys(self._share, hold(SHARED), keys) if self._share else None
        return KeptSession(session, KeptTab(tab, like, hold, before), keys, shared, self._is_kept, values=hold(VALUES))

    def _is_chosen(self, key: str) -> bool:
        return key not in self._leave_out and (self._keys is None or key in self._keys)

    def _is_kept(self, key: str | None) -> bool:
        return self._keys is None if key is None else self._is_chosen(key)


async def _with_script(nonce: str | None, start: Message, body: bytes) -> bytes:
    """Return a page that names its tab."""
    return body.replace(b"<head>", b"<head>" + tab_script(nonce).encode(), 1) if is_html(start) else body
