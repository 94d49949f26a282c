"""One run at a time: a page's next request for a run waits until its last run has ended.

Streamlit loses clicks of a visitor who is faster than a busy server, in three ways. It merges requests that wait
together, so two clicks on one button become one. A click that arrives during a session's very first run interrupts it
before the button is drawn, so the first click is gone. With `runner.fastReruns` a new run begins in a second thread
while the callbacks of the old one are still at work. Waiting loses no click, and costs a slower visitor nothing.

A request names the page that the browser shows. One that is sent just after a link was followed (another click, or a
word from another tab) names the page that is being left, and Streamlit would return there. `Turns` then repeats the
link's own request: the act counts, and the link leads on.

It reads each frame anyway, so it is also where a frame that says nothing ends (`frames.py`).
"""

from __future__ import annotations

import asyncio
from sys import intern
from time import monotonic

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Navigation_pb2 import Navigation

from keepcart.middleware.ends import end_in
from keepcart.middleware.frames import words_of
from keepcart.middleware.releases import check_release

LONGEST_TURN_SECONDS = 5.0
"""A run that takes longer is not waited for: what it draws is late anyway, and nothing may block a page for good."""

ENDLESS_SECONDS = 1.0
"""A script that calls `st.rerun()` again and again has no end: after this time its turn is over with the next run."""

_NAVIGATION = ForwardMsg(navigation=Navigation()).SerializeToString()[:-1]
"""What every message has in it that names the page: the tag of that field."""

_NAMES_HISTORY = "is_history_navigation" in ClientState.DESCRIPTOR.fields_by_name
"""Requests say whether Back or Forward made them: from Streamlit 1.65 on."""


class Turns:
    """ASGI middleware for Streamlit's websocket.

        app = st.App("app.py", middleware=[Middleware(Turns)])

    Cost: a few microseconds a request. A run that takes longer than five seconds is not waited for. Frames that
    Streamlit could not read are dropped, and so is what only its developer's menu asks for; the page goes on.
    """

    def __init__(self, app: ASGIApp) -> None:
        check_release()
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, requests for a run one after another."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        idle = asyncio.Event()
        idle.set()
        way = _Way()
        begun = 0.0
        again: tuple[Message, BackMsg] | None = None

        async def receive_in_turn() -> Message:
            nonlocal again, begun
            message, words = again or await _next_that_counts(receive)
            again, request = None, _request(words)
            if request is not None:
                try:
                    async with asyncio.timeout(LONGEST_TURN_SECONDS):
                        await idle.wait()
                except TimeoutError:
                    pass
                idle.clear()
                begun = monotonic()
                if (follower := way.request_again_after(request)) is not None:
                    again = _frame(follower), follower
            return message

        async def send_and_notice(message: Message) -> None:
            await send(message)
            way.learn(message)
            if not idle.is_set() and _ends_turn(message, monotonic() - begun):
                idle.set()

        await self._app(scope, receive_in_turn, send_and_notice)


class _Way:
    """Where a browser is going: the requests of one connection, in order.

    Pages are named by Streamlit's hash. A browser's first request cannot name it yet; the answer does.
    """

    def __init__(self) -> None:
        self._page = ""
        self._widgets: tuple[str, ...] = ()  # of the last request
        self._link: ClientState | None = None  # the last request, if it followed a link
        self._left_behind: set[str] = set()  # the widgets that only the page has from which that link led

    def learn(self, message: Message) -> None:
        """Note which page the browser's first request was answered with."""
        if not self._page and _NAVIGATION in (data := message.get("bytes") or b""):
            self._page = ForwardMsg.FromString(data).navigation.page_script_hash

    def request_again_after(self, request: ClientState) -> BackMsg | None:
        """Note a request; if it comes from a page that is being left, return the one that is to follow it."""
        link, page, widgets = self._link, self._page, self._widgets
        self._page = request.page_script_hash or page
        # All visitors of a page have the same ids, and each connection keeps them: one copy is enough.
        self._widgets = tuple(intern(widget.id) for widget in request.widget_states.widgets)
        if link is not None and self._is_late(request, link):
            follower = ClientState()
            follower.CopyFrom(link)
            del follower.cached_message_hashes[:]  # the browser may have dropped these messages meanwhile
            return BackMsg(rerun_script=follower)
        self._link = request if self._page != page and not _triggers(request) else None
        self._left_behind = set(widgets).difference(self._widgets)
        return None

    def _is_late(self, request: ClientState, link: ClientState) -> bool:
        """Tell whether a request was made by a widget of the page from which a link led.

        Such a request has the address of the link's request: that of the page with the link or, where Back, Forward or
        the link itself changed the address first, that of the page it leads to. And it has what the request of a link
        never has: a click, or widgets that only the page with the link has.
        """
        is_where_it_was = request.context_info.url == link.context_info.url
        is_of_another_page = self._page != link.page_script_hash
        is_of_a_widget = _triggers(request) or not self._left_behind.isdisjoint(self._widgets)
        # Before Streamlit 1.65 nothing tells Back: right behind a link it may be taken for a late act.
        is_history = _NAMES_HISTORY and request.is_history_navigation
        return is_where_it_was and is_of_another_page and is_of_a_widget and not is_history


def _triggers(request: ClientState) -> bool:
    """Tell whether a button made this request, or another widget whose value lasts for one run."""
    return any((widget.WhichOneof("value") or "").endswith("trigger_value") for widget in request.widget_states.widgets)


async def _next_that_counts(receive: Receive) -> tuple[Message, BackMsg | None]:
    """Return the next message that Streamlit may see, and what it says if it is a frame. Others are dropped."""
    while (message := await receive())["type"] == "websocket.receive":
        if (words := words_of(message)) is not None:
            return message, words
        await asyncio.sleep(0)  # a flood of them holds up nobody else
    return message, None


def _frame(words: BackMsg) -> Message:
    return {"type": "websocket.receive", "bytes": words.SerializeToString()}


def _request(words: BackMsg | None) -> ClientState | None:
    """Return a frame's request for a run; None if it asks for something else."""
    return words.rerun_script if words is not None and words.WhichOneof("type") == "rerun_script" else None


def _ends_turn(message: Message, seconds: float) -> bool:
    """Tell whether a message to the browser says that a turn is over, which has taken so long."""
    end = end_in(message.get("bytes") or b"")
    # A run that ends early for st.rerun() is followed by another, which is still the same turn.
    return end is not None and (end != ForwardMsg.FINISHED_EARLY_FOR_RERUN or seconds > ENDLESS_SECONDS)
