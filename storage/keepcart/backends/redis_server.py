"""What a Redis client does for the storage, whether one server or many are behind it; and the client of one server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import redis

Node = tuple[str, int]
"""Host and port of a server."""

Command = Callable[[Any], Any]
"""Takes redis-py's client of one server, sends it one command and returns the reply."""


class Client(Protocol):
    """Runs commands where their key is. Safe to use from many threads. Raises redis-py's errors.

    Attributes:
        in_cluster: its servers are those of a Redis Cluster.
        replicated: its servers are part of a set-up that is to survive the loss of one.
    """

    in_cluster: bool
    replicated: bool

    def run(self, key: str, command: Command) -> Any:
        """Run a command on the server that has a key. A command that may have been carried out is not repeated."""

    def servers(self) -> dict[str, redis.Redis]:
        """Return redis-py's client of each server, by its address."""

    def close(self) -> None:
        """Close all connections. Calling it twice is a no-op."""


class Server:
    """The client of one server, or of the server that is the primary at the time."""

    in_cluster = False

    def __init__(self, client: redis.Redis, *, address: str, replicated: bool = False) -> None:
        """Take redis-py's client, without `decode_responses`. Contacts nothing yet."""
        self._client = client
        self._address = address
        self.replicated = replicated

    def run(self, key: str, command: Command) -> Any:  # noqa: ARG002, D102 - see Client; every key is on this server
        return command(self._client)

    def servers(self) -> dict[str, redis.Redis]:  # noqa: D102
        return {self._address: self._client}

    def close(self) -> None:  # noqa: D102
        self._client.close()
