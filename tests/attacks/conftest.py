"""A store as users run it, on a small Redis, and an honest shopper in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from testbed.honest import Shopped, honest_shopper
from testbed.servers import RedisServer, Store, redis_server, running_store

SLOWEST_CLICK_SECONDS = 1.0
"""Said to shoppers' faces: no click takes longer, whatever one stranger does."""

MEMORY = 12 << 20
"""Of Redis, in bytes: so little that filling it takes no time."""


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        server.tell("CONFIG", "SET", "maxmemory", MEMORY)
        server.tell("CONFIG", "SET", "maxmemory-policy", "noeviction")
        yield server


@pytest.fixture(scope="module")
def store(redis: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running_store(tmp_path_factory.mktemp("store"), {"KEEPCART_STORAGE__URL": redis.url}) as running:
        yield running


@pytest.fixture
def meanwhile(store: Store) -> AbstractContextManager[Shopped]:
    """Give a block during which an honest shopper shops; none of her clicks may be lost or slow."""

    @contextmanager
    def shopping() -> Iterator[Shopped]:
        with honest_shopper(store.url) as shopper:
            yield shopper
        assert shopper.clicks > 0
        assert shopper.lost == 0
        assert shopper.slowest < SLOWEST_CLICK_SECONDS

    return shopping()
