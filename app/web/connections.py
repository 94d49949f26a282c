"""Connections with bounds, below ASGI: what uvicorn takes from a client before it asks an app.

Uvicorn by itself keeps an unfinished head however long it gets (64 MiB were tried) and however slowly it comes, and
waits without end for a client that does not take its answer. A proxy in front has such bounds; these are for a store
without one, and for a mistake in the proxy's configuration.

The classes extend uvicorn's (0.54), which knows no such bounds. Of its two parsers httptools is the cheaper one: with
h11 a page took 9 % more processor time, a file 9 %, and its one bound is that of a head's bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

if TYPE_CHECKING:
    from websockets.frames import Frame

AT_ONCE: Final = 4_096
"""Bytes that are parsed before it is asked whether a client goes too far. 256 KiB may have arrived, which hold 40,000
small frames; to parse them took half a second, and everybody waits meanwhile."""

MAX_PIPELINED: Final = 16
"""Requests that wait for an answer to the one before. Browsers and proxies send no second one."""

MAX_FRAMES: Final = 2_000
FRAMES_SECONDS: Final = 10.0
"""A websocket may send so many frames in so many seconds, also empty ones, pieces and pings. A page sends one a
click."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one request may take.

    Attributes:
        request_bytes: of head and body together, until the request is complete. Heads above 16 KiB are answered by the
            door; the store takes no uploads.
        request_seconds: from the first byte, or from connecting, to the end of the request.
        stalled_seconds: how long a client may take nothing of the 64 KiB that are ready for it. A slow phone takes them
            in a fifth of the time.
        waiting: connections at a time that the server waits for, be it for a request, for the next one, or for a client
            to take its answer. Beyond it the one that has let the server wait longest is closed.
    """

    request_bytes: int = 65_536
    request_seconds: float = 10.0
    stalled_seconds: float = 30.0
    waiting: int = 1_024


Waiting = MutableMapping["BoundedHttp", None]
"""The connections of one server that it waits for, the longest waiting first."""


class _Bounded(asyncio.Protocol):
    """A connection that is broken off when its client takes nothing for long, and parses little at a time."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    _bounds: Bounds
    _stalled: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Take what has come in parts."""
        for start in range(0, len(data), AT_ONCE):
            if not self.transport.is_closing():
                self._take(data[start : start + AT_ONCE])

    def _take(self, data: bytes) -> None:
        super().data_received(data)

    def pause_writing(self) -> None:
        """Begin to wait for the client to take something."""
        super().pause_writing()
        self._expect_progress()

    def resume_writing(self) -> None:
        """End that wait."""
        super().resume_writing()
        self._has_progressed()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget about it."""
        super().connection_lost(exc)
        self._has_progressed()

    def _expect_progress(self) -> None:
        if self._stalled is None and self.transport.get_write_buffer_size():
            self._stalled = self.loop.call_later(self._bounds.stalled_seconds, self._give_up)

    def _give_up(self) -> None:
        self._stalled = None
        if self.transport.get_write_buffer_size():
            self.transport.abort()

    def _has_progressed(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None


class BoundedHttp(_Bounded, HttpToolsProtocol):
    """One HTTP connection, until it becomes a websocket."""

    def __init__(self, *, bounds: Bounds, waiting: Waiting, **uvicorns: Any) -> None:
        """Take the bounds, the connections that are shared by all of a server, and what uvicorn passes."""
        super().__init__(**uvicorns)
        self._bounds = bounds
        self._waiting = waiting
        self._received = 0
        self._is_websocket = False
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._expect_request()

    def _take(self, data: bytes) -> None:
        if self._is_websocket:  # a client waits for the answer before it sends more
            return
        if self._deadline is None:
            self._expect_request()
        self._received += len(data)
        super()._take(data)
        is_too_large = self._deadline is not None and self._received > self._bounds.request_bytes
        if is_too_large or len(self.pipeline) > MAX_PIPELINED:
            self._hang_up()

    def on_message_complete(self) -> None:
        """Note that the request is complete."""
        super().on_message_complete()
        self._end_waiting()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request. Uvicorn closes a connection that stays idle."""
        super().on_response_complete()
        self._expect_progress()
        if not self.transport.is_closing() and self.cycle.response_complete:
            self._wait()

    def handle_websocket_upgrade(self) -> None:
        """Hand over to the websocket; this object is not told of anything any more."""
        self._is_websocket = True
        self._end_waiting()
        self._has_progressed()
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        """Wait for the client to take its answer."""
        super().pause_writing()
        self._wait()

    def resume_writing(self) -> None:
        """End that wait."""
        super().resume_writing()
        self._waiting.pop(self, None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget about it."""
        super().connection_lost(exc)
        self._end_waiting()

    def _expect_request(self) -> None:
        if not self.flow.write_paused:
            self._has_progressed()  # who asks anew has taken the answer before
        self._deadline = self.loop.call_later(self._bounds.request_seconds, self._hang_up)
        self._wait()

    def _hang_up(self) -> None:
        """Close, once the client has taken what is ready for it, if it does so in time."""
        self.transport.close()
        self._expect_progress()

    def _wait(self) -> None:
        self._waiting[self] = None
        if len(self._waiting) > self._bounds.waiting:
            longest = next(iter(self._waiting))
            del self._waiting[longest]
            longest.transport.abort()

    def _end_waiting(self) -> None:
        self._received = 0
        self._waiting.pop(self, None)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class BoundedWebSocket(_Bounded, WebSocketsSansIOProtocol):
    """One websocket. The bytes of a message are bounded by uvicorn's own `ws_max_size`."""

    def __init__(self, *, bounds: Bounds, **uvicorns: Any) -> None:
        """Take the bounds, and what uvicorn passes."""
        super().__init__(**uvicorns)
        self._bounds = bounds
        self._frames = 0
        self._counted_from = 0.0

    def handle_events(self) -> None:
        """Take what has come, unless it is too much."""
        now = self.loop.time()
        if now - self._counted_from > FRAMES_SECONDS:
            self._frames, self._counted_from = 0, now
        self._frames += len(self.conn.events)
        super().handle_events()
        if self._frames > MAX_FRAMES:
            self.transport.abort()

    def handle_text(self, event: Frame) -> None:
        """Take a text for the bytes that it is: uvicorn writes a trace into the log for what is not UTF-8."""
        self.handle_bytes(event)
