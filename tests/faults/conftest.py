"""Stores on a Redis that may be damaged, and the figures of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keepcart.backends import Storage, open_storage
from testbed.servers import Proxy, RedisServer, Store, redis_server, running_store


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """Give a Redis of the test's own, whose acknowledged writes survive its death."""
    with redis_server(tmp_path, appendonly=True) as running:
        yield running


@pytest.fixture
def kept(server: RedisServer) -> Iterator[Storage]:
    """Give what is in that Redis, without the store."""
    storage = open_storage(server.url)
    yield storage
    storage.close()


@pytest.fixture
def redis_store(server: RedisServer, start_store: Callable[..., Store]) -> Store:
    """Give a store of the test's own on that Redis."""
    return start_store(KEEPCART_STORAGE__URL=server.url)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RedisServer, Proxy]]:
    """Give a Redis and the bad line to it, for all tests of a file."""
    with (
        redis_server(tmp_path_factory.mktemp("redis"), appendonly=True) as server,
        Proxy(server.port) as proxy,
    ):
        yield server, proxy


@pytest.fixture(scope="module")
def far_store(line: tuple[RedisServer, Proxy], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give the store at the other end of the line."""
    url = f"redis://127.0.0.1:{line[1].port}/0"
    with running_store(tmp_path_factory.mktemp("store"), {"KEEPCART_STORAGE__URL": url}) as store:
        yield store
