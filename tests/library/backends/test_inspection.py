"""What an operator is told about a storage: real servers, set up well and badly, and replies that no server gave us."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from keepcart.backends import Finding, inspect, open_storage
from keepcart.backends.redis_inspection import inspect_server
from keepcart.backends.sqlite_inspection import file_system, inspect_file
from testbed.servers import RedisCluster, RedisSentinel, RedisServer, free_port, require_redis_server

SECRET = "s3cr3t-word"  # noqa: S105 - what must be shown nowhere

Found = dict[str, Finding]


@contextmanager
def running(folder: Path, *arguments: str, password: str | None = None) -> Iterator[RedisServer]:
    require_redis_server()
    server = RedisServer(folder, free_port(), [*arguments], password)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def look(url: str) -> Found:
    storage = open_storage(url, keep_seconds=60)
    try:
        findings = inspect(storage)
    finally:
        storage.close()
    assert SECRET not in repr(findings)
    return {finding.name: finding for finding in findings}


def states(found: Found) -> dict[str, str]:
    return {name: finding.state for name, finding in found.items() if finding.state != "ok"}


class Told:
    """A server that replies what the test says."""

    def __init__(self, *, ahead: float = 0.0, settings: dict[str, str] | None = None, **facts: Any) -> None:
        self._ahead = ahead
        self._settings = settings or {}
        self._facts = {
            "redis_version": "7.2.4",
            "aof_enabled": 1,
            "maxmemory_policy": "noeviction",
            "maxmemory": 0,
            "role": "master",
            **facts,
        }

    def info(self, _section: str) -> dict[str, Any]:
        return self._facts

    def config_get(self, name: str) -> dict[str, str]:
        return {name: {"appendfsync": "everysec", **self._settings}.get(name, "0")}

    def time(self) -> tuple[int, int]:
        return divmod(int((time.time() + self._ahead) * 1_000_000), 1_000_000)


def told(*, in_cluster: bool = False, replicated: bool = False, **facts: Any) -> Found:
    server: Any = Told(**facts)
    findings = inspect_server(server, in_cluster=in_cluster, replicated=replicated)
    return {finding.name: finding for finding in findings}


@pytest.mark.server
def test_a_server_with_a_log_is_all_right_and_its_test_documents_expire(tmp_path: Path) -> None:
    with running(tmp_path, "--appendonly", "yes", password=SECRET) as server:
        found = look(server.url)
        keys = server.tell("KEYS", "*")
        lasting = [server.tell("TTL", key) for key in keys]

    assert states(found) == {}
    assert found["redis: persistence"].found == "append-only file, appendfsync everysec"
    assert all(key.startswith("keepcart:{check.") for key in keys)
    assert all(0 < seconds <= 60 for seconds in lasting)


@pytest.mark.server
def test_a_server_that_does_not_say_how_it_is_set_up_is_a_warning(tmp_path: Path) -> None:
    with running(tmp_path, "--appendonly", "yes", "--rename-command", "CONFIG", "") as server:
        with_log = look(server.url)
    with running(tmp_path, "--rename-command", "CONFIG", "") as server:
        without_log = look(server.url)

    assert states(with_log) == states(without_log) == {"redis: persistence": "warning"}
    assert with_log["redis: persistence"].found.startswith("could not be read")


@pytest.mark.server
def test_a_user_who_may_not_ask_for_anything_is_a_warning_and_can_save(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        server.tell("ACL", "SETUSER", "shop", "on", f">{SECRET}", "~*", "+@all", "-info", "-config", "-time")
        mute = look(f"redis://shop:{SECRET}@127.0.0.1:{server.port}/0")
        server.tell("ACL", "SETUSER", "shop", "+info")
        nearly_mute = look(f"redis://shop:{SECRET}@127.0.0.1:{server.port}/0")

    assert states(mute) == {"redis": "warning"}
    assert states(nearly_mute) == {"redis: persistence": "warning", "redis: clock": "warning"}


@pytest.mark.server
def test_a_wrong_password_is_a_failure(tmp_path: Path) -> None:
    with running(tmp_path, password=SECRET) as server:
        for login in ("", ":wrong@"):
            found = look(f"redis://{login}127.0.0.1:{server.port}/0")
            assert states(found) == {"storage": "failure", "write and read": "skipped"}
            assert "it refused the user or password" in found["storage"].found


@pytest.mark.server
def test_a_server_that_hangs_is_a_failure_soon(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        server.suspend()
        started = time.monotonic()
        found = look(server.url)

    assert time.monotonic() - started < 5
    assert states(found) == {"storage": "failure", "write and read": "skipped"}


@pytest.mark.server
def test_a_full_memory_that_refuses_changes_is_a_failure_and_the_rest_is_told(tmp_path: Path) -> None:
    with running(tmp_path, "--appendonly", "yes", "--maxmemory", "1", "--maxmemory-policy", "noeviction") as server:
        found = look(server.url)

    assert states(found) == {"write and read": "failure"}
    assert "its memory is full" in found["write and read"].found


@pytest.mark.server
def test_a_server_that_has_deleted_documents_to_make_room_is_a_failure(tmp_path: Path) -> None:
    arguments = ["--appendonly", "yes", "--maxmemory", "4mb", "--maxmemory-policy", "volatile-ttl"]
    with running(tmp_path, *arguments) as server:
        for number in range(100):
            server.tell("SET", f"cart-{number}", "x" * 100_000, "EX", 60)
        found = look(server.url)

    assert found["redis: eviction"].state == "failure"
    assert "it has deleted" in found["redis: eviction"].found


@pytest.mark.server
def test_a_server_that_waits_for_replicas_it_does_not_have_is_a_failure(tmp_path: Path) -> None:
    with running(tmp_path, "--appendonly", "yes", "--min-replicas-to-write", "1") as server:
        found = look(server.url)

    assert states(found) == {"write and read": "failure", "redis: replication": "failure"}


@pytest.mark.server
def test_one_server_of_a_cluster_named_alone_is_warned_of(cluster: RedisCluster) -> None:
    found = look(cluster.nodes[0].url)

    assert "failure" in (found["storage"].state, found["write and read"].state)
    assert "redis+cluster://" in found["redis: replication"].advice


@pytest.mark.server
def test_servers_of_a_cluster_are_named_only_where_they_differ(cluster: RedisCluster) -> None:
    odd, *others = cluster.nodes
    odd.tell("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    storage = open_storage(cluster.url, keep_seconds=60)
    try:
        findings = inspect(storage)
    finally:
        odd.tell("CONFIG", "SET", "maxmemory-policy", "noeviction")
        storage.close()

    eviction = {finding.state: finding.found for finding in findings if finding.name == "redis: eviction"}
    assert eviction["warning"].startswith(f"127.0.0.1:{odd.port}: allkeys-lru")
    assert all(f"127.0.0.1:{node.port}" in eviction["ok"] for node in others)
    assert sum(finding.name == "redis: version" for finding in findings) == 1


@pytest.mark.server
def test_behind_sentinel_the_primary_is_looked_at_and_should_have_a_replica(watched: RedisSentinel) -> None:
    found = look(watched.url)

    assert found["redis: replication"] == Finding("redis: replication", "ok", "primary with 1 replicas")
    assert told(replicated=True)["redis: replication"].state == "warning"


@pytest.mark.parametrize(
    ("facts", "name", "state"),
    [
        ({"redis_version": "6.0.16"}, "version", "failure"),
        ({"redis_version": "6.2.0"}, "version", "ok"),
        ({"redis_version": "?"}, "version", "warning"),
        ({"aof_last_write_status": "err"}, "disk", "failure"),
        ({"rdb_last_bgsave_status": "err"}, "disk", "failure"),
        ({"settings": {"appendfsync": "no"}}, "persistence", "warning"),
        ({"aof_enabled": 0, "settings": {"save": "3600 1 300 100"}}, "persistence", "warning"),
        ({"maxmemory_policy": "volatile-lru", "maxmemory": 10**8}, "eviction", "warning"),
        ({"maxmemory_policy": "allkeys-lru", "evicted_keys": 7}, "eviction", "warning"),
        ({"maxmemory_policy": "allkeys-lru", "maxmemory": 10**8, "evicted_keys": 7}, "eviction", "failure"),
        ({"role": "slave"}, "replication", "failure"),
        ({"role": "slave", "master_link_status": "up", "in_cluster": True}, "replication", "ok"),
        ({"role": "slave", "master_link_status": "down", "in_cluster": True}, "replication", "warning"),
        ({"slave0": {"state": "online"}, "slave1": {"state": "wait_bgsave"}}, "replication", "warning"),
        ({"slave0": {"state": "online"}, "settings": {"min-replicas-to-write": "1"}}, "replication", "ok"),
        ({"ahead": 1.0}, "clock", "ok"),
        ({"ahead": 60.0}, "clock", "warning"),
        ({"ahead": -60.0}, "clock", "warning"),
    ],
)
def test_what_a_server_tells_is_judged(facts: dict[str, Any], name: str, state: str) -> None:
    assert told(**facts)[f"redis: {name}"].state == state


def test_snapshots_are_told_with_the_minutes_that_a_crash_may_lose() -> None:
    found = told(aof_enabled=0, settings={"save": "3600 1 300 100"})
    assert "up to 60 minutes" in found["redis: persistence"].found


def test_a_sqlite_file_tells_what_a_power_cut_would_lose(tmp_path: Path) -> None:
    findings = inspect_file(tmp_path / "file.db", journal="wal", synchronous=1)
    assert "a power cut may lose" in findings[0].found
    findings = inspect_file(tmp_path / "file.db", journal="delete", synchronous=2)
    assert findings[0].state == "warning"
    assert "not even a power cut" in findings[0].found


def test_the_file_system_of_a_file_is_that_of_the_nearest_mount() -> None:
    mounts = """\
