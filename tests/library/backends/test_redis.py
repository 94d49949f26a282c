"""A Redis that is away, hangs, restarts, forgets its scripts or refuses. The servers are real, and really stopped."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from keepcart.backends import Forgotten, Record, Storage, Unavailable, new_origin, open_storage, stamp, update
from testbed.adding import add, add_one
from testbed.servers import Proxy, RedisServer, free_port, redis_server
from testbed.together import run_together

pytestmark = pytest.mark.server

MARK = stamp(new_origin(), 0)
SECRET = "s3cr3t-word"  # noqa: S105 - what must be shown nowhere


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[RedisServer]:
    """Run a server for this test alone. Its acknowledged writes survive its death."""
    with redis_server(tmp_path, appendonly=True) as running:
        yield running


@pytest.fixture
def storage(mine: RedisServer) -> Iterator[Storage]:
    opened = open_storage(mine.url)
    yield opened
    opened.close()


def acts(storage: Storage) -> list[Any]:
    """Return every act of the contract that contacts the server."""
    return [
        lambda: storage.load("me", "cart"),
        lambda: storage.load("me", "cart", renew=True),
        lambda: storage.save("me", "cart", Record.after(None, MARK, b""), replaces=None),
        lambda: storage.set_aside("me", "cart", b""),
        lambda: storage.forget("me"),
        storage.ping,
    ]


def every_act_is_soon_unavailable(storage: Storage) -> str:
    reasons = set()
    for act in acts(storage):
        started = time.monotonic()
        with pytest.raises(Unavailable) as refused:
            act()
        assert time.monotonic() - started < 5
        reasons.add(refused.value.reason)
    assert len(reasons) == 1, reasons
    return reasons.pop()


def test_nobody_listening_is_unavailable_and_opening_does_not_mind() -> None:
    storage = open_storage(f"redis://127.0.0.1:{free_port()}/0")
    assert every_act_is_soon_unavailable(storage) == "no connection"
    storage.close()


def test_a_suspended_server_is_soon_unavailable_and_usable_once_it_resumes(mine: RedisServer, storage: Storage) -> None:
    add(storage, "me", 1)
    mine.suspend()
    assert every_act_is_soon_unavailable(storage) == "it did not answer in time"
    mine.resume()
    record = storage.load("me", "count")
    assert record is not None
    assert record.body == b"1"


def test_a_network_that_swallows_everything_is_soon_unavailable(mine: RedisServer) -> None:
    with Proxy(mine.port) as proxy:
        storage = open_storage(f"redis://127.0.0.1:{proxy.port}/0")
        storage.ping()
        proxy.mode = "swallow"
        assert every_act_is_soon_unavailable(storage) == "it did not answer in time"
        proxy.mode = "refuse"
        assert every_act_is_soon_unavailable(storage) == "no connection"
        proxy.mode = "pass"
        storage.ping()
        storage.close()


def test_a_write_under_way_when_the_server_hangs_counts_once(mine: RedisServer) -> None:
    with Proxy(mine.port) as proxy:
        storage = open_storage(f"redis://127.0.0.1:{proxy.port}/0")
        add(storage, "me", 1)
        proxy.drop_replies(1.0, to=b"EVALSHA")
        with pytest.raises(Unavailable):
            update(storage, "me", "count", add_one, mark=MARK)
        proxy.drop_replies(0)
        assert update(storage, "me", "count", add_one, mark=MARK).body == b"2"
        storage.close()


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_after_a_restart_the_next_call_works_and_what_was_acknowledged_is_there(
    mine: RedisServer, storage: Storage, how: str
) -> None:
    add(storage, "me", 20)
    known = storage.load("me", "count")
    getattr(mine, how)()
    mine.start()
    assert storage.load("me", "count") == known
    getattr(mine, how)()
    mine.start()
    assert update(storage, "me", "count", add_one, mark=MARK, known=known).body == b"21"
    getattr(mine, how)()
    mine.start()
    assert storage.load("me", "count", renew=True) is not None


def test_a_read_whose_connection_breaks_under_it_is_made_again(mine: RedisServer) -> None:
    with Proxy(mine.port, seed=3) as proxy:
        storage = open_storage(f"redis://127.0.0.1:{proxy.port}/0")
        storage.ping()
        proxy.drop_replies(0.3, to=b"GET")
        answered = 0
        for _ in range(40):
            try:
                storage.load("me", "cart")
                answered += 1
            except Unavailable:
                pass
        assert proxy.dropped > 5
        assert 40 - answered < proxy.dropped / 2
        storage.close()


def test_a_server_that_forgot_its_scripts_is_told_them_again(mine: RedisServer, storage: Storage) -> None:
    with redis.Redis(port=mine.port) as client:
        for count in range(1, 4):
            add(storage, "me", 1)
            client.script_flush()
            record = storage.load("me", "count")
            assert record is not None
            assert record.body == b"%d" % count
            assert not storage.set_aside("me", "count", b"junk")
            client.script_flush()


def test_a_server_that_forgets_its_scripts_all_the_time_is_never_unavailable(
    mine: RedisServer, storage: Storage
) -> None:
    over = threading.Event()

    def forget() -> None:
        with redis.Redis(port=mine.port) as client:
            while not over.is_set():
                client.script_flush()

    forgetting = threading.Thread(target=forget)
    forgetting.start()
    try:
        origin = new_origin()
        for number in range(100):
            record = update(storage, "me", "count", add_one, mark=stamp(origin, number))
    finally:
        over.set()
        forgetting.join()
    assert record.body == b"100"


def test_a_wrong_password_is_unavailable_and_shown_nowhere(tmp_path: Path) -> None:
    with redis_server(tmp_path, password=SECRET) as server:
        right = open_storage(server.url)
        right.ping()
        for url in (f"redis://:wrong-{SECRET}@127.0.0.1:{server.port}/0", f"redis://127.0.0.1:{server.port}/0"):
            wrong = open_storage(url)
            with pytest.raises(Unavailable, match=f"redis://127.0.0.1:{server.port}/0 is unavailable") as refused:
                wrong.load("me", "cart")
            assert SECRET not in "".join(traceback.format_exception(refused.value))
            wrong.close()
        right.close()


def test_where_writes_are_refused_a_renewing_load_still_reads(mine: RedisServer, storage: Storage) -> None:
    """A full memory, a replica, a user who may only read: renewing is a write."""
    add(storage, "me", 1)
    with redis.Redis(port=mine.port) as client:
        client.config_set("maxmemory", "1")
        reads_but_does_not_save(storage, "its memory is full")
        client.config_set("maxmemory", "0")
        client.replicaof("127.0.0.1", free_port())
        reads_but_does_not_save(storage, "it is read-only")
        client.replicaof("NO", "ONE")
        client.config_set("min-replicas-to-write", "1")
        reads_but_does_not_save(storage, "it replied NOREPLICAS")
        client.config_set("min-replicas-to-write", "0")
        client.acl_setuser("reader", enabled=True, passwords=[f"+{SECRET}"], keys=["*"], categories=["+@read"])
        reader = open_storage(f"redis://reader:{SECRET}@127.0.0.1:{mine.port}/0")
        reads_but_does_not_save(reader, "it does not permit this command")
        reader.close()
    storage.load("me", "count", renew=True)


def reads_but_does_not_save(storage: Storage, reason: str) -> None:
    for renew in (True, False):
        record = storage.load("me", "count", renew=renew)
        assert record is not None
        assert record.body == b"1"
        assert list(storage.load_together("me", ["none", "count"], renew=renew)) == [None, record]
    with pytest.raises(Unavailable, match=reason):
        storage.save("me", "other", Record.after(None, MARK, b""), replaces=None)


def test_errors_name_no_owner(mine: RedisServer, storage: Storage) -> None:
    with redis.Redis(port=mine.port) as client:
        client.config_set("maxmemory", "1")
        with pytest.raises(Unavailable) as refused:
            storage.save("owner-1", "cart", Record.after(None, MARK, b""), replaces=None)
    assert "owner-1" not in str(refused.value)
    assert not isinstance(refused.value, redis.RedisError)
    assert isinstance(refused.value.__cause__, redis.RedisError)


def test_more_threads_than_connections_wait_for_their_turn(mine: RedisServer) -> None:
    storage = open_storage(mine.url)

    def read() -> None:
        for _ in range(5):
            storage.load("me", "cart")

    run_together(150, read)
    with redis.Redis(port=mine.port) as client:
        assert len(client.client_list()) <= 64 + 1
    storage.close()


def test_the_key_has_the_owner_in_braces_and_the_value_expires(mine: RedisServer, storage: Storage) -> None:
    record = Record.after(None, MARK, b"[1]")
    storage.save("me", "cart", record, replaces=None)
    with redis.Redis(port=mine.port) as client:
        assert set(client.keys()) == {b"keepcart:{me}:cart", b"keepcart:{me}"}
        assert client.get("keepcart:{me}:cart") == record.encode()
        assert 30 * 86_400 - 60 < int(client.ttl("keepcart:{me}:cart")) <= 30 * 86_400


def test_nothing_is_written_for_an_owner_of_whom_nothing_is_stored(mine: RedisServer, storage: Storage) -> None:
    assert storage.load("me", "cart", renew=True) is None
    assert not storage.set_aside("me", "cart", b"")
    assert not storage.save("me", "cart", Record.after(None, MARK, b""), replaces=MARK).saved
    with redis.Redis(port=mine.port) as client:
        assert client.keys() == []


def test_the_index_names_each_document_and_expires_no_earlier_than_any(mine: RedisServer, storage: Storage) -> None:
    short = open_storage(mine.url, keep_seconds=100)
    with redis.Redis(port=mine.port) as client:
        for opened, name in ((storage, "cart"), (short, "kept"), (storage, "cart"), (short, "note")):
            add_to(opened, name)
            opened.load("me", "kept", renew=True)
            left: Any = [client.pexpiretime(key) for key in client.scan_iter("keepcart:{me}:*")]
            index: Any = client.pexpiretime("keepcart:{me}")
            assert max(left) <= index
        assert client.hgetall("keepcart:{me}") == {b"cart": b"", b"kept": b"", b"note": b""}
    short.close()


def add_to(storage: Storage, name: str) -> None:
    update(storage, "me", name, add_one, mark=stamp(new_origin(), 0))


def test_after_forgetting_one_key_is_left_and_it_expires(mine: RedisServer, storage: Storage) -> None:
    for name in ("cart", "kept"):
        add_to(storage, name)
    storage.forget("me")
    with redis.Redis(port=mine.port) as client:
        assert client.keys() == [b"keepcart:{me}"]
        assert client.hkeys("keepcart:{me}") == [b":forgotten"]
        assert 30 * 86_400 - 60 < int(client.ttl("keepcart:{me}")) < 32 * 86_400


def test_a_full_memory_does_not_keep_anyone_from_being_forgotten(mine: RedisServer, storage: Storage) -> None:
    add(storage, "me", 1)
    with redis.Redis(port=mine.port) as client:
        client.config_set("maxmemory", "1")
        storage.forget("me")
        client.config_set("maxmemory", "0")
    assert storage.load("me", "count") is None
    with pytest.raises(Forgotten):
        storage.save("me", "count", Record.after(None, MARK, b""), replaces=None, age=60)


def test_where_forgetting_is_refused_nothing_is_deleted(mine: RedisServer, storage: Storage) -> None:
    add(storage, "me", 1)
    with redis.Redis(port=mine.port) as client:
        client.replicaof("127.0.0.1", free_port())
        with pytest.raises(Unavailable, match="read-only"):
            storage.forget("me")
        client.replicaof("NO", "ONE")
    assert storage.load("me", "count") is not None
    storage.forget("me")
    assert storage.load("me", "count") is None


def test_a_forget_whose_reply_is_lost_can_be_repeated(mine: RedisServer) -> None:
    with Proxy(mine.port) as proxy:
        storage = open_storage(f"redis://127.0.0.1:{proxy.port}/0")
        add(storage, "me", 1)
        storage.forget("another")  # tells the server the script
        proxy.drop_replies(1.0, to=b"EVALSHA")
        with pytest.raises(Unavailable):
            storage.forget("me", age=1)
        proxy.drop_replies(0)
        assert storage.load("me", "count") is None
        storage.forget("me", age=2)
        with pytest.raises(Forgotten):
            storage.save("me", "count", Record.after(None, MARK, b""), replaces=None, age=60)
        storage.close()


def test_a_database_number_is_honoured(mine: RedisServer) -> None:
    one = open_storage(f"redis://127.0.0.1:{mine.port}/1")
    other = open_storage(f"redis://127.0.0.1:{mine.port}?db=2")
    one.save("me", "cart", Record.after(None, MARK, b""), replaces=None)
    assert other.load("me", "cart") is None
    one.close()
    other.close()


def test_a_unix_socket_works(tmp_path: Path) -> None:
    socket = tmp_path / "s"
    server = RedisServer(tmp_path, free_port(), ["--unixsocket", str(socket)])
    try:
        server.start()
        storage = open_storage(f"unix://{socket}?db=1")
        add(storage, "me", 3)
        storage.close()
    finally:
        server.kill()
