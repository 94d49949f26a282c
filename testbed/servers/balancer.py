"""A load balancer in front of a store: it can lead elsewhere, slam, and let an answer wait."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

CHUNK = 1 << 16
HOLD_SECONDS = 60


class Balancer:
    """A TCP proxy that passes both ways at once, so websockets go through.

    Attributes:
        url: what a shopper opens.
        target: the port behind; a change concerns new connections.
        held: how many answers are held back now.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.held = 0
        self._holds: dict[bytes, threading.Event] = {}
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self, path: str) -> threading.Event:
        """From now on hold back answers for a path, until the event that is returned is set."""
        return self._holds.setdefault(f"GET {path} ".encode(), threading.Event())

    def slam(self) -> None:
        """Cut every connection; new ones are welcome."""
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.slam()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(("127.0.0.1", self.target)) as server:
            pair = {client, server}
            self._open |= pair
            waits: list[threading.Event] = []
            back = threading.Thread(target=self._pass_back, args=(server, client, waits), daemon=True)
            back.start()
            while data := client.recv(CHUNK):
                waits += [event for request, event in self._holds.items() if data.startswith(request)]
                server.sendall(data)
            server.shutdown(socket.SHUT_RDWR)
            back.join()
            self._open -= pair

    def _pass_back(self, server: socket.socket, client: socket.socket, waits: list[threading.Event]) -> None:
        with suppress(OSError):
            while data := server.recv(CHUNK):
                if waits:
                    self.held += 1
                    waits.pop().wait(HOLD_SECONDS)
                    self.held -= 1
                client.sendall(data)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
