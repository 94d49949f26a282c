"""A Redis Cluster: its slots move; its nodes hang, die and are replaced."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.crc import key_slot

from keepcart.backends import Forgotten, Record, Storage, Unavailable, new_origin, open_storage, stamp, update
from testbed.adding import add, add_one
from testbed.servers import RedisCluster, free_port, redis_cluster

MARK = stamp(new_origin(), 0)
pytestmark = pytest.mark.server


@pytest.fixture
def storage(cluster: RedisCluster) -> Iterator[Storage]:
    opened = open_storage(cluster.url)
    yield opened
    opened.close()


def slot_of(owner: str) -> int:
    return int(key_slot(owner.encode()))


def count(storage: Storage, owner: str) -> int:
    record = storage.load(owner, "count", renew=True)
    return int(record.body) if record else 0


def test_owners_are_spread_over_all_nodes(cluster: RedisCluster, storage: Storage) -> None:
    for number in range(60):
        add(storage, f"spread-{number}", 1)
    for node in cluster.nodes:
        assert any("spread-" in key for key in cluster.tell(node, "KEYS", "*"))


def test_any_one_seed_is_enough(cluster: RedisCluster) -> None:
    for node in cluster.nodes:
        storage = open_storage(f"redis+cluster://127.0.0.1:{free_port()},127.0.0.1:{node.port}")
        for number in range(10):
            add(storage, f"seed-{node.port}-{number}", 1)
        storage.close()


def test_a_slot_that_moves_between_saves_is_followed(cluster: RedisCluster, storage: Storage, owner: str) -> None:
    """Before, during (ASK: for documents already there and for new ones) and after (MOVED) its move."""
    slot = slot_of(owner)
    add(storage, owner, 1)
    giver, taker = cluster.begin_move(slot)
    add(storage, owner, 1)
    storage.save(owner, "new", Record.after(None, stamp(new_origin(), 0), b"[]"), replaces=None)
    assert storage.load(owner, "new") is not None
    cluster.move_keys(slot, giver, taker)
    add(storage, owner, 1)
    assert count(storage, owner) == 3
    cluster.end_move(slot, taker)
    add(storage, owner, 1)
    assert count(storage, owner) == 4
    assert cluster.owner_of(slot) is taker
    assert storage.load(owner, "new") is not None


def test_while_a_slot_moves_older_changes_are_refused_and_new_documents_are_taken(
    cluster: RedisCluster, storage: Storage, owner: str
) -> None:
    """No script can then have both the document and the index: one is at the giver, the other must be at the taker."""
    slot = slot_of(owner)
    storage.forget(owner)
    giver, taker = cluster.begin_move(slot)
    for _ in ("the index is at the giver", "the index is at the taker"):
        together = storage.load_together(owner, ["new", "newer"], renew=True)
        for name, found in zip(("new", "newer"), together, strict=True):
            with pytest.raises(Forgotten):
                storage.save(owner, name, Record.after(None, MARK, b"[]"), replaces=None, age=60)
            record = storage.load(owner, name)
            assert found == record
            token = None if record is None else record.token
            assert storage.save(owner, name, Record.after(record, MARK, b"[]"), replaces=token).saved
        cluster.move_keys(slot, giver, taker)
    cluster.end_move(slot, taker)
    for name in ("new", "newer"):
        assert storage.load(owner, name, renew=True) is not None
    storage.forget(owner)
    assert storage.load(owner, "new") is storage.load(owner, "newer") is None


def test_an_owner_is_forgotten_whole_or_not_at_all_while_a_slot_moves(
    cluster: RedisCluster, storage: Storage, owner: str
) -> None:
    slot = slot_of(owner)
    add(storage, owner, 1)
    giver, taker = cluster.begin_move(slot)
    storage.save(owner, "new", Record.after(None, MARK, b"[]"), replaces=None)
    with pytest.raises(Unavailable):
        storage.forget(owner)
    assert count(storage, owner) == 1
    cluster.tell(giver, "MIGRATE", "127.0.0.1", taker.port, f"keepcart:{{{owner}}}", 0, 5000)
    with pytest.raises(Unavailable):
        storage.forget(owner)
    assert count(storage, owner) == 1
    assert storage.load(owner, "new") is not None
    cluster.move_keys(slot, giver, taker)
    cluster.end_move(slot, taker)
    storage.load(owner, "new", renew=True)
    storage.forget(owner)
    assert count(storage, owner) == 0
    assert storage.load(owner, "new") is None


def test_an_owner_is_shown_whole_or_not_at_all_while_a_slot_moves(
    cluster: RedisCluster, storage: Storage, owner: str
) -> None:
    slot = slot_of(owner)
    add(storage, owner, 1)
    (name,) = storage.documents(owner)
    giver, taker = cluster.begin_move(slot)
    storage.save(owner, "new", Record.after(None, MARK, b"[]"), replaces=None)
    for _ in ("the index is at the giver", "the index is at the taker"):
        with pytest.raises(Unavailable):
            storage.documents(owner, also=["new"])
        cluster.tell(giver, "MIGRATE", "127.0.0.1", taker.port, f"keepcart:{{{owner}}}", 0, 5000)
    cluster.move_keys(slot, giver, taker)
    cluster.end_move(slot, taker)
    assert set(storage.documents(owner, also=["new"])) == {name, "new"}


def test_no_add_is_lost_or_doubled_while_a_slot_moves(cluster: RedisCluster, storage: Storage, owner: str) -> None:
    slot = slot_of(owner)
    threads = [threading.Thread(target=add, args=(storage, owner, 150)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        giver, taker = cluster.begin_move(slot)
        cluster.move_keys(slot, giver, taker)
        cluster.end_move(slot, taker)
    for thread in threads:
        thread.join()
    assert count(storage, owner) == 600


def test_a_hanging_node_is_soon_unavailable_and_the_others_go_on(cluster: RedisCluster, storage: Storage) -> None:
    owners = [f"hang-{number}" for number in range(30)]
    hanging = cluster.nodes[0]
    for owner in owners:
        add(storage, owner, 1)
    there = [owner for owner in owners if cluster.owner_of(slot_of(owner)) is hanging]
    hanging.suspend()
    try:
        for owner in owners[:10]:
            started = time.monotonic()
            if owner in there:
                with pytest.raises(Unavailable):
                    storage.load(owner, "count")
            else:
                assert count(storage, owner) == 1
            assert time.monotonic() - started < 5
    finally:
        hanging.resume()
    assert [count(storage, owner) for owner in owners] == [1] * 30


def test_of_many_threads_none_hangs_while_all_nodes_do(cluster: RedisCluster, storage: Storage) -> None:
    storage.ping()
    took: list[float] = []

    def read(number: int) -> None:
        started = time.monotonic()
        with pytest.raises(Unavailable):
            storage.load(f"reader-{number}", "cart")
        took.append(time.monotonic() - started)

    for node in cluster.nodes:
        node.suspend()
    try:
        threads = [threading.Thread(target=read, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        for node in cluster.nodes:
            node.resume()
    assert len(took) == 16
    assert max(took) < 5


def test_no_node_listening_is_soon_unavailable_and_opening_does_not_mind() -> None:
    storage = open_storage(f"redis+cluster://127.0.0.1:{free_port()},127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable, match="no connection"):
        storage.ping()
    storage.close()


def test_a_replaced_node_is_found_and_a_cluster_with_a_gap_is_down(tmp_path: Path) -> None:
    """A node dies, and the cluster goes down. Its slots are given to the others, and the same storage goes on."""
    with redis_cluster(tmp_path) as cluster:
        storage = open_storage(cluster.url)
        lost = cluster.nodes[0]
        owner = next(name for name in map(str, range(99)) if cluster.owner_of(slot_of(name)) is lost)
        known = update(storage, owner, "count", add_one, mark=stamp(new_origin(), 0))
        lost.kill()
        with pytest.raises(Unavailable):
            storage.load(owner, "count")
        taker = cluster.nodes[1]
        cluster.tell(taker, "CLUSTER", "DELSLOTSRANGE", 0, 5460)
        cluster.tell(taker, "CLUSTER", "ADDSLOTSRANGE", 0, 5460)
        deadline = time.monotonic() + 20
        while True:
            try:
                record = update(storage, owner, "count", add_one, mark=stamp(new_origin(), 0), known=known)
                break
            except Unavailable:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        assert record.body == b"1"  # the lost node had the only copy
        storage.close()
