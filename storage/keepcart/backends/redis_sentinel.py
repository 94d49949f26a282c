"""Finds the primary that Redis Sentinel names, anew for each connection.

redis-py's `Sentinel` is not used. An error reply of one sentinel ends its search. Two searches at once can lose a
sentinel from its list for good. It takes a replica for the primary while a sentinel still names it, and would read old
documents there. Its pool fails where ours waits for a free connection.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import redis

from keepcart.backends.redis_server import Node

_SEARCH_SECONDS: Final = 1.0
_TRUST_SECONDS: Final = 1.0


class NoPrimary(redis.ConnectionError):
    """The sentinels name no primary. The message says why, and holds no secret."""


class Sentinels:
    """Knows which primary was connected to last, and which sentinels to ask. Safe to use from many threads."""

    def __init__(self, name: str, nodes: list[Node], open_node: Callable[[Node], redis.Redis]) -> None:
        """Take the primary's name, the sentinels, and how to make a client for one. Contacts nothing yet."""
        self._name = name
        self._nodes = nodes
        self._open_node = open_node
        self._primary: Node | None = None
        self._trusted_until = 0.0

    def trust(self, primary: Node) -> None:
        """Take a server for the primary: a sentinel has named it, and a connection found that it is one."""
        self._primary = primary
        self._trusted_until = time.monotonic() + _TRUST_SECONDS

    def is_primary(self, server: Node) -> bool:
        """Return whether connections to a server may go on. Once a second the caller asks a sentinel first.

        A primary may be replaced while it lives, by an operator or after its machine paused. Without asking it would be
        used until Sentinel demotes it: some ten seconds, in which it acknowledges saves that will be lost.
        """
        now = time.monotonic()
        if now > self._trusted_until:
            self._trusted_until = now + _TRUST_SECONDS
            self._ask_again()
        return server == self._primary

    def find(self) -> tuple[Node, Node]:
        """Return the primary and the sentinel that named it.

        Raises:
            NoPrimary: no sentinel that was asked within a second names one.
        """
        deadline = time.monotonic() + _SEARCH_SECONDS
        problem = "no sentinel answers"
        for sentinel in self._nodes:
            if time.monotonic() > deadline:
                break
            try:
                primary = self._ask(sentinel)
            except redis.AuthenticationError:
                problem = "a sentinel refused the password"
            except redis.RedisError:
                pass
            else:
                if primary is not None:
                    return primary, sentinel
                problem = f"no sentinel knows a primary named {self._name!r}"
            self.doubt(sentinel)
        raise NoPrimary(problem)

    def doubt(self, sentinel: Node) -> None:
        """Ask a sentinel last from now on: it is away, or what it named could not be used."""
        # A new list each time: whichever thread's list stays in the end, it holds every sentinel.
        self._nodes = [*(node for node in self._nodes if node != sentinel), sentinel]

    def _ask_again(self) -> None:
        sentinel = self._nodes[0]
        try:
            named = self._ask(sentinel)
        except redis.RedisError:
            self.doubt(sentinel)  # connections go on: the primary may be well without its sentinels
            return
        if named not in (None, self._primary):
            self._primary = None

    def _ask(self, sentinel: Node) -> Node | None:
        # A client for this one question: connections to sentinels are used too rarely to be kept.
        with self._open_node(sentinel) as client:
            reply: Any = client.execute_command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", self._name)
        return None if reply is None else (reply[0].decode(), int(reply[1]))


class PrimaryConnection(redis.Connection):
    """A connection to the server that is the primary when it is made.

    A pool calls `connect` before each use. There a connection is given up once its server is no longer the primary.
    """

    def __init__(self, *, sentinels: Sentinels, **options: Any) -> None:
        """Take the sentinels and redis-py's options. Contacts nothing yet."""
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self._sentinels = sentinels

    def connect(self) -> None:
        """Connect to the primary, unless this connection is one to it already."""
        if self.is_connected and self._sentinels.is_primary((self.host, self.port)):
            return
        self.disconnect()  # type: ignore[no-untyped-call]
        primary, sentinel = self._sentinels.find()
        self.host, self.port = primary
        try:
            super().connect()  # type: ignore[no-untyped-call]
            self._require_primary()
        except redis.RedisError:
            self.disconnect()  # type: ignore[no-untyped-call]
            self._sentinels.doubt(sentinel)
            raise
        self._sentinels.trust(primary)

    def read_response(self, *args: Any, **options: Any) -> Any:
        """Return the reply. After a reply that only a demoted or cut off server gives, the next `connect` asks anew."""
        try:
            return super().read_response(*args, **options)
        except redis.ResponseError as refusal:
            is_demoted = isinstance(refusal, redis.ReadOnlyError | redis.exceptions.MasterDownError)
            if is_demoted or str(refusal).startswith("NOREPLICAS"):
                self.disconnect()  # type: ignore[no-untyped-call]
            raise

    def _require_primary(self) -> None:
        """Raise unless the server says that it is a primary. No access list can forbid HELLO, as it can forbid ROLE."""
        self.send_command("HELLO", 2)  # type: ignore[no-untyped-call]
        if b"master" not in self.read_response():
            raise redis.ReadOnlyError("the sentinel named a replica")
