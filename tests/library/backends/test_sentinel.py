"""A primary behind Redis Sentinel that dies, is demoted, or is named by no sentinel. The servers are real."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import pytest
import redis

from keepcart.backends import Record, Storage, Unavailable, new_origin, open_storage, stamp, update
from testbed.adding import add, add_one
from testbed.servers import RedisSentinel, RedisServer, free_port, redis_sentinel
from testbed.together import run_together

pytestmark = pytest.mark.server

SECRET = "s3cr3t-word"  # noqa: S105 - what must be shown nowhere
WRITERS = 4
FAILOVER_SECONDS = 30  # what a busy machine may take; an idle one takes two
ROUNDS = 50


@pytest.fixture
def lone(tmp_path: Path) -> Iterator[RedisSentinel]:
    """Run a primary and a replica under one sentinel that changes nothing by itself, for this test alone."""
    with redis_sentinel(tmp_path, down_after_ms=60_000) as running:
        yield running


@contextmanager
def opened(url: str) -> Iterator[Storage]:
    storage = open_storage(url)
    yield storage
    storage.close()


def count(storage: Storage) -> int:
    record = storage.load("me", "count")
    return int(record.body) if record else 0


def soon_unavailable(storage: Storage) -> Unavailable:
    started = time.monotonic()
    with pytest.raises(Unavailable) as refused:
        storage.ping()
    assert time.monotonic() - started < 5
    return refused.value


def seconds_until(act: Callable[[], object]) -> float:
    """Try an act until storage is available for it; return how long that took."""
    started = time.monotonic()
    while True:
        try:
            act()
        except Unavailable:
            assert time.monotonic() - started < FAILOVER_SECONDS
            time.sleep(0.02)
        else:
            return time.monotonic() - started


class Adders:
    """Threads that add one at a time, each add with its mark until the server that will survive has it.

    An acknowledgement alone is not enough here: Redis replicates after it has answered, so what a primary acknowledged
    in its last moment may die with it (docs/storage.md says so). Looking at the survivor makes the sum exact.
    """

    def __init__(self, storage: Storage, survivor: RedisServer) -> None:
        self.done = 0
        self._storage = storage
        self._client = redis.Redis(port=survivor.port)
        self._lock = threading.Lock()
        self._stopping = False
        self._threads = [threading.Thread(target=self._add) for _ in range(WRITERS)]

    def wait_for(self, more: int) -> None:
        """Return once so many more adds are done."""
        goal, deadline = self.done + more, time.monotonic() + FAILOVER_SECONDS
        while self.done < goal:
            assert time.monotonic() < deadline, f"{self.done} adds are done, not {goal}"
            time.sleep(0.01)

    def _add(self) -> None:
        origin = new_origin()
        for number in range(100_000):
            if self._stopping:
                return
            mark = stamp(origin, number)
            deadline = time.monotonic() + 2 * FAILOVER_SECONDS
            while not self._survives(mark):
                assert time.monotonic() < deadline
                with suppress(Unavailable):
                    update(self._storage, "me", "count", add_one, mark=mark)
            with self._lock:
                self.done += 1

    def _survives(self, mark: str) -> bool:
        raw: Any = self._client.get("keepcart:{me}:count")
        return raw is not None and mark in Record.decode(raw).marks

    def __enter__(self) -> Self:
        """Begin."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        """End once every add that was begun is done."""
        self._stopping = True
        for thread in self._threads:
            thread.join()
        self._client.close()


@pytest.mark.parametrize("sentinels", [1, 3])
def test_no_add_is_lost_or_doubled_when_the_primary_is_killed(tmp_path: Path, sentinels: int) -> None:
    with redis_sentinel(tmp_path, sentinels=sentinels) as running, opened(running.url) as storage:
        with Adders(storage, running.replica) as adders:
            adders.wait_for(100)
            running.primary.kill()
            adders.wait_for(100)
        assert count(storage) == adders.done


def test_no_add_is_lost_or_doubled_by_a_failover_that_an_operator_orders(tmp_path: Path) -> None:
    with redis_sentinel(tmp_path) as running, opened(running.url) as storage:
        with Adders(storage, running.replica) as adders:
            adders.wait_for(100)
            running.sentinels[0].tell("SENTINEL", "FAILOVER", "shop")
            running.wait_for_failover()
            adders.wait_for(100)
        assert count(storage) == adders.done


def test_a_save_that_a_demoted_primary_refuses_finds_the_new_one_by_itself(lone: RedisSentinel) -> None:
    """By hand, since Sentinel itself closes a demoted primary's connections, and few would meet READONLY."""
    with opened(lone.url) as storage:
        run_together(8, lambda: add(storage, "me", 5))
        lone.replicate()
        lone.replica.tell("REPLICAOF", "NO", "ONE")
        lone.primary.tell("REPLICAOF", "127.0.0.1", lone.replica.port)
        assert "read-only" in refusal_of_a_save(storage)
        lone.point(lone.sentinels[0], lone.replica.port)
        add_at_once(storage)
        rounds = 0
        while ours(lone.primary):  # one that lay idle in the pool leaves the old primary when it is used next
            rounds += 1
            assert rounds <= ROUNDS
            run_together(8, lambda: add(storage, "me", 5))
        assert count(storage) == 41 + rounds * 40


