"""One websocket of a page whose session is kept: what goes in before its first run, and what is kept after each.

It stands behind `Turns`, so requests come one after another.

A page that was just loaded has no state. Its first request gets the stored one, and the elements that pass by get the
values of their widgets.

A page that was open when its server ended, or that a balancer has sent elsewhere, has all its state and knows nothing
of it: its first request is already the visitor's click. To Streamlit that would be a click on a button that no run has
drawn, and its callback would be lost. So a *rehearsal* goes first: the same request without the click, with the state
that is stored, and its output withheld. Then the click is let in. What differs from the stored state is what the
visitor has done, and its callbacks are called for exactly that.

Where the script fails with what was restored, and had not failed before, the session begins anew: the script runs once
more with nothing restored, and the error is never shown. A click is not done a second time. Where the script fails
with nothing restored as well, what was restored is not to blame, and none of it is lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from anyio import to_thread
from starlette.types import Message, Receive, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from keepcart.middleware import end_in
from keepcart.sessions.asked import acts_in, for_whole_page, frame, is_of_new_page, run_in, with_stored, without_acts
from keepcart.sessions.holding import Holding
from keepcart.sessions.kept_session import KeptSession
from keepcart.sessions.open_tabs import RENAMES
from keepcart.sessions.passing import with_value
from keepcart.sessions.rehearsal import Rehearsal
from keepcart.sessions.said import draws_error, is_answer, misses, password_in, widget_in

log = logging.getLogger(__name__)

ENDLESS_SECONDS: Final = 2.0
"""A script that calls `st.rerun()` again and again is kept as often, although its turn never ends."""

TRIES: Final = 3
"""To look at a session; a run that was not waited for may be changing it."""

_EARLY: Final = ForwardMsg.FINISHED_EARLY_FOR_RERUN


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
        self._request: BackMsg | None = None  # that the run in progress was asked for with; None while there is none
        self._rehearsal: Rehearsal | None = None  # whose output is withheld
        self._waits_for: Rehearsal | None = None  # what the browser has asked for comes after it
        self._is_restored = False  # by the turn in progress, of a page that was just loaded
        self._is_anew = False  # so is the turn in progress, since what was restored has failed
        self._stored: Mapping[str, WidgetState] = {}  # of the widgets whose values the browser does not know yet
        self._held_back: list[Message] | None = None  # from an error on that nobody may have to see
        self._is_begun = False  # with the first request
        self._looked = 0.0  # when the session was last looked at

    async def receive(self) -> Message:
        """Return what the browser says next, as Streamlit is to hear it."""
        if self._waits_for is not None:
            return await self._act_after(self._waits_for)
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            await self._leave()
        words = run_in(message)
        if words is None:
            return message
        self._request = words
        try:
            return await self._prepared(message, words)
        except Exception as problem:  # noqa: BLE001 - nothing of ours may take a page down
            self._give_up(problem)
            return message

    async def send(self, message: Message) -> None:
        """Pass on what Streamlit says, once what a run has changed is kept."""
        data = message.get("bytes")
        if not data or self._kept is None:
            await self._send(message)
            if message["type"] == "websocket.accept" and self._new_name:
                await self._send({"type": "websocket.send", "text": f"{RENAMES}{self._new_name}"})
            return
        try:
            said = await self._said(message, data, self._kept)
        except Exception as problem:  # noqa: BLE001 - as above
            said = (*self._give_up(problem), message)
        for one in said:
            await self._send(one)

    def _give_up(self, problem: Exception) -> Sequence[Message]:
        """Let the app go on as it would without us, whatever went wrong; return what was held back."""
        log.error("a session is not kept: its page goes on without", exc_info=problem)
        self._kept = None
        if self._rehearsal is not None:
            self._rehearsal.end()
        self._rehearsal = None
        held_back, self._held_back = self._held_back or (), None
        return held_back

    # What the browser asks

    async def _prepared(self, message: Message, words: BackMsg) -> Message:
        """Return what Streamlit is to hear in place of a request, once its session is there."""
        is_first, self._is_begun = not self._is_begun, True
        if is_first and (kept := self._session()) is not None:
            self._kept = kept
            stored = await to_thread.run_sync(_begun, kept)
            return message if stored is None else self._restored(words, kept, stored)
        if self._kept is not None and self._kept.shares:
            await to_thread.run_sync(self._kept.look)
        return message

    def _restored(self, words: BackMsg, kept: KeptSession, stored: Mapping[str, WidgetState]) -> Message:
        """Return what is to be said first in a session that this process has never run, with the stored state."""
        if is_of_new_page(words.rerun_script):
            self._is_restored, self._stored = True, stored
        else:
            kept.note_act()
            self._rehearsal = self._waits_for = Rehearsal(words, acts_in(words.rerun_script, stored))
        return frame(with_stored(words, stored))

    async def _act_after(self, rehearsal: Rehearsal) -> Message:
        await rehearsal.wait()
        self._waits_for = None
        # A dialog is drawn by the run of its button alone. Streamlit would answer nothing to whoever clicks in it.
        is_as_asked = rehearsal.is_of_fragment_there and not rehearsal.is_anew
        return frame(rehearsal.act if is_as_asked else for_whole_page(rehearsal.act))

    async def _leave(self) -> None:
        """Keep what the run in progress has changed so far: nobody will hear of its end."""
        if self._request is not None and self._rehearsal is None and not self._is_restored and not self._is_anew:
            await self._keep()

    # What Streamlit says

    async def _said(self, message: Message, data: bytes, kept: KeptSession) -> Sequence[Message]:
        """Return what the browser is to hear in place of a message."""
        if password := password_in(data):
            kept.leave_out(password)
        if self._rehearsal is not None:
            return await self._withheld(message, data, self._rehearsal, kept)
        return await self._passed_on(message, data, kept)

    async def _withheld(
        self, message: Message, data: bytes, rehearsal: Rehearsal, kept: KeptSession
    ) -> Sequence[Message]:
        """Take in what a rehearsal says. The browser hears only of what no run says again."""
        sent = ForwardMsg.FromString(data)
        if rehearsal.is_left and sent.HasField("new_session"):  # of the act: with fast reruns no end comes before it
            self._rehearsal = None
            return await self._passed_on(message, data, kept)
        if is_answer(sent):
            return (message,)
        if sent.HasField("delta"):
            rehearsal.draw(widget_in(sent), sent.delta.fragment_id)
        end = end_in(data)
        if end is None or end == _EARLY:
            return ()
        if rehearsal.is_anew:
            self._put_back_if_failed(kept)
        elif not rehearsal.is_left and end != ForwardMsg.FINISHED_WITH_COMPILE_ERROR and kept.is_worse():
            rehearsal.begin_anew()
            kept.begin_anew(without_acts(rehearsal.act))
            return ()
        self._rehearsal = None
        rehearsal.end()
        return ()

    async def _passed_on(self, message: Message, data: bytes, kept: KeptSession) -> Sequence[Message]:
        if self._is_restored or self._stored:
            sent = ForwardMsg.FromString(data)
            if self._held_back is None and self._is_restored and draws_error(sent):
                self._held_back = []
            if with_value(sent, self._holds):
                message = {**message, "bytes": sent.SerializeToString()}
        if self._held_back is None and misses(data, kept.missing):
            self._held_back = []
        end = end_in(data)
        if end is not None and end != _EARLY:
            return await self._end_turn(message, end, kept)
        if end == _EARLY and asyncio.get_running_loop().time() - self._looked > ENDLESS_SECONDS:
            await self._keep()
        if self._held_back is None:
            return (message,)
        self._held_back.append(message)
        return ()

    async def _end_turn(self, message: Message, end: int, kept: KeptSession) -> Sequence[Message]:
        if self._is_to_blame(end, kept) and self._request is not None:
            self._held_back, self._is_restored, self._is_anew = None, False, True
            kept.begin_anew(without_acts(self._request))
            return ()
        goes_on = (self._is_anew and self._put_back_if_failed(kept)) or await self._keep()
        self._is_restored = self._is_anew = False
        if not goes_on and self._request is not None:
            kept.end(without_acts(self._request))
        self._stored, self._request = {}, None
        held_back, self._held_back = self._held_back or (), None
        return (*held_back, message)

    def _is_to_blame(self, end: int, kept: KeptSession) -> bool:
        """Tell whether a run has failed because of what was restored, or of what could not be kept."""
        if self._is_anew or end == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            return False
        if self._is_restored:
            return kept.is_worse()
        # Streamlit does not count the error of a fragment as one of the run.
        return self._held_back is not None and (kept.failed or end == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)

    def _put_back_if_failed(self, kept: KeptSession) -> bool:
        """Restore the session again where the script fails without it too; return whether it does."""
        has_failed = kept.failed
        if has_failed:
            kept.put_back()
        return has_failed

    def _holds(self, widget: str) -> Holding | None:
        """Return what a widget holds for Streamlit, where the browser does not know it yet."""
        return self._kept.holds(widget) if self._kept is not None and widget in self._stored else None

    async def _keep(self) -> bool:
        """Keep what has changed; return False where the session is over."""
        if self._kept is None:
            return True
        self._looked = asyncio.get_running_loop().time()
        for _ in range(TRIES):
            try:
                changes = self._kept.changed()
                break
            except (RuntimeError, KeyError):  # a run is changing it
                await asyncio.sleep(0)
        else:
            return True
        return changes is None or await to_thread.run_sync(self._kept.keep, changes)


def _begun(kept: KeptSession) -> Mapping[str, WidgetState] | None:
    """Read what is stored of a session; return what its widgets held, None where it goes on as it is."""
    kept.load()
    stored = None if kept.has_run else kept.restore()
    if kept.shares:
        kept.look()
    return stored
