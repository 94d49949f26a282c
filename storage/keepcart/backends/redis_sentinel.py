"""Finds the primary that Redis Sentinel names, anew for each connection.

redis-py's `Sentinel` is not used: an error reply of one sentinel ends its search, and two searches at once can lose a
sentinel from its list for good; it takes a replica that a sentinel still names for the primary, and would read old
carts there; and its pool fails where ours waits for a free connection.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import redis

from keepcart.backends.redis_cluster import Node

_SEARCH_SECONDS: Final = 1.0
_TRUST_SECONDS: Final = 1.0


class NoPrimary(redis.ConnectionError):
    """The sentinels name no primary. The message says why, and holds no secret."""


class Sentinels:
    """Knows the primary that was connected to last, and whom to ask for it. Safe to use from many threads."""

    def __init__(self, name: str, nodes: list[Node], open_node: Callable[[Node], redis.Redis]) -> None:
        """Take the primary's name, the sentinels, and how to make a client for one. Contacts nothing yet."""
        self._name = name
        self._nodes = nodes
        self._open_node = open_node
        self._primary: Node | None = None
        self._trusted_until = 0.0

    def trust(self, primary: Node) -> None:
        """Take a server for the primary, since a sentinel has named it and a connection found it to be one."""
        self._primary = primary
        self._trusted_until = time.monotonic() + _TRUST_SECONDS

    def is_primary(self, server: Node) -> bool:
        """Return whether connections to a server may go on. Once a second a caller asks a sentinel first.

        Without asking, a primary that was replaced while it lives, by an operator or after a pause of its machine,
        would be used until Sentinel demotes it, some ten seconds in which it acknowledges what will be lost.
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
        """From now on ask a sentinel last: it is away, or what it named could not be used."""
        # A new list each time: whatever the order in which threads put theirs here, it holds every sentinel.
        self._nodes = [*(node for node in self._nodes if node != sentinel), sentinel]

    def _ask_again(self) -> None:
        sentinel = self._nodes[0]
        try:
            named = self._ask(sentinel)
        except redis.RedisError:
            self.doubt(sentinel)  # and go on: the primary may be well without its sentinels
            return
        if named not in (None, self._primary):
            self._primary = None

    def _ask(self, sentinel: Node) -> Node | None:
        # A client for this one question: connections to sentinels are needed too rarely to be kept.
        with self._open_node(sentinel) as client:
            reply: Any = client.execute_command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", self._name)
        return None if reply is None else (reply[0].decode(), int(reply[1]))


class PrimaryConnection(redis.Connection):
    """A connection to whichever server is the primary when it is made.

    A pool calls `connect` before each use: there a connection to a server that is the primary no more is given up.
    """

    def __init__(self, *, sentinels: Sentinels, **options: Any) -> None:
        """Take who names the primary, and redis-py's options. Contacts nothing yet."""
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self._sentinels = sentinels

    def connect(self) -> None:
        """Connect unless it is connected to the primary already."""
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
        """Return the reply; where it is one of a server that was demoted or cut off, the next `connect` asks anew."""
        try:
            return super().read_response(*args, **options)
        except redis.ResponseError as refusal:
            is_demoted = isinstance(refusal, redis.ReadOnlyError | redis.exceptions.MasterDownError)
            if is_demoted or str(refusal).startswith("NOREPLICAS"):
                self.disconnect()  # type: ignore[no-untyped-call]
            raise

    def _require_primary(self) -> None:
        """Raise unless the server says that it is a primary. HELLO: unlike ROLE no access list can forbid it."""
        self.send_command("HELLO", 2)  # type: ignore[no-untyped-call]
        if b"master" not in self.read_response():
            raise redis.ReadOnlyError("the sentinel named a replica")
