"""One websocket of a page whose session is kept: what goes in before its first run, and what is kept after each.

It stands behind `Turns`, so requests come one after another.

A page that was just loaded has no state. Its first request gets the stored one, and the elements that pass by get the
values of their widgets.

A page that was open when its server ended, or that a balancer has sent elsewhere, has all its state and knows nothing
of it: its first request is already the visitor's click. To Streamlit that would be a click on a button that no run has
drawn, and its callback would be lost. So a *rehearsal* goes first: the same request without the click, with the state
that is stored, and its output withheld. Then the click is let in. What differs from the stored state is what the
visitor has done, and its callbacks are called for exactly that.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Final

from anyio import to_thread
from starlette.types import Message, Receive, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from keepcart.middleware.turns import ends_a_run
from keepcart.sessions.kept_session import KeptSession
from keepcart.sessions.open_tabs import RENAMES
from keepcart.sessions.passing import with_value

log = logging.getLogger(__name__)

REHEARSAL_SECONDS: Final = 30.0
"""A rehearsal that takes longer is not waited for. Its page looks idle meanwhile."""

TRIES: Final = 3
"""To look at a session; a run that was not waited for may be changing it."""


class Connection:
    """The websocket of one page, between Streamlit and the browser."""

    def __init__(
        self, receive: Receive, send: Send, session: Callable[[], KeptSession | None], new_name: str = ""
    ) -> None:
        """Take both ends.

        Args:
            receive, send: of the browser's side.
            session: returns the session once there is one; None where it cannot be kept.
            new_name: what the browser is to call its tab from now on; "" where it has the right name.
        """
        self._receive, self._send, self._session, self._new_name = receive, send, session, new_name
        self._kept: KeptSession | None = None
        self._begun = False
        self._waiting: Message | None = None  # the request that follows a rehearsal
        self._rehearsed = asyncio.Event()
        self._is_silent = False
        self._is_restored = False  # by the run in progress
        self._values: Mapping[str, WidgetState] = {}  # for the elements of that run

    async def receive(self) -> Message:
        """Return what the browser says next, as Streamlit is to hear it."""
        if self._waiting is not None:
            return await self._after_rehearsal(self._waiting)
        message = await self._receive()
        if self._begun or message["type"] != "websocket.receive":
            return message
        words = BackMsg.FromString(message["bytes"])
        if words.WhichOneof("type") != "rerun_script":
            return message
        self._begun = True
        self._kept = self._session()
        if self._kept is None:
            return message
        await to_thread.run_sync(self._kept.load)
        return message if self._kept.has_run else self._first(message, words, self._kept)

    async def send(self, message: Message) -> None:
        """Pass on what Streamlit says, once what a run has changed is kept."""
        if message["type"] == "websocket.accept":
            await self._send(message)
            if self._new_name:
                await self._send({"type": "websocket.send", "text": f"{RENAMES}{self._new_name}"})
            return
        if self._values and message.get("bytes"):
            message = self._with_value(message)
        if not ends_a_run(message):
            if not self._is_silent:
                await self._send(message)
        elif self._is_silent:
            self._end_rehearsal()
        else:
            await self._keep()
            await self._send(message)

    def _first(self, message: Message, words: BackMsg, kept: KeptSession) -> Message:
        """Return what is to be said first in a session that this process has never run."""
        stored = kept.restore()
        request = words.rerun_script
        self._is_restored = True
        if not request.widget_states.widgets and not request.fragment_id:
            request.widget_states.widgets.extend(stored.values())
            self._values = stored
            return _frame(words)
        self._waiting, self._is_silent = message, True
        request.ClearField("fragment_id")
        request.ClearField("widget_states")
        request.widget_states.widgets.extend(stored.values())
        return _frame(words)

    async def _after_rehearsal(self, message: Message) -> Message:
        try:
            async with asyncio.timeout(REHEARSAL_SECONDS):
                await self._rehearsed.wait()
        except TimeoutError:
            self._is_silent = False
        self._waiting = None
        return message

    def _end_rehearsal(self) -> None:
        self._is_silent = self._is_restored = False
        if self._kept is not None and self._kept.is_worse():
            self._kept.begin_anew()
        self._rehearsed.set()

    def _with_value(self, message: Message) -> Message:
        sent = ForwardMsg.FromString(message["bytes"])
        return {**message, "bytes": sent.SerializeToString()} if with_value(sent, self._values) else message

    async def _keep(self) -> None:
        self._values = {}
        if self._kept is None:
            return
        for _ in range(TRIES):
            try:
                change = self._kept.changed()
                break
            except RuntimeError:  # a dictionary has changed its size
                await asyncio.sleep(0)
        else:
            return
        if change is not None:
            await to_thread.run_sync(self._kept.keep, change)


def _frame(words: BackMsg) -> Message:
    return {"type": "websocket.receive", "bytes": words.SerializeToString()}
