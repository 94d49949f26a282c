"""A real Redis server."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import pytest
import redis

from testbed.servers.process import START_SECONDS, Server, assert_allowed, free_port


class RedisServer(Server):
    """One redis-server.

    Attributes:
        url: for `open_storage`.
        options: what its next process is started with besides; a test may change them.
    """

    start_seconds = START_SECONDS

    def __init__(self, folder: Path, port: int, options: Sequence[str], password: str | None = None) -> None:
        """Take what the process is started with; `start` starts it."""
        super().__init__(folder, port)
        login = f":{password}@" if password else ""
        self.url = f"redis://{login}127.0.0.1:{port}/0"
        self.options = [*(["--requirepass", password] if password else []), *options]
        self._password = password

    def command(self) -> Sequence[str]:
        place = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", ""]
        return ["redis-server", *place, *self.options]

    def serves(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith((b"+PONG", b"-NOAUTH"))
        return False

    def tell(self, *command: str | int) -> Any:
        """Send a command and return its reply."""
        with redis.Redis(port=self.port, password=self._password, decode_responses=True, protocol=2) as client:
            return client.execute_command(*command)


@contextmanager
def redis_server(
    folder: Path,
    *,
    appendonly: bool = False,
    fsync: Literal["always", "everysec"] = "always",
    password: str | None = None,
    port: int | None = None,
) -> Iterator[RedisServer]:
    """Run a Redis server; with `appendonly` what it acknowledged survives even `kill`."""
    require_redis_server()
    options = ["--appendonly", "yes", "--appendfsync", fsync] if appendonly else []
    server = RedisServer(folder, port or free_port(), options, password)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def require_redis_server() -> None:
    """Skip the test, loudly, where there is no redis-server; fail it where CI demands one."""
    assert_allowed()
    if shutil.which("redis-server"):
        return
    if os.environ.get("KEEPCART_REQUIRE_SERVERS") == "1":
        pytest.fail("KEEPCART_REQUIRE_SERVERS=1, but there is no redis-server on the PATH")
    pytest.skip("NOT TESTED: there is no redis-server on the PATH")
