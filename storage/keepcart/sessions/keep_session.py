"""The whole session survives: a reload, a closed tab, a killed server, another replica."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs

from anyio import to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from keepcart.documents import Held, Keeper
from keepcart.middleware.cookie import VisitorCookie, visitor_of
from keepcart.middleware.frames import words_of
from keepcart.sessions.codec import Codec, fingerprint
from keepcart.sessions.content import Content, Run, content_document
from keepcart.sessions.form import Unkeepable, Unreadable
from keepcart.sessions.own_classes import OwnClasses
from keepcart.sessions.passing import with_value
from keepcart.sessions.streamlit_session import HEADER, StreamlitSession, has_triggers
from keepcart.visits.owners import owner_of_browser

log = logging.getLogger(__name__)


class KeptSession:
    """A session and its document: takes up what is stored, and keeps what a run has changed."""

    def __init__(
        self, session: StreamlitSession, held: Held[Content, Run], codec: Codec, leave_out: frozenset[str]
    ) -> None:
        self._session, self._held, self._codec, self._leave_out = session, held, codec, leave_out
        self._prints: dict[str, bytes] = {}
        self._refused: dict[str, str] = {}

    def restore(self) -> Mapping[str, WidgetState]:
        """Put what is stored into the session, and return what its widgets hold, by id."""
        content = self._held.value
        for key, stored in content.keys.items():
            try:
                self._session.put(key, self._codec.decode(stored))
            except Unreadable as problem:
                log.warning("a key of a session cannot be read", extra={"key": key, "problem": str(problem)})
        return {name: WidgetState.FromString(stored) for name, stored in content.widgets.items()}

    def keep(self) -> None:
        """Save what the last run has changed; one round trip, or none."""
        content = self._held.value
        keys, widgets = self._keys(content), self._widgets(content)
        if keys or widgets or content.failed != self._session.failed:
            self._held.change(Run(keys, widgets, self._session.failed))

    def _keys(self, content: Content) -> dict[str, bytes | None]:
        changes: dict[str, bytes | None] = {}
        there = set()
        for key, value in self._session.keys():
            if key in self._leave_out:
                continue
            seen = fingerprint(value)
            if seen is not None and self._prints.get(key) == seen:
                there.add(key)
                continue
            try:
                stored = self._codec.encode(value)
            except Unkeepable as problem:
                if key not in self._refused:
                    log.warning("a key of a session cannot be kept", extra={"key": key, "problem": str(problem)})
                self._refused[key] = str(problem)
                continue
            there.add(key)
            if seen is not None:
                self._prints[key] = seen
            if content.keys.get(key) != stored:
                changes[key] = stored
        return changes | {key: None for key in content.keys if key not in there}

    def _widgets(self, content: Content) -> dict[str, bytes | None]:
        now = {state.id: bytes(state.SerializeToString()) for state in self._session.widgets()}
        gone: dict[str, bytes | None] = {name: None for name in content.widgets if name not in now}
        return gone | {name: stored for name, stored in now.items() if content.widgets.get(name) != stored}


class _Page:
    """One open page: its websocket, from the handshake on."""

    def __init__(self, keeper: Keeper, codec: Codec, visitor_id: str, tab: str, leave_out: frozenset[str]) -> None:
        self.mark = secrets.token_urlsafe(12)
        self._keeper, self._codec, self._leave_out = keeper, codec, leave_out
        self._owner = owner_of_browser(visitor_id)
        self._tab = tab
        self._kept: KeptSession | None = None
        self._idle = asyncio.Event()
        self._idle.set()
        self._silent = False
        self._waits: BackMsg | None = None
        self._held: Mapping[str, WidgetState] = {}

    async def receive(self, receive: Receive) -> Message:
        if self._waits is not None:
            await self._idle.wait()
            words, self._waits = self._waits, None
            self._silent = False
            self._idle.clear()
            return _frame(words)
        while True:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            words = words_of(message)
            if words is not None:
                break
        if words.WhichOneof("type") != "rerun_script":
            return message
        await self._idle.wait()
        self._idle.clear()
        if self._kept is None:
            words = await self._begin(words)
        return _frame(words)

    async def _begin(self, words: BackMsg) -> BackMsg:
        session = StreamlitSession.connected_with(self.mark)
        assert session is not None
        held = self._keeper.hold(self._owner, content_document(self._tab))
        await to_thread.run_sync(lambda: held.load(renew=True))
        self._kept = KeptSession(session, held, self._codec, self._leave_out)
        if session.has_run:
            return words
        stored = self._kept.restore()
        request: ClientState = words.rerun_script
        if not request.widget_states.widgets and not request.fragment_id:
            request.widget_states.widgets.extend(stored.values())
            self._held = stored
            return words
        rehearsal = BackMsg()
        rehearsal.rerun_script.CopyFrom(request)
        rehearsal.rerun_script.ClearField("fragment_id")
        rehearsal.rerun_script.ClearField("widget_states")
        rehearsal.rerun_script.widget_states.widgets.extend(stored.values())
        self._waits, self._silent = words, True
        return rehearsal

    async def send(self, message: Message, send: Send) -> None:
        data = message.get("bytes")
        if not data:
            await send(message)
            return
        sent = None
        if self._held or len(data) < 120:
            sent = ForwardMsg.FromString(data)
            kind = sent.WhichOneof("type")
            if kind == "delta" and self._held and with_value(sent, self._held):
                message = {**message, "bytes": sent.SerializeToString()}
            if kind == "script_finished" and sent.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                self._held = {}
                if self._kept is not None and not self._silent:
                    await to_thread.run_sync(self._kept.keep)
                self._idle.set()
        if not self._silent:
            await send(message)


class KeepSession:
    """ASGI middleware that keeps whole sessions."""

    def __init__(
        self, app: ASGIApp, keeper: Keeper, folder: Path, *, keep_seconds: int, leave_out: frozenset[str] = frozenset()
    ) -> None:
        self._keeper, self._codec, self._leave_out = keeper, Codec(OwnClasses(folder)), leave_out
        self._app = app
        self._inner = VisitorCookie(self._behind_cookie, keep_seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._inner(scope, receive, send)

    async def _behind_cookie(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        visitor_id = visitor_of(scope)
        assert visitor_id
        tab = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("tab", ["0"])[0]
        page = _Page(self._keeper, self._codec, visitor_id, tab, self._leave_out)
        headers = [pair for pair in scope["headers"] if pair[0] != HEADER.encode()]
        scope = {**scope, "headers": [*headers, (HEADER.encode(), page.mark.encode())]}
        await self._app(scope, lambda: page.receive(receive), lambda message: page.send(message, send))


def _frame(words: BackMsg) -> Message:
    return {"type": "websocket.receive", "bytes": words.SerializeToString()}


__all__ = ["KeepSession", "has_triggers"]
