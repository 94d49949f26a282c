"""The websocket of one page, without threads and event loops, so that what is measured is the server."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

PATIENCE_SECONDS = 30

Cookies = MutableMapping[str, str]
"""The cookies of one browser, shared by its pages, in the order in which they were first set."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the script, as its page saw it.

    Attributes:
        seconds: from sending the request to the message that the script has finished.
        drawn: from sending the request to the last element, where there was any.
        sent: bytes that the server put on the wire meanwhile.
        messages: what the server said.
    """

    seconds: float
    drawn: float
    sent: int
    messages: Sequence[ForwardMsg]

    def says(self, text: str) -> bool:
        """Tell whether a text came with it."""
        return any(text.encode() in message.SerializeToString() for message in self.messages)


GIVE_UP_SECONDS = 120
"""The server's pings would keep a client waiting for ever whose run has no end."""


class Connection:
    """A websocket that is open."""

    def __init__(self, url: str, cookies: Cookies, session_id: str = "", tab: str = "") -> None:
        """Connect as the browser does.

        Args:
            url: of the app.
            cookies: of the browser.
            session_id: asks for the session of an earlier connection.
            tab: what `KeepSession`'s script calls the tab.
        """
        place = urlsplit(url)
        assert place.hostname
        assert place.port
        self._socket = socket.create_connection((place.hostname, place.port), PATIENCE_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        xsrf = cookies.get("_streamlit_xsrf", "PLACEHOLDER_AUTH_TOKEN")
        # Chromium offers compression in the same way.
        self._protocol = ClientProtocol(
            parse_uri(f"ws://{place.netloc}/_stcore/stream"),
            subprotocols=[Subprotocol(part) for part in ("streamlit", xsrf, session_id, tab) if part],
            extensions=[ClientPerMessageDeflateFactory(client_max_window_bits=True)],
            max_size=None,
        )
        try:
            self._shake_hands(url, cookies)
        except OSError:
            self._socket.close()
            raise

    def run(self, *requests: bytes) -> Run:
        """Send requests at once; return what came until the script had run for each."""
        messages: list[ForwardMsg] = []
        sent, drawn, ended = 0, 0.0, 0
        for request in requests:
            self._protocol.send_binary(request)
        started = time.perf_counter()
        self._flush()
        while True:
            assert time.perf_counter() - started < GIVE_UP_SECONDS, "the script does not come to an end"
            sent += self._receive()
            for message in self._messages():
                messages.append(message)
                if message.HasField("delta"):
                    drawn = time.perf_counter() - started
                # A run that ended for `st.rerun` says that it finished early; the next one follows.
                if message.HasField("script_finished") and message.script_finished != message.FINISHED_EARLY_FOR_RERUN:
                    ended += 1
                    if ended == len(requests):
                        return Run(time.perf_counter() - started, drawn, sent, messages)

    def send_raw(self, *frames: bytes) -> None:
        """Send frames at once, whatever they hold, and wait for nothing."""
        for frame in frames:
            self._protocol.send_binary(frame)
        self._flush()

    def wait_for(self, text: str) -> None:
        """Return once a text has come."""
        while not any(text.encode() in message.SerializeToString() for message in self._messages()):
            self._receive()

    def close(self) -> None:
        """Say goodbye, unless the server has, and hang up."""
        with self._socket:
            if self._protocol.state is State.OPEN:
                self._protocol.send_close(1001)
                self._flush()

    def _shake_hands(self, url: str, cookies: Cookies) -> None:
        handshake = self._protocol.connect()
        handshake.headers["Cookie"] = _header(cookies)
        handshake.headers["Origin"] = url
        self._protocol.send_request(handshake)
        self._flush()
        while self._protocol.state is State.CONNECTING:
            self._receive()
        for answer in self._protocol.events_received():
            if isinstance(answer, Response):
                keep(answer.headers.get_all("Set-Cookie"), cookies)
        if self._protocol.state is not State.OPEN:
            raise ConnectionError(f"{url} takes no websocket") from self._protocol.handshake_exc

    def _messages(self) -> Iterable[ForwardMsg]:
        for event in self._protocol.events_received():
            assert isinstance(event, Frame)
            if event.opcode is Opcode.BINARY:
                yield ForwardMsg.FromString(bytes(event.data))

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


def load(url: str, cookies: Cookies) -> None:
    """Ask for the page as a browser with these cookies does, and keep those that come with it."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_SECONDS)
    connection.request("GET", "/", headers={"Accept": "text/html", **({"Cookie": _header(cookies)} if cookies else {})})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == http.client.OK, answer.status
    keep(answer.headers.get_all("Set-Cookie", []), cookies)


def keep(headers: Iterable[str], cookies: Cookies) -> None:
    """Keep the cookies of an answer, and delete those that it ends, as a browser does."""
    received: SimpleCookie = SimpleCookie()
    for header in headers:
        received.load(header)
    for name, morsel in received.items():
        if morsel["max-age"] == "0":
            cookies.pop(name, None)
        else:
            cookies[name] = morsel.value


def _header(cookies: Mapping[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
