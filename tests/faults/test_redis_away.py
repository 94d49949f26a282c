"""Many clicks a second while the database, or the line to it, does its worst.

Each click looks at its page (`crowd.Clicker`): no error, and the count is exactly what this shopper has added, so
nothing is lost or doubled for a moment either, and nobody sees another's cart. Afterwards storage has each click once.
"""

from __future__ import annotations

import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Literal

import pytest
import redis

from keepcart.backends import open_storage
from testbed.crowd import Crowd, crowd_in
from testbed.fixtures import Tell
from testbed.servers import Proxy, RedisServer, Store, free_port, redis_server

pytestmark = pytest.mark.server

Line = tuple[RedisServer, Proxy]
Fault = Callable[[RedisServer, Proxy], AbstractContextManager[None]]
SHOPPERS = 5


@contextmanager
def read_only(server: RedisServer, proxy: Proxy) -> Iterator[None]:
    """Make it a replica of nobody: reads go on, writes are refused by READONLY."""
    server.tell("REPLICAOF", "127.0.0.1", free_port())
    yield
    server.tell("REPLICAOF", "NO", "ONE")


@contextmanager
def out_of_memory(server: RedisServer, proxy: Proxy) -> Iterator[None]:
    """Refuse writes by OOM, since nothing may be evicted."""
    server.tell("CONFIG", "SET", "maxmemory-policy", "noeviction", "maxmemory", "1")
    yield
    server.tell("CONFIG", "SET", "maxmemory", "0")


@contextmanager
def hanging(server: RedisServer, proxy: Proxy) -> Iterator[None]:
    """Stop the process without ending it."""
    server.suspend()
    yield
    server.resume()


@contextmanager
def killed(server: RedisServer, proxy: Proxy) -> Iterator[None]:
    """Kill it."""
    server.kill()
    yield
    server.start()


@contextmanager
def script_flush(server: RedisServer, proxy: Proxy) -> Iterator[None]:
    """Make it forget its scripts, again and again."""
    over = threading.Event()

    def flush() -> None:
        while not over.wait(0.01):
            server.tell("SCRIPT", "FLUSH")

    with ExitStack() as ending:
        flushing = threading.Thread(target=flush)
        flushing.start()
        ending.callback(flushing.join)
        ending.callback(over.set)
        yield


@contextmanager
def late_replies(server: RedisServer, proxy: Proxy) -> Iterator[None]:
    """Hold each reply back for longer than anybody waits: what is saved counts as not saved."""
    proxy.delay = 0.7
    yield
    proxy.delay = 0.0


@contextmanager
def silence(server: RedisServer, proxy: Proxy) -> Iterator[None]:
    """Take everything and answer nothing."""
    proxy.mode = "swallow"
    yield
    proxy.mode = "pass"


def spoiled(how: Literal["drop", "truncate", "reset"]) -> Fault:
    """Return the fault that spoils every third reply to a save."""

    @contextmanager
    def spoiling(server: RedisServer, proxy: Proxy) -> Iterator[None]:
        before, proxy.spoils = proxy.dropped, how
        proxy.drop_replies(0.33, to=b"EVALSHA")
        yield
        proxy.drop_replies(0)
        assert proxy.dropped - before > 5

    return spoiling


FAULTS: dict[str, tuple[Fault, Literal["never", "perhaps", "always"]]] = {
    "read-only": (read_only, "always"),
    "out of memory": (out_of_memory, "always"),
    "hanging": (hanging, "always"),
    "killed": (killed, "always"),
    "scripts flushed": (script_flush, "never"),
    "replies late": (late_replies, "always"),
    "replies never": (silence, "always"),
    "replies dropped": (spoiled("drop"), "perhaps"),
    "replies truncated": (spoiled("truncate"), "perhaps"),
    "connections reset in a reply": (spoiled("reset"), "perhaps"),
}
"""Each fault, and whether pages say meanwhile that something is not saved: a single lost reply is asked for again."""


