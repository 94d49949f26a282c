"""What one strange client tries to take the shop away from everybody, while an honest shopper shops.

Each attack is one that worked before: docs/security.md has the figures, and `python -m bench.attacks` measures them.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from pathlib import Path

import httpx

from testbed import attacks
from testbed.honest import Shopped
from testbed.servers import RedisServer, Store

Meanwhile = AbstractContextManager[Shopped]
MIB = 1 << 20
HANGS_SECONDS = 5


def memory_of(store: Store) -> int:
    """Return the resident memory of a store's process, in bytes."""
    lines = Path(f"/proc/{store.pid}/status").read_text(encoding="ascii").splitlines()
    (kibibytes,) = [int(line.split()[1]) for line in lines if line.startswith("VmRSS")]
    return kibibytes * 1024


def healthz(store: Store) -> float:
    """Ask whether the process serves; return the seconds that the answer took."""
    with httpx.Client(base_url=store.url, timeout=attacks.PATIENCE_SECONDS) as client:
        started = time.monotonic()
        assert client.get("/healthz").status_code == 200
        return time.monotonic() - started


def test_websockets_of_another_sites_pages(store: Store, meanwhile: Meanwhile) -> None:
    with meanwhile:
        assert attacks.foreign_handshakes(store.url, 20) == [403] * 20
        assert healthz(store) < 0.1


def test_uploads_into_the_memory_of_the_process(store: Store, meanwhile: Meanwhile) -> None:
    before = memory_of(store)
    with meanwhile:
        answers = attacks.uploads(store.url, 50)
    assert set(answers) <= {404, attacks.NOTHING}
    assert memory_of(store) - before < 32 * MIB


def test_heads_of_sixteen_mebibytes(store: Store, meanwhile: Meanwhile) -> None:
    before = memory_of(store)
    with meanwhile:
        answers = attacks.large_heads(store.url)
    assert set(answers) <= {431, attacks.NOTHING}
    assert memory_of(store) - before < 32 * MIB


def test_a_head_without_end(store: Store, meanwhile: Meanwhile) -> None:
    before = memory_of(store)
    with meanwhile:
        assert attacks.endless_head(store.url) < 16 * MIB, "it took more than the kernel's buffers hold"
    assert memory_of(store) - before < 16 * MIB


def test_heads_by_halves(store: Store, meanwhile: Meanwhile) -> None:
    with meanwhile, attacks.slow_heads(store.url, 120) as lines:
        assert healthz(store) < HANGS_SECONDS
        assert attacks.hung_up(lines, within=30) == 120


def test_frames_that_are_no_requests(store: Store, meanwhile: Meanwhile) -> None:
    said = len(store.output)
    with meanwhile:
        attacks.broken_frames(store.url)
    assert "Traceback" not in store.output[said:]
    assert len(store.output) - said < 1_000


def test_choices_that_the_shop_does_not_offer(store: Store, redis: RedisServer, meanwhile: Meanwhile) -> None:
    used = redis.tell("INFO", "memory")["used_memory"]
    with meanwhile:
        attacks.oversized_choices(store.url, 300)
    assert redis.tell("INFO", "memory")["used_memory"] - used < MIB
    assert httpx.get(f"{store.url}/readyz", timeout=attacks.PATIENCE_SECONDS).status_code == 200


def test_five_hundred_pages_of_one_client(store: Store, meanwhile: Meanwhile) -> None:
    with meanwhile:
        with attacks.many_pages(store.url, 500) as pages:
            assert pages
            assert healthz(store) < HANGS_SECONDS
            assert memory_of(store) < 768 * MIB
        assert healthz(store) < HANGS_SECONDS
