from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from keepcart.backends import Storage
from testbed.backends import SERVED, Backend, ClusteredRedis, FakeRedis, RealRedis, Sqlite, WatchedRedis
from testbed.servers import RedisCluster, RedisSentinel, RedisServer, redis_cluster, redis_sentinel, redis_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisCluster]:
    with redis_cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisSentinel]:
    """Run a primary and a sentinel that waits a minute before it takes the primary for dead: the machine is busy."""
    with redis_sentinel(tmp_path_factory.mktemp("sentinel"), down_after_ms=60_000) as running:
        yield running


@pytest.fixture(params=["fakeredis", *SERVED, "sqlite"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    if request.param == "fakeredis":
        return FakeRedis()
    if request.param == "redis":
        return RealRedis(request.getfixturevalue("server").url)
    if request.param == "cluster":
        return ClusteredRedis(request.getfixturevalue("cluster").url)
    if request.param == "sentinel":
        running = request.getfixturevalue("watched")
        return WatchedRedis(running.url, running.primary.url)
    return Sqlite(tmp_path / "documents.db")


@pytest.fixture
def storage(backend: Backend) -> Iterator[Storage]:
    opened = backend.open()
    yield opened
    opened.close()


@pytest.fixture
def owner() -> str:
    return secrets.token_urlsafe(16)
