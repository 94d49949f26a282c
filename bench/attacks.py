"""What one stranger can do to a store and to the shoppers in it. No browser.

    .venv/bin/python -m bench.attacks

Each attack of `tests/attacks` is made on a store of its own, on a small Redis, while an honest shopper shops and
somebody asks `/healthz` ten times a second. The first row is the same without an attack.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.report import Target, judge, print_table
from testbed import attacks
from testbed.honest import honest_shopper
from testbed.servers import Store, redis_server, running_store

MIB = 1 << 20
SLOWEST_CLICK_MS = 1_000
HEADS = ("", "the stranger got", "clicks", "lost", "usual", "slowest", "/healthz at most", "memory")


def nothing(_url: str) -> str:
    """Let the shopper shop undisturbed."""
    time.sleep(5)
    return "-"


def pages(url: str) -> str:
    """Open 500 pages."""
    with attacks.many_pages(url) as opened:
        return f"{len(opened)} pages"


def slow(url: str) -> str:
    """Send 120 heads by halves."""
    with attacks.slow_heads(url) as lines:
        return f"{attacks.hung_up(lines, within=30)} ended"


def in_short(statuses: Sequence[int]) -> str:
    """Return statuses and how often each came."""
    return ", ".join(f"{times} x {status or 'hung up'}" for status, times in Counter(statuses).items())


ATTACKS: dict[str, Callable[[str], str]] = {
    "none": nothing,
    "20 websockets of a foreign origin at once": lambda url: in_short(attacks.foreign_handshakes(url)),
    "50 uploads of 1 MiB": lambda url: in_short(attacks.uploads(url)),
    "5 heads of 16 MiB": lambda url: in_short(attacks.large_heads(url)),
    "a head without end": lambda url: f"{attacks.endless_head(url) / MIB:.1f} MiB taken",
    "120 heads by halves": slow,
    "1,000 broken frames": lambda url: f"{attacks.broken_frames(url)} sent",
    "300 visitors who choose 65,000 letters": lambda url: f"{attacks.oversized_choices(url)} tried",
    "500 pages of one client": pages,
}


def memory_of(pid: int) -> float:
    """Return the resident memory of a process, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    (kibibytes,) = [int(line.split()[1]) for line in lines if line.startswith("VmRSS")]
    return kibibytes / 1024


@contextmanager
def asked(store: Store) -> Iterator[list[float]]:
    """Ask `/healthz` again and again; give the milliseconds that each answer took."""
    taken: list[float] = []
    over = threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=store.url, timeout=attacks.PATIENCE_SECONDS) as client:
            while not over.wait(0.1):
                started = time.perf_counter()
                assert client.get("/healthz").status_code == 200
                taken.append((time.perf_counter() - started) * 1_000)

    thread = threading.Thread(target=ask)
    thread.start()
    yield taken
    over.set()
    thread.join()


def measure(name: str, attack: Callable[[str], str], folder: Path) -> tuple[Sequence[str], Sequence[Target]]:
    """Make an attack; return its row, and what must hold for the shopper's clicks."""
    with redis_server(folder / "redis") as redis:
        redis.tell("CONFIG", "SET", "maxmemory", "12mb")
        with running_store(folder / "store", {"KEEPCART_STORAGE__URL": redis.url}) as store:
            before = memory_of(store.pid)
            with asked(store) as healthz, honest_shopper(store.url) as shopper:
                got = attack(store.url)
            more = memory_of(store.pid) - before
    usual, slowest = shopper.usual * 1_000, shopper.slowest * 1_000
    clicks = (f"{shopper.clicks}", f"{shopper.lost}", f"{usual:.0f} ms", f"{slowest:.0f} ms")
    targets = [
        Target(f"{name}: slowest click, ms", slowest, at_most=SLOWEST_CLICK_MS),
        Target(f"{name}: clicks lost", shopper.lost, at_most=0),
    ]
    return (name, got, *clicks, f"{max(healthz):.0f} ms", f"{more:+.0f} MiB"), targets


def main() -> int:
    """Make all attacks; return the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        found = [
            measure(name, attack, Path(folder) / str(number)) for number, (name, attack) in enumerate(ATTACKS.items())
        ]
    print_table("Attacks on a store", HEADS, [row for row, _ in found])
    return judge([target for _, targets in found for target in targets])


if __name__ == "__main__":
    sys.exit(main())
