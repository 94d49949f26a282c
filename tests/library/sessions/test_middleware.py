"""`KeepSession` with a release of Streamlit that was not tried: the app works, and one warning says what does not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from keepcart import KeepSession
from keepcart.middleware import Names, new_visitor_id
from keepcart.sessions import middleware
from keepcart.sessions.open_tabs import SAYS

SCOPE: Scope = {
    "type": "websocket",
    "scheme": "ws",
    "path": "/_stcore/stream",
    "root_path": "",
    "headers": [
        (b"cookie", f"{Names('keepcart').cookie}={new_visitor_id()}".encode()),
        (b"sec-websocket-protocol", f"streamlit, {SAYS}a".encode()),
    ],
    "subprotocols": ["streamlit", f"{SAYS}a"],
}

WORDS = ForwardMsg(hash="hello").SerializeToString()


def test_an_unknown_release_passes_everything_on_and_is_warned_of_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[object] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["subprotocols"])
        seen.append((await receive())["type"])
        await send({"type": "websocket.send", "bytes": WORDS})

    async def receive() -> Message:
        return {"type": "websocket.disconnect"}

    async def send(message: Message) -> None:
        seen.append(message["bytes"])

    monkeypatch.setattr(middleware, "keeps_sessions", lambda: False)
    around = KeepSession(app, f"sqlite:///{tmp_path}/kept.db")
    for _ in range(2):
        asyncio.run(around(SCOPE, receive, send))
    assert seen == [["streamlit"], "websocket.disconnect", WORDS] * 2
    assert [record.getMessage()[:23] for record in caplog.records] == ["sessions are not kept: "]
