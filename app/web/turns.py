"""One run at a time: a page's next rerun request waits until the run of the last one has ended.

Streamlit merges rerun requests that wait together, and two clicks on the same button become one; a click that reaches
a session in its very first run interrupts it before its button is drawn, and the older click is gone; and with
`runner.fastReruns` a new run begins in a second thread while the callbacks of the old one are still at work. A shopper
who clicks faster than a busy server draws loses clicks in each of these ways. Waiting loses none of them, and costs a
shopper who clicks slower nothing.
"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

LONGEST_TURN_SECONDS = 5.0
"""A run that takes longer is not waited for: what it draws is late anyway, and nothing may block a page for good."""

SHORT_MESSAGE = 120
"""Bytes. The message that ends a run is shorter; the others need not be parsed."""


class Turns:
    """ASGI middleware for Streamlit's websocket."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; requests for a run in turn."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        idle = asyncio.Event()
        idle.set()

        async def receive_in_turn() -> Message:
            message = await receive()
            if _asks_for_a_run(message):
                try:
                    async with asyncio.timeout(LONGEST_TURN_SECONDS):
                        await idle.wait()
                except TimeoutError:
                    pass
                idle.clear()
            return message

        async def send_and_notice(message: Message) -> None:
            await send(message)
            if not idle.is_set() and _ends_a_run(message):
                idle.set()

        await self._app(scope, receive_in_turn, send_and_notice)


def _asks_for_a_run(message: Message) -> bool:
    data = message.get("bytes")
    return bool(data) and BackMsg.FromString(data).WhichOneof("type") == "rerun_script"


def _ends_a_run(message: Message) -> bool:
    data = message.get("bytes")
    if not data or len(data) > SHORT_MESSAGE:
        return False
    sent = ForwardMsg.FromString(data)
    # A run that ends early for st.rerun() is followed by another, which is still the same turn.
    ended = sent.WhichOneof("type") == "script_finished"
    return ended and bool(sent.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN)