@pytest.mark.parametrize("fault", FAULTS)
def test_through_a_fault_every_click_shows_at_once_and_is_saved_once(
    fault: str, line: Line, far_store: Store, tell: Tell
) -> None:
    make, says_unsaved = FAULTS[fault]
    server, proxy = line
    with crowd_in(far_store, SHOPPERS) as crowd:
        crowd.go_on(5)
        with make(server, proxy):
            crowd.go_on(12)
        seconds = crowd.wait_until_saved_again()
    assert_each_once(crowd, server)
    assert crowd.unsaved > 0 or says_unsaved != "always"
    assert crowd.unsaved == 0 or says_unsaved != "never"
    tell(f"{crowd.in_figures()}; saved again after {seconds:.1f} s")


def assert_each_once(crowd: Crowd, server: RedisServer) -> None:
    """Storage has every click once, as a process that has just started sees it."""
    storage = open_storage(server.url)
    try:
        assert crowd.lost_and_doubled(storage) == (0, 0)
    finally:
        storage.close()


@pytest.mark.parametrize("crowds", [1, pytest.param(67, marks=pytest.mark.long, id="200 kills")])
@pytest.mark.parametrize("fsync", ["always", "everysec"])
def test_a_redis_killed_again_and_again_loses_no_acknowledged_add(
    fsync: Literal["always", "everysec"], crowds: int, start_store: Callable[..., Store], tell: Tell
) -> None:
    """`kill -9` ends the process, not the machine: what Redis has written is in the kernel's page cache and stays.

    With `always` Redis writes and syncs its log before it replies. With `everysec` it writes before it replies as well
    and syncs once a second, which matters to a power cut only; but while such a sync is still under way it may reply
    first and write up to two seconds later. On a disk that keeps up this is a matter of milliseconds a second; here
    the log lies in memory, so that the test shows what Redis promises and not how busy the disk was.
    """
    in_memory = "/dev/shm" if fsync == "everysec" and Path("/dev/shm").is_dir() else None  # noqa: S108
    with (
        tempfile.TemporaryDirectory(dir=in_memory) as folder,
        redis_server(Path(folder), appendonly=True, fsync=fsync) as server,
    ):
        store = start_store(KEEPCART_STORAGE__URL=server.url)
        for _ in range(crowds):
            with crowd_in(store, SHOPPERS) as crowd:
                for _ in range(3):
                    crowd.go_on(6)
                    server.kill()
                    crowd.go_on(1)
                    server.start()
                    seconds = crowd.wait_until_saved_again()
            assert_each_once(crowd, server)
            assert crowd.unsaved > 0
    tell(f"{crowd.in_figures()}; saved again after {seconds:.1f} s")


def test_a_redis_that_is_loading_its_data_is_waited_for(line: Line, far_store: Store, tell: Tell) -> None:
    server, _ = line
    give_much_to_load(server)
    answers = set()
    with crowd_in(far_store, SHOPPERS) as crowd:
        crowd.go_on(5)
        server.kill()
        with slow_to_load(server):
            starting = threading.Thread(target=server.start)
            starting.start()
            while starting.is_alive():
                answers.add(answer(server))
                time.sleep(0.05)
            starting.join()
        seconds = crowd.wait_until_saved_again()
    assert_each_once(crowd, server)
    assert b"-LOADING" in answers
    tell(f"{crowd.in_figures()}; saved again after {seconds:.1f} s")


def give_much_to_load(server: RedisServer) -> None:
    """Store some thousand keys that nobody needs."""
    with redis.Redis(port=server.port) as client, client.pipeline(transaction=False) as pipeline:
        for number in range(6000):
            pipeline.set(f"ballast-{number}", "x")
        pipeline.execute()


@contextmanager
def slow_to_load(server: RedisServer) -> Iterator[None]:
    """Let the next start take about three seconds; in between it answers that it is loading."""
    options = ["--key-load-delay", "500"]
    server.options += options
    yield
    del server.options[-len(options) :]


def answer(server: RedisServer) -> bytes:
    """Return the first word that the server says to a ping; nothing where it is not there or busy."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 1) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(64).split()[0]
    return b""
