"""The backends that the contract suite runs over."""

from __future__ import annotations

import sqlite3
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import fakeredis
import pytest
import redis

from keepcart.backends import Storage, open_storage
from keepcart.backends.redis_server import Server
from keepcart.backends.redis_storage import RedisStorage

DAY = 86_400
SERVED = [pytest.param(name, marks=pytest.mark.server) for name in ("redis", "cluster", "sentinel")]
"""The backends that need servers of their own, as parameters of a test."""


class Backend(ABC):
    """One kind of storage. It can be opened, and can be given what the contract would never store.

    Attributes:
        url: for other processes; None where they cannot share it.
    """

    url: str | None = None

    @abstractmethod
    def open(self, *, keep_seconds: int = DAY, prefix: str = "keepcart") -> Storage:
        """Return a storage over the same data each time."""

    @abstractmethod
    def plant(self, owner: str, name: str, raw: bytes | None) -> None:
        """Store a value as an older release did; it need not be a record. None: a value that has no bytes."""

    @abstractmethod
    def seconds_left(self, owner: str, name: str) -> float:
        """Return how long a document will still be kept."""


class _Redis(Backend):
    @abstractmethod
    def client(self, key: str) -> Any:
        """Return a client whose commands reach the key."""

    def plant(self, owner: str, name: str, raw: bytes | None) -> None:
        key = _key(owner, name)
        with self.client(key) as client:
            client.delete(key)
            if raw is None:
                client.rpush(key, "a list")
                client.expire(key, DAY)
            else:
                client.set(key, raw, ex=DAY)

    def seconds_left(self, owner: str, name: str) -> float:
        key = _key(owner, name)
        with self.client(key) as client:
            return int(client.pttl(key)) / 1000


class FakeRedis(_Redis):
    """Redis inside the test's process."""

    def __init__(self) -> None:
        self._server = fakeredis.FakeServer()

    def open(self, *, keep_seconds: int = DAY, prefix: str = "keepcart") -> Storage:
        server = Server(self.client(""), address="fakeredis://")
        return RedisStorage(server, address="fakeredis://", keep_seconds=keep_seconds, prefix=prefix)

    def client(self, key: str) -> Any:  # noqa: ARG002 - there is but one server
        return fakeredis.FakeRedis(server=self._server)


class RealRedis(_Redis):
    """A redis-server."""

    def __init__(self, url: str) -> None:
        self.url: str = url

    def open(self, *, keep_seconds: int = DAY, prefix: str = "keepcart") -> Storage:
        return open_storage(self.url, keep_seconds=keep_seconds, prefix=prefix)

    def client(self, key: str) -> Any:  # noqa: ARG002 - there is but one server
        return redis.Redis.from_url(self.url)


class ClusteredRedis(RealRedis):
    """Three redis-servers that share the keys."""

    def client(self, key: str) -> Any:  # noqa: ARG002 - redis-py finds the node
        host, _, port = self.url.removeprefix("redis+cluster://").partition(",")[0].partition(":")
        return redis.RedisCluster(host, int(port))


class WatchedRedis(RealRedis):
    """A redis-server with a replica, found through sentinels."""

    def __init__(self, url: str, primary_url: str) -> None:
        super().__init__(url)
        self._primary_url = primary_url

    def client(self, key: str) -> Any:  # noqa: ARG002 - there is but one primary
        return redis.Redis.from_url(self._primary_url)


class Sqlite(Backend):
    """A file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url: str = f"sqlite:///{path}"

    def open(self, *, keep_seconds: int = DAY, prefix: str = "keepcart") -> Storage:
        return open_storage(self.url, keep_seconds=keep_seconds, prefix=prefix)

    def plant(self, owner: str, name: str, raw: bytes | None) -> None:
        row = (owner, name, "text" if raw is None else raw, DAY)
        self.query("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, unixepoch() + ?)", row)

    def seconds_left(self, owner: str, name: str) -> float:
        rows = self.query("SELECT expires FROM documents WHERE owner = ? AND name = ?", (owner, name))
        return float(rows[0][0]) - time.time()

    def query(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Run a statement as another process would."""
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()


def _key(owner: str, name: str) -> str:
    return f"keepcart:{{{owner}}}:{name}"
