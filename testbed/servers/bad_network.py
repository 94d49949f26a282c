"""A line to a server that can be as bad as a network: slow, silent, cut, or with replies that never arrive."""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Literal, Self


class Proxy:
    """A TCP proxy to a loopback port that can be a bad network. Its settings may be changed at any time.

    Attributes:
        port: where it listens.
        mode: `pass`; `swallow` takes everything and answers nothing; `refuse` also ends what is connected.
        delay: seconds that each reply is held back.
        spoils: what becomes of a reply that is lost: `drop` passes nothing of it and closes the connection, `truncate`
            passes half of it before, `reset` too and then breaks the connection off.
        requests: how many requests have passed; a client that waits for each reply makes one a round trip.
        dropped: how many replies were lost.
    """

    def __init__(self, target: int, *, seed: int = 1) -> None:
        """Listen on a free port; `seed` decides which replies are lost."""
        self.mode: Literal["pass", "swallow", "refuse"] = "pass"
        self.delay = 0.0
        self.spoils: Literal["drop", "truncate", "reset"] = "drop"
        self.requests = 0
        self.dropped = 0
        self._target = target
        self._random = random.Random(seed)
        self._drop: tuple[bytes, float] = (b"", 0.0)
        self._lock = threading.Lock()
        self._closing = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._listener.settimeout(0.05)
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def drop_replies(self, probability: float, *, to: bytes = b"") -> None:
        """From now on cut connections after a request that holds `to` has been answered, before its reply passes."""
        self._drop = (to, probability)

    def close(self) -> None:
        """End everything and wait for it."""
        self._closing = True
        for thread in list(self._threads):
            thread.join()
        self._listener.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()

    def _accept(self) -> None:
        while not self._closing:
            with suppress(TimeoutError):
                client, _ = self._listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                thread = threading.Thread(target=self._serve, args=(client,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            if self.mode == "refuse":
                return
            with socket.create_connection(("127.0.0.1", self._target)) as server:
                server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                client.settimeout(0.05)
                server.settimeout(0.05)
                while self._exchange(client, server):
                    pass

    def _exchange(self, client: socket.socket, server: socket.socket) -> bool:
        """Pass one request and its reply; say whether the connection goes on."""
        request = self._receive(client, server)
        if not request:
            return False
        self.requests += 1
        server.sendall(request)
        reply = self._receive(server, None)
        time.sleep(self.delay)
        with self._lock:
            drops = self._drop[0] in request and self._random.random() < self._drop[1]
            self.dropped += drops
        if drops:
            self._spoil(client, reply)
        elif reply:
            client.sendall(reply)
        return bool(reply) and not drops

    def _spoil(self, client: socket.socket, reply: bytes) -> None:
        """Do to a reply what `spoils` says; the caller closes the connection."""
        if self.spoils != "drop":
            client.sendall(reply[: len(reply) // 2])
        if self.spoils == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _receive(self, source: socket.socket, other: socket.socket | None) -> bytes:
        """Wait for bytes; nothing where the other side is gone or must seem to be."""
        while not self._closing and self.mode != "refuse":
            if self.mode == "swallow":
                time.sleep(0.02)
                continue
            if other is not None and _is_gone(other):
                return b""
            with suppress(TimeoutError):
                return source.recv(1 << 20)
        return b""


def _is_gone(peer: socket.socket) -> bool:
    peer.setblocking(False)
    try:
        return peer.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        peer.settimeout(0.05)
