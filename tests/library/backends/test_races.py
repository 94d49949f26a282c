"""Many writers at once: every add counts, and counts once."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from keepcart.backends import Storage, Unavailable, new_origin, open_storage, stamp, update
from testbed import ROOT
from testbed.adding import add, add_one
from testbed.backends import SERVED, Backend
from testbed.servers import Proxy, RedisServer
from testbed.together import run_together


def add_from_threads(storage: Storage, owner: str, *, keeps_version: bool = True) -> None:
    run_together(16, lambda: add(storage, owner, 200, keeps_version=keeps_version))


def count(storage: Storage, owner: str) -> int:
    record = storage.load(owner, "count")
    return int(record.body) if record else 0


@pytest.mark.parametrize("keeps_version", [True, False], ids=["as visits do", "reading before each change"])
def test_sixteen_threads_adding_two_hundred_times_end_at_exactly_3200(
    storage: Storage, owner: str, *, keeps_version: bool
) -> None:
    add_from_threads(storage, owner, keeps_version=keeps_version)
    assert count(storage, owner) == 3_200


@pytest.mark.parametrize("backend", [*SERVED, "sqlite"], indirect=True)
def test_eight_processes_adding_four_hundred_times_end_at_exactly_3200(
    backend: Backend, storage: Storage, owner: str
) -> None:
    assert backend.url is not None
    command = [sys.executable, "-m", "testbed.adding", backend.url, owner, "400"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    processes: list[subprocess.Popen[str]] = []
    try:
        processes.extend(
            subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) for _ in range(8)
        )
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in processes:
            process.communicate(timeout=120)
            assert process.returncode == 0
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
                process.communicate()
    assert count(storage, owner) == 3_200


@pytest.mark.server
def test_with_one_save_reply_in_twenty_lost_all_3200_adds_count_once(server: RedisServer, owner: str) -> None:
    with Proxy(server.port) as proxy:
        proxy.drop_replies(0.05, to=b"EVALSHA")
        storage = open_storage(f"redis://127.0.0.1:{proxy.port}/0")
        add_from_threads(storage, owner)
        assert proxy.dropped > 50
        proxy.drop_replies(0)
        assert count(storage, owner) == 3_200
        storage.close()


@pytest.mark.server
def test_fifty_adds_of_one_writer_each_of_whose_replies_is_lost_count_once(server: RedisServer, owner: str) -> None:
    """Both tries that `update` makes lose their reply; the caller comes again with the same mark."""
    origin = new_origin()
    with Proxy(server.port) as proxy:
        storage = open_storage(f"redis://127.0.0.1:{proxy.port}/0")
        for number in range(50):
            proxy.drop_replies(1.0, to=b"EVAL")
            with pytest.raises(Unavailable):
                update(storage, owner, "count", add_one, mark=stamp(origin, number))
            proxy.drop_replies(0)
            update(storage, owner, "count", add_one, mark=stamp(origin, number))
        assert proxy.dropped == 100
        assert count(storage, owner) == 50
        storage.close()
