"""Kept values over every backend: many tabs that count one value up end at exactly what they counted."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import pytest

from keepcart import Keeper, Kept, Visit
from keepcart.backends import Storage, open_storage
from testbed.backends import Backend
from testbed.servers import Proxy, RedisServer
from testbed.together import run_together

TABS, RUNS = 16, 25
COUNT = Kept("count", int, default=0, merge=lambda base, mine, theirs: theirs + mine - base)
NOTE = Kept("note", str, default="")


def tab(storage: Storage, visitor: str) -> Visit:
    """Open a tab that is served by a process of its own."""
    return Visit(Keeper(storage, keep_seconds=60), visitor)


def count_up(visit: Visit, runs: int) -> None:
    for _ in range(runs):
        visit.begin_run()
        visit.put(COUNT, visit.get(COUNT) + 1)
        visit.put(NOTE, secrets.token_hex(4))
        visit.complete_run()
    until(lambda: not visit.documents["kept"].waiting)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_values_come_back_over_every_backend_with_their_expiry(backend: Backend, storage: Storage) -> None:
    visitor = "v" * 43
    visit = tab(storage, visitor)
    count_up(visit, 3)
    again = tab(backend.open(), visitor)
    assert (again.get(COUNT), again.get(NOTE)) == (3, visit.get(NOTE))


def test_sixteen_tabs_counting_one_value_up_end_at_exactly_what_they_counted(storage: Storage) -> None:
    visitor = secrets.token_urlsafe(32)
    run_together(TABS, lambda: count_up(tab(storage, visitor), RUNS))
    assert tab(storage, visitor).get(COUNT) == TABS * RUNS


@pytest.mark.server
def test_with_one_save_reply_in_twenty_lost_every_step_counts_once(server: RedisServer) -> None:
    visitor = secrets.token_urlsafe(32)
    with Proxy(server.port) as proxy:
        proxy.drop_replies(0.05, to=b"EVALSHA")
        storage = open_storage(f"redis://127.0.0.1:{proxy.port}/0")
        run_together(TABS, lambda: count_up(tab(storage, visitor), RUNS))
        assert proxy.dropped > 5
        proxy.drop_replies(0)
        assert tab(storage, visitor).get(COUNT) == TABS * RUNS
        storage.close()


@pytest.mark.server
def test_what_was_written_while_redis_hung_is_saved_once_it_is_back(server: RedisServer) -> None:
    visitor = secrets.token_urlsafe(32)
    storage = open_storage(server.url)
    visit = tab(storage, visitor)
    count_up(visit, 1)
    server.suspend()
    try:
        for _ in range(5):
            visit.begin_run()
            visit.put(COUNT, visit.get(COUNT) + 1)
            visit.complete_run()
        assert visit.get(COUNT) == 6
        assert visit.documents["kept"].waiting
    finally:
        server.resume()
    until(lambda: not visit.documents["kept"].waiting)
    assert tab(storage, visitor).get(COUNT) == 6
    storage.close()
