"""A session of Streamlit without a server: a real `SessionState`, real elements, and the script a function.

What `ScriptRunner` does around a run is done here in the same order (Streamlit 1.67), in the caller's thread.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from starlette.types import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner.exec_code import exec_func_with_error_handling
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext, add_script_run_ctx
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.state.session_state import SCRIPT_RUN_WITHOUT_ERRORS_KEY

from keepcart.sessions.connection import Connection
from keepcart.sessions.kept_session import KeptSession
from testbed.wire.connection import Run
from testbed.wire.open_page import OpenPage
from testbed.wire.shown import Shown

SCRIPT_PATH = "/app/app.py"


class ScriptedSession:
    """Stands in for Streamlit's `AppSession`.

    Attributes:
        asked: requests that wait for their run.
    """

    def __init__(self, script: Callable[[], None]) -> None:
        self.session_state = SessionState()
        self.asked: asyncio.Queue[BackMsg] = asyncio.Queue()
        self._script = script
        self._user_info: dict[str, Any] = {}
        self._said: list[ForwardMsg] = []
        self._pages = PagesManager(SCRIPT_PATH)
        self._fragments = MemoryFragmentStorage()
        self._context = ScriptRunContext(
            session_id="scripted",
            _enqueue=self._said.append,
            query_string="",
            session_state=SafeSessionState(self.session_state, lambda: None),
            uploaded_file_mgr=MemoryUploadedFileManager("/media"),
            main_script_path=SCRIPT_PATH,
            user_info={},
            fragment_storage=self._fragments,
            pages_manager=self._pages,
        )

    def handle_backmsg(self, words: BackMsg) -> None:
        """Let a run wait."""
        self.asked.put_nowait(words)

    def run(self, words: BackMsg) -> Sequence[ForwardMsg]:
        """Run the script; return what it says, the end of the run included."""
        self._said.clear()
        request, context = words.rerun_script, self._context
        fragments = [request.fragment_id] if request.fragment_id else None
        begun = ForwardMsg()
        begun.new_session.page_script_hash = begun.new_session.main_script_hash = self._pages.main_script_hash
        begun.metadata.run.fragment_ids.extend(fragments or ())
        self._said.append(begun)

        def code() -> None:
            self.session_state.on_script_will_rerun(request.widget_states)
            context.on_script_start()
            if fragments is None:
                self._script()
                self._fragments.clear(new_fragment_ids=context.shared.new_fragment_ids.snapshot())
            else:
                self._fragments.lookup(request.fragment_id)()

        add_script_run_ctx(threading.current_thread(), context)
        try:
            context.reset(page_script_hash=self._pages.main_script_hash, fragment_ids_this_run=fragments)
            _, has_worked, *_ = exec_func_with_error_handling(code, context)
            self.session_state[SCRIPT_RUN_WITHOUT_ERRORS_KEY] = has_worked
            self.session_state.on_script_finished(context.shared.widget_ids_this_run.snapshot())
        finally:
            delattr(threading.current_thread(), "streamlit_script_run_ctx")  # as `add_script_run_ctx` names it
        ended = ForwardMsg()
        ended.script_finished = (
            ForwardMsg.FINISHED_SUCCESSFULLY if fragments is None else ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
        )
        return [*self._said, ended]


class Died(Exception):
    """The process ended before its page has read an answer."""


class PlainWire:
    """A page's way to a session that is not kept.

    Attributes:
        is_deaf: the page reads no answer.
        asked: the last request.
    """

    def __init__(self, session: ScriptedSession) -> None:
        self.session = session
        self.is_deaf = False
        self.asked = BackMsg()

    def run(self, *requests: bytes) -> Run:
        """Run the script for a request."""
        (request,) = requests
        self.asked = BackMsg.FromString(request)
        messages = self.session.run(self.asked)
        if self.is_deaf:
            self.is_deaf = False
            raise Died
        return Run(0.0, 0.0, 0, messages)

    def close(self) -> None:
        """Leave."""


class KeptWire:
    """A page's way to a session that is kept, in a process that may die.

    Attributes:
        dies: "before" the end of the next run is heard of by anybody; "after" what it has changed was kept.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, session: ScriptedSession, kept: KeptSession) -> None:
        self.session, self.dies = session, ""
        self._loop = loop
        self._incoming: asyncio.Queue[bytes] = asyncio.Queue()
        self._said: list[ForwardMsg] = []
        self._connection = Connection(self._receive, self._send, lambda: kept)

    def run(self, *requests: bytes) -> Run:
        """Ask, and return what the page hears."""
        return self._loop.run_until_complete(self._turn(*requests))

    def close(self) -> None:
        """Leave; Streamlit hears of it."""

    async def _turn(self, request: bytes) -> Run:
        self._said.clear()
        self._incoming.put_nowait(request)
        passing = asyncio.create_task(self._pass_on())
        try:
            while not (self._has_ended() and self.session.asked.empty()):
                for message in self.session.run(await self.session.asked.get()):
                    if self.dies == "before" and message.HasField("script_finished"):
                        raise Died
                    await self._connection.send({"type": "websocket.send", "bytes": message.SerializeToString()})
        finally:
            passing.cancel()
        if self.dies:
            raise Died
        return Run(0.0, 0.0, 0, list(self._said))

    async def _pass_on(self) -> None:
        while True:
            self.session.handle_backmsg(BackMsg.FromString((await self._connection.receive())["bytes"]))

    def _has_ended(self) -> bool:
        return any(message.HasField("script_finished") for message in self._said)

    async def _receive(self) -> Message:
        return {"type": "websocket.receive", "bytes": await self._incoming.get()}

    async def _send(self, message: Message) -> None:
        self._said.append(ForwardMsg.FromString(message["bytes"]))


Wire = TypeVar("Wire", PlainWire, KeptWire)


class ScriptedPage(OpenPage, Generic[Wire]):
    """A browser's page that speaks to one of these."""

    _wire: Wire

    def __init__(self, wire: Wire) -> None:  # it loads nothing
        self._url, self._name, self._query = "http://scripted", "", ""
        self._page_hash = self._main_hash = self._session_id = self._tab = ""
        self._pages, self._held, self._kept_messages, self._drawn = {}, {}, {}, []
        self.cookies = {}
        self.shown, self.title = Shown([]), ""
        self.wire = wire

    @property
    def wire(self) -> Wire:
        """What it speaks through; another one after it has connected anew."""
        return self._wire

    @wire.setter
    def wire(self, wire: Wire) -> None:
        self._wire = wire
        self._connection = wire  # type: ignore[assignment]  # it does what a connection does
