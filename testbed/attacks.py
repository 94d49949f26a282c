"""What one strange client can try on a store, each a bounded number of times.

`tests/attacks` says what must hold meanwhile, and `bench/attacks.py` measures it.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from urllib.parse import urlsplit

from testbed.wire.open_page import OpenPage

PATIENCE_SECONDS = 30
HANDSHAKE = (
    "GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
NOTHING = 0
"""Stands for a status where the server hung up, or had not answered in time."""


def ask(url: str, request: bytes) -> int:
    """Send bytes to a server; return the status of its answer."""
    with closing(_connected(url)) as line:
        try:
            line.sendall(request)
            return _status(line)
        except OSError:  # it hung up while we were still talking
            return NOTHING


def foreign_handshakes(url: str, times: int = 20) -> Sequence[int]:
    """Open websockets as a page of another site does, all at once; return the statuses."""
    request = HANDSHAKE.format(host=urlsplit(url).netloc, origin="https://evil.example").encode()
    with ThreadPoolExecutor(times) as strangers:
        return list(strangers.map(lambda _: ask(url, request), range(times)))


def uploads(url: str, times: int = 50, size: int = 1 << 20) -> Sequence[int]:
    """Upload files into the session of one's own; return the statuses."""
    with OpenPage(url) as page:
        path = f"/_stcore/upload_file/{page.session_id}/file"
        cookie = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
        head = (
            f"PUT {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nCookie: {cookie}\r\nContent-Length: {size}\r\n\r\n"
        )
        return [ask(url, head.encode() + b"x" * size) for _ in range(times)]


def large_heads(url: str, times: int = 5, size: int = 16 << 20) -> Sequence[int]:
    """Send heads with a cookie of 16 MiB; return the statuses."""
    head = f"GET / HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nAccept: text/html\r\nCookie: a=".encode()
    return [ask(url, head + b"x" * size + b"\r\n\r\n") for _ in range(times)]


def endless_head(url: str, size: int = 64 << 20) -> int:
    """Send a head that does not end; return how many bytes of it the server took before it hung up."""
    chunk = b"x" * (1 << 16)
    sent = 0
    with closing(_connected(url)) as line:
        try:
            line.sendall(f"GET / HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nCookie: a=".encode())
            while sent < size:
                line.sendall(chunk)
                sent += len(chunk)
        except OSError:
            pass
    return sent


@contextmanager
def slow_heads(url: str, times: int = 120) -> Iterator[Sequence[socket.socket]]:
    """Send that many heads by halves, and hold the lines."""
    with ExitStack() as lines:
        held = [lines.enter_context(closing(_connected(url))) for _ in range(times)]
        for line in held:
            line.sendall(b"GET / HTTP/1.1\r\nHost: ")
        yield held


def hung_up(lines: Sequence[socket.socket], within: float) -> int:
    """Return how many lines the server has ended, once all are or the time (seconds) is over."""
    give_up = time.monotonic() + within
    ended = 0
    for line in lines:
        line.settimeout(max(0.01, give_up - time.monotonic()))
        try:
            while line.recv(4_096):
                pass
            ended += 1
        except TimeoutError:
            pass
        except OSError:
            ended += 1
    return ended


@contextmanager
def many_pages(url: str, times: int = 500) -> Iterator[Sequence[OpenPage]]:
    """Open pages, each as a browser of its own, and keep them open; give those that the store let in."""
    with ExitStack() as pages:
        opened = []
        for _ in range(times):
            try:
                opened.append(pages.enter_context(OpenPage(url)))
            except (AssertionError, OSError):  # refused, before or at the handshake
                continue
        yield opened


def oversized_choices(url: str, times: int = 300, size: int = 65_000) -> int:
    """Let visitors, each a new one, choose what the shop does not offer, with that many letters; return how many."""
    for _ in range(times):
        with OpenPage(url, path="cart") as page:
            page.hold("quick-add-product", string_value="x" * size)
            page.press("quick-add")
    return times


def broken_frames(url: str, times: int = 1_000) -> int:
    """Send websocket frames that are no requests on an open page, and see that it still answers; return how many."""
    frames = [b"\xff\xff\xff", b"", b"\x08", b"\n\xff"] * (times // 4)
    with OpenPage(url) as page:
        page.send_raw(*frames)
        page.press("add-MOUSE")
    return len(frames)


def _connected(url: str) -> socket.socket:
    place = urlsplit(url)
    return socket.create_connection((place.hostname or "", place.port or 0), PATIENCE_SECONDS)


def _status(line: socket.socket) -> int:
    answer = line.recv(64)
    return int(answer.split(b" ")[1]) if answer.startswith(b"HTTP/1.1 ") else NOTHING