21 1 254:0 / / rw - ext4 /dev/vda rw
40 21 0:50 / /srv/my\\040carts rw shared:1 - nfs4 host:/carts rw
41 21 0:51 / /data rw - ext4 /dev/vdb rw
42 41 0:52 / /data rw - cifs //host/data rw
"""
    assert file_system(Path("/srv/my carts/keepcart.db"), mounts) == "nfs4"
    assert file_system(Path("/srv/other.db"), mounts) == "ext4"
    assert file_system(Path("/data/keepcart.db"), mounts) == "cifs", "the last mount hides the others"
    assert file_system(Path("/data/keepcart.db"), "") == ""


@pytest.mark.server
def test_a_wrong_password_and_a_wrong_number_of_a_database_get_advice_of_their_own(tmp_path: Path) -> None:
    with running(tmp_path, password=SECRET) as server:
        other = f"redis://:{SECRET[::-1]}@127.0.0.1:{server.port}"
        assert "user and password in the storage URL" in look(f"{other}/0")["storage"].advice
        found = look(f"redis://:{SECRET}@127.0.0.1:{server.port}/99")["storage"]
        assert "it has no database of this number" in found.found
        assert "the number at the end of the storage URL" in found.advice
    gone = look(f"redis://127.0.0.1:{free_port()}/0")["storage"]
    assert gone.advice.startswith("see that it runs")