def add_at_once(storage: Storage) -> None:
    """Add one without trying again after Unavailable."""
    update(storage, "me", "count", add_one, mark=stamp(new_origin(), 0))


def ours(server: RedisServer) -> int:
    """Return how many connections a server has besides those of sentinels, replicas and this question."""
    clients = [client for client in server.tell("CLIENT LIST") if client["name"] == "" and client["flags"] == "N"]
    return len(clients) - 1


def refusal_of_a_save(storage: Storage) -> str:
    with pytest.raises(Unavailable) as refused:
        storage.save("me", "other", Record.after(None, stamp(new_origin(), 0), b""), replaces=None)
    return refused.value.reason


def test_a_primary_that_is_cut_off_from_its_replicas_is_left_for_the_new_one(lone: RedisSentinel) -> None:
    """With min-replicas-to-write it refuses saves that would be lost, and the refusal leads to the new primary."""
    with opened(lone.url) as storage:
        lone.primary.tell("CONFIG", "SET", "min-replicas-to-write", 1)
        add(storage, "me", 1)
        lone.replicate()
        lone.replica.tell("REPLICAOF", "NO", "ONE")
        deadline = time.monotonic() + FAILOVER_SECONDS
        while lone.primary.tell("INFO", "replication")["connected_slaves"]:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert refusal_of_a_save(storage) == "it replied NOREPLICAS"
        lone.point(lone.sentinels[0], lone.replica.port)
        add_at_once(storage)
        assert lone.replica.tell("GET", "keepcart:{me}:count").endswith("\n2")


def test_the_new_primary_is_found_within_seconds_and_the_old_one_not_used_when_it_returns(tmp_path: Path) -> None:
    """The old primary returns as a primary without data, until Sentinel demotes it."""
    with redis_sentinel(tmp_path) as running, opened(running.url) as storage:
        add(storage, "me", 1)
        running.replicate()
        running.primary.kill()
        assert seconds_until(storage.ping) < 10
        assert running.replica.tell("ROLE")[0] == "master"
        running.primary.start()
        add(storage, "me", 1)
        with opened(running.url) as late:
            add(late, "me", 1)
        assert count(storage) == 3


def test_a_primary_that_was_replaced_while_it_hung_is_not_used_once_it_runs_again(tmp_path: Path) -> None:
    """Its open connections would still take saves, for as long as it does not know that it was replaced."""
    with redis_sentinel(tmp_path) as running, opened(running.url) as storage:
        add(storage, "me", 1)
        running.replicate()
        running.primary.suspend()
        running.wait_for_failover()
        time.sleep(1.1)  # it may believe for a second what a sentinel told it
        running.primary.resume()
        assert running.primary.tell("ROLE")[0] == "master"
        add(storage, "me", 1)
        assert running.primary.tell("GET", "keepcart:{me}:count").endswith("\n1")
        assert running.replica.tell("GET", "keepcart:{me}:count").endswith("\n2")


