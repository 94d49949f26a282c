"""One open page of a Streamlit app, spoken to as the browser does, with no browser.

It asks for the page, connects a websocket with the cookies it got, sends what the widgets hold, and reads until the
script has run.
"""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the script, as its page saw it.

    Attributes:
        seconds: from sending the click to the message that the script has finished.
        drawn: from sending the click to the last element, where there was any.
        sent: bytes that the server put on the wire meanwhile.
        messages: what it said.
    """

    seconds: float
    drawn: float
    sent: int
    messages: Sequence[ForwardMsg]

    def says(self, text: str) -> bool:
        """Tell whether a text came with it."""
        return any(text.encode() in message.SerializeToString() for message in self.messages)


class OpenPage:
    """A page from the moment it is asked for.

    Attributes:
        first_run: the run that drew it.
        cookies: what the browser has; another page of the same browser is opened with them.
    """

    def __init__(self, url: str, cookies: Mapping[str, str] | None = None, path: str = "") -> None:
        """Load a page, such as `product?sku=LAPTOP`, as a new browser unless there are cookies, and wait for it."""
        self._url = url
        self._name, _, self._query = path.strip("/").partition("?")
        self._page_hash = ""
        self._ids: dict[str, str] = {}
        self._held: dict[str, WidgetState] = {}
        self._kept_messages: set[str] = set()
        self.cookies = _cookies(url, cookies or {})
        self._connection = _Connection(url, self.cookies)
        self.first_run = self._run()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave, as a closed tab does."""
        self._connection.close()

    @property
    def widgets(self) -> Sequence[str]:
        """The keys, or labels, of every widget that the page has shown."""
        return list(self._ids)

    def hold(self, widget: str, **value: Any) -> None:
        """Note what a widget holds, as `int_value=1`; it travels with every click.

        Args:
            widget: its key, or its label where it has none.
            value: a field of Streamlit's WidgetState.
        """
        self._held[widget] = WidgetState(id=self._ids[widget], **value)

    def press(self, button: str) -> Run:
        """Click a button, named by its key, or by its label where it has none."""
        return self._run(WidgetState(id=self._ids[button], trigger_value=True))

    def change(self, widget: str, **value: Any) -> Run:
        """Let a widget hold another value, which is a run of its own; arguments as of `hold`."""
        self.hold(widget, **value)
        return self._run()

    def rerun(self) -> Run:
        """Ask for the page anew without any act."""
        return self._run()

    def _run(self, *clicked: WidgetState) -> Run:
        request = BackMsg()
        state = request.rerun_script
        state.widget_states.widgets.extend((*self._held.values(), *clicked))
        state.page_script_hash = self._page_hash
        state.page_name = "" if self._page_hash else self._name
        state.query_string = self._query
        state.cached_message_hashes.extend(self._kept_messages)
        context = state.context_info
        context.timezone, context.timezone_offset, context.locale = "UTC", 0, "en-US"
        context.url, context.is_embedded, context.color_scheme = f"{self._url}/", False, "light"
        run = self._connection.run(request.SerializeToString())
        self._read(run.messages)
        return run

    def _read(self, messages: Sequence[ForwardMsg]) -> None:
        """Note the page's hash, what a browser keeps, and the widgets' ids, `$$ID-<hash>-<key or None>`."""
        self._kept_messages = {message.ref_hash for message in messages if message.HasField("ref_hash")}
        for message in messages:
            if message.metadata.cacheable:
                self._kept_messages.add(message.hash)
            if message.WhichOneof("type") == "new_session":
                self._page_hash = message.new_session.page_script_hash
            if message.WhichOneof("type") == "navigation":
                self._page_hash = message.navigation.page_script_hash
            element = message.delta.new_element
            widget: Any = getattr(element, element.WhichOneof("type") or "", None)
            if getattr(widget, "id", "").startswith("$$ID-"):
                key = widget.id.split("-", 2)[2]
                self._ids[widget.label if key == "None" else key] = widget.id


class _Connection:
    """The page's websocket, without threads and event loops: what is measured is the server."""

    def __init__(self, url: str, cookies: Mapping[str, str]) -> None:
        place = urlsplit(url)
        assert place.hostname
        assert place.port
        self._socket = socket.create_connection((place.hostname, place.port), PATIENCE_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Chromium offers compression in the same way.
        self._protocol = ClientProtocol(
            parse_uri(f"ws://{place.netloc}/_stcore/stream"),
            subprotocols=[
                Subprotocol("streamlit"),
                Subprotocol(cookies.get("_streamlit_xsrf", "PLACEHOLDER_AUTH_TOKEN")),
            ],
            extensions=[ClientPerMessageDeflateFactory(client_max_window_bits=True)],
            max_size=None,
        )
        handshake = self._protocol.connect()
        handshake.headers["Cookie"] = _header(cookies)
        handshake.headers["Origin"] = url
        self._protocol.send_request(handshake)
        self._flush()
        while self._protocol.state is State.CONNECTING:
            self._receive()
        self._protocol.events_received()
        if self._protocol.state is not State.OPEN:
            raise ConnectionError(f"{url} takes no websocket") from self._protocol.handshake_exc

    def run(self, request: bytes) -> Run:
        """Send a request; return with what came until the script had run."""
        messages: list[ForwardMsg] = []
        sent, drawn = 0, 0.0
        self._protocol.send_binary(request)
        started = time.perf_counter()
        self._flush()
        while True:
            sent += self._receive()
            for event in self._protocol.events_received():
                assert isinstance(event, Frame)
                if event.opcode is not Opcode.BINARY:
                    continue
                message = ForwardMsg.FromString(bytes(event.data))
                messages.append(message)
                if message.HasField("delta"):
                    drawn = time.perf_counter() - started
                # A run that ended for `st.rerun` says that it finished early; the next one follows.
                if message.HasField("script_finished") and message.script_finished == message.FINISHED_SUCCESSFULLY:
                    return Run(time.perf_counter() - started, drawn, sent, messages)

    def close(self) -> None:
        """Say goodbye, unless the server has, and hang up."""
        with self._socket:
            if self._protocol.state is State.OPEN:
                self._protocol.send_close(1001)
                self._flush()

    def _receive(self) -> int:
        data = self._socket.recv(1 << 20)
        if not data:
            raise ConnectionError("the server hung up")
        self._protocol.receive_data(data)
        self._flush()
        return len(data)

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            self._socket.sendall(data)


def _cookies(url: str, cookies: Mapping[str, str]) -> dict[str, str]:
    """Ask for the page as a browser with these cookies does; return them with those that came with the page."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc, timeout=PATIENCE_SECONDS)
    connection.request("GET", "/", headers={"Accept": "text/html", **({"Cookie": _header(cookies)} if cookies else {})})
    answer = connection.getresponse()
    assert answer.status == http.client.OK, answer.status
    answer.read()
    connection.close()
    received: SimpleCookie = SimpleCookie()
    for header in answer.headers.get_all("Set-Cookie", []):
        received.load(header)
    return {**cookies, **{name: morsel.value for name, morsel in received.items()}}


def _header(cookies: Mapping[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