def test_a_primary_that_hangs_is_soon_unavailable_and_then_replaced(tmp_path: Path) -> None:
    with redis_sentinel(tmp_path) as running, opened(running.url) as storage:
        storage.ping()
        running.primary.suspend()
        took: list[float] = []

        def ping() -> None:
            started = time.monotonic()
            with suppress(Unavailable):
                storage.ping()
            took.append(time.monotonic() - started)

        run_together(16, ping)
        assert max(took) < 5
        seconds_until(storage.ping)
        assert running.replica.tell("ROLE")[0] == "master"


def test_while_all_sentinels_are_away_open_connections_go_on_and_nothing_new_is_opened(lone: RedisSentinel) -> None:
    with opened(lone.url) as storage, opened(lone.url) as late:
        add(storage, "me", 1)
        lone.sentinels[0].kill()
        add(storage, "me", 20)
        assert soon_unavailable(late).reason == "no sentinel answers"
        lone.sentinels[0].start()
        late.ping()
        assert count(late) == 21


def test_of_many_threads_none_hangs_while_all_sentinels_do(tmp_path: Path) -> None:
    with redis_sentinel(tmp_path, sentinels=3, down_after_ms=60_000) as running, opened(running.url) as storage:
        for sentinel in running.sentinels:
            sentinel.suspend()
        run_together(16, lambda: soon_unavailable(storage))
        running.sentinels[2].resume()
        assert seconds_until(storage.ping) < 5


def test_a_sentinel_that_is_away_is_asked_last(lone: RedisSentinel) -> None:
    url = lone.url.replace("//", f"//127.0.0.1:{free_port()},")
    with opened(url) as storage:
        storage.ping()


def test_a_sentinel_that_is_behind_does_not_keep_others_from_naming_the_primary(tmp_path: Path) -> None:
    with redis_sentinel(tmp_path, sentinels=2, down_after_ms=60_000) as running, opened(running.url) as storage:
        running.point(running.sentinels[0], free_port())
        storage.ping()
        add(storage, "me", 1)


def test_a_replica_that_a_sentinel_names_is_not_read(lone: RedisSentinel) -> None:
    """A replica may lack what was acknowledged."""
    lone.point(lone.sentinels[0], lone.replica.port)
    with opened(lone.url) as storage:
        assert soon_unavailable(storage).reason == "it is read-only"


def test_a_wrong_name_is_unavailable_and_named(watched: RedisSentinel) -> None:
    with opened(watched.url_with(name="stor")) as storage:
        assert soon_unavailable(storage).reason == "no sentinel knows a primary named 'stor'"


def test_a_server_that_is_no_sentinel_names_no_primary(watched: RedisSentinel) -> None:
    with opened(f"redis+sentinel://127.0.0.1:{watched.primary.port}/shop") as storage:
        assert soon_unavailable(storage).reason == "no sentinel answers"


def test_a_database_number_is_honoured(watched: RedisSentinel) -> None:
    with opened(watched.url_with(name="shop/1")) as one, opened(watched.url_with(name="shop/2")) as other:
        add(one, "database", 1)
        assert other.load("database", "count") is None
        assert one.load("database", "count") is not None


def test_more_threads_than_connections_wait_for_their_turn(watched: RedisSentinel) -> None:
    with opened(watched.url) as storage:
        before = ours(watched.primary)
        run_together(150, storage.ping)
        assert ours(watched.primary) <= before + 64


def test_passwords_of_primary_and_sentinels_are_their_own_and_shown_nowhere(tmp_path: Path) -> None:
    with redis_sentinel(tmp_path, password=SECRET, sentinel_password=f"sentinel-{SECRET}") as running:
        right, wrong = f"?sentinel_password=sentinel-{SECRET}", f"?sentinel_password=wrong-{SECRET}"
        with opened(running.url_with(login=f":{SECRET}@", query=right)) as storage:
            add(storage, "me", 1)
        for login, query, reason in [
            (f":{SECRET}@", "", "a sentinel refused the password"),
            (f":{SECRET}@", wrong, "a sentinel refused the password"),
            ("", right, "it refused the user or password"),
            (f"user:wrong-{SECRET}@", right, "it refused the user or password"),
        ]:
            with opened(running.url_with(login=login, query=query)) as storage:
                refused = soon_unavailable(storage)
            assert str(refused) == f"storage at {running.url} is unavailable: {reason}"
            assert SECRET not in "".join(traceback.format_exception(refused))
