"""Measures `keepcart.backends` against its targets. The exit status is 1 where one is missed.

Everything is a ratio or a count, because times of a machine under load say little: what is compared takes turns in one
run, and the medians of many short turns are divided. The Redis is its own, over loopback TCP.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import redis

from app.domain.cart import Cart, Limits
from app.domain.cart_document import encode
from app.domain.changes import Add, Change, Clear, Remove, SetQuantity
from bench.report import Target, judge, print_table
from keepcart.backends import UNREAD, Outcome, Record, Storage, Unread, new_origin, open_storage, stamp, update
from keepcart.backends.redis_client import connect
from testbed.adding import add_one
from testbed.servers import Proxy, RedisServer, redis_server
from testbed.together import run_together

TURNS, PER_TURN = 200, 25
WRITERS, ADDS = 16, 200
SKUS = ("LAPTOP", "MOUSE", "DESK-OAK", "CHAIR-MESH", "LAMP-FLOOR", "KEYBOARD-MECH", "MONITOR-27", "WEBCAM", "DOCK-USBC")
VISITOR = "AbCdEfGhIjKlMnOpQrStUv"
INDEX = f"keepcart:{{{VISITOR}}}"
BARE = """
local current = redis.call('GET', KEYS[1])
local token = current and string.sub(current, 1, 11)
local expected = ARGV[1] ~= '' and ARGV[1]
if token ~= expected then
  return current
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
"""
"""A compare-and-set and nothing else: no index, no forgetting. What ours adds counts against it."""

TARGETS: list[Target] = []
FIGURES: list[tuple[str, str]] = []

Act = Callable[[], object]


def cart(lines: int, *acts: Change) -> bytes:
    """Return a cart as the shop stores it, after some acts."""
    limits = Limits(max_quantity=99, max_lines=100)
    filled = Cart()
    for index in range(lines):
        sku = SKUS[index % len(SKUS)] + (f"-{index}" if index >= len(SKUS) else "")
        filled = Add(sku, index % 3 + 1, (index * 34_900) % 2_500_000 + 14_900).apply(filled, limits)
    for act in acts:
        filled = act.apply(filled, limits)
    return encode(filled)


TRAILS = {
    "5 lines with a trail of 5 quantities": cart(5, *(SetQuantity("LAPTOP", quantity) for quantity in range(2, 7))),
    "15 lines with a trail of 5 removed lines": cart(20, *(Remove(sku) for sku in SKUS[:5])),
    "no lines with a trail of 20 cleared": cart(20, Clear()),
}


def take_turns(acts: dict[str, Act]) -> dict[str, list[float]]:
    """Return the seconds per call of each act in each turn, the acts taking turns in changing order."""
    seconds: dict[str, list[float]] = {name: [] for name in acts}
    order = list(acts)
    for _ in range(TURNS):
        random.shuffle(order)
        for name in order:
            act = acts[name]
            started = time.perf_counter()
            for _ in range(PER_TURN):
                act()
            seconds[name].append((time.perf_counter() - started) / PER_TURN)
    return seconds


def saving(storage: Storage, body: bytes) -> Act:
    """Return an act that saves the version after the last, as if a visit held it."""
    state: list[Record | None] = [None]
    mark = stamp(new_origin(), 0)

    def save() -> None:
        successor = Record.after(state[0], mark, body)
        replaces = None if state[0] is None else state[0].token
        assert storage.save(VISITOR, "saved", successor, replaces=replaces).saved
        state[0] = successor

    return save


def updating(storage: Storage, body: bytes) -> Act:
    """Return an act that changes a document through the public API, holding the version from the last time."""
    state: list[Record | None] = [None]
    origin, count = new_origin(), iter(range(10**9))

    def change() -> None:
        state[0] = update(storage, VISITOR, "updated", lambda _: body, mark=stamp(origin, next(count)), known=state[0])

    return change


def measure_speed(server: RedisServer, folder: Path) -> None:
    """Compare with an EVALSHA of a bare compare-and-set of the same record through an equal client."""
    storage = open_storage(server.url)
    sqlite = open_storage("sqlite:///bench.db", base_folder=folder)
    client = redis_py(server)
    body = cart(5)
    record = Record.after(None, stamp(new_origin(), 0), body)
    for each in (storage, sqlite):
        each.save(VISITOR, "cart", record, replaces=None)
    sha = client.script_load(BARE)
    client.set("bare", raw := record.encode())
    naive = NaiveCarts(client, 86_400)
    decoded = [{"sku": sku, "quantity": 1, "price": 34_900} for sku in SKUS[:5]]
    naive.save(VISITOR, decoded)
    seconds = take_turns(
        {
            "bare EVALSHA": lambda: client.evalsha(sha, 1, "bare", record.token, raw, 86_400),
            "load": lambda: storage.load(VISITOR, "cart"),
            "load, renewing": lambda: storage.load(VISITOR, "cart", renew=True),
            "save": saving(storage, body),
            "update": updating(storage, body),
            "naive GET + JSON": lambda: naive.load(VISITOR),
            "naive JSON + SET": lambda: naive.save(VISITOR, decoded),
            "SQLite load": lambda: sqlite.load(VISITOR, "cart"),
            "SQLite load, renewing": lambda: sqlite.load(VISITOR, "cart", renew=True),
            "SQLite save": saving(sqlite, body),
            "SQLite update": updating(sqlite, body),
        }
    )
    rate = {name: 1 / statistics.median(turns) for name, turns in seconds.items()}
    TARGETS.append(Target("load, of a bare EVALSHA's throughput", rate["load"] / rate["bare EVALSHA"], at_least=0.90))
    TARGETS.append(
        Target("warm save, of a bare EVALSHA's throughput", rate["save"] / rate["bare EVALSHA"], at_least=0.70)
    )
    TARGETS.append(
        Target("warm update, of a bare EVALSHA's throughput", rate["update"] / rate["bare EVALSHA"], at_least=0.55)
    )
    for name, per_second in rate.items():
        FIGURES.append((f"{name}, per second, one thread", f"{round(per_second):,.0f}"))
    for each in (storage, sqlite, client):
        each.close()


def redis_py(server: RedisServer) -> Any:
    """Return redis-py's client with the options that the storage gives it."""
    (client,) = connect(server.url, server.url).servers().values()
    return client


def count_round_trips(server: RedisServer) -> None:
    """Count what passes a proxy, once the connection stands and the script is known."""
    with Proxy(server.port) as proxy:
        storage = open_storage(f"redis://127.0.0.1:{proxy.port}/0")
        warm = updating(storage, b"[]")
        warm()

        def trips(act: Act) -> float:
            before = proxy.requests
            for _ in range(20):
                act()
            return (proxy.requests - before) / 20

        TARGETS.append(
            Target("round trips of a load", trips(lambda: storage.load(VISITOR, "updated")), at_least=1, at_most=1)
        )
        TARGETS.append(
            Target(
                "round trips of a renewing load",
                trips(lambda: storage.load(VISITOR, "updated", renew=True)),
                at_least=1,
                at_most=1,
            )
        )
        TARGETS.append(Target("round trips of a warm change", trips(warm), at_least=1, at_most=1))
        FIGURES.append(("round trips of forgetting an owner", f"{trips(lambda: storage.forget(VISITOR)):g}"))
        cold = lambda: update(storage, VISITOR, "cold", lambda _: b"", mark=stamp(new_origin(), 0))  # noqa: E731
        TARGETS.append(Target("round trips of a cold change", trips(cold), at_least=2, at_most=2))
        storage.close()


def measure_memory(server: RedisServer) -> None:
    """Ask Redis what a cart with one writer's mark takes, its key included."""
    storage = open_storage(server.url)
    with redis.Redis(port=server.port) as client:
        for lines, bound in ((5, 320), (20, 870)):
            record = Record.after(None, stamp(new_origin(), 0), cart(lines))
            storage.save(VISITOR, f"cart{lines}", record, replaces=None)
            client.rename(f"{INDEX}:cart{lines}", key := f"{INDEX}:cart")
            used: Any = client.memory_usage(key)
            TARGETS.append(
                Target(f"memory of a cart of {lines} lines ({len(cart(lines))} B of JSON), bytes", used, at_most=bound)
            )
            client.delete(key, INDEX)
        for what, body in TRAILS.items():
            storage.save(VISITOR, "cart", Record.after(None, stamp(new_origin(), 0), body), replaces=None)
            used = client.memory_usage(f"{INDEX}:cart")
            FIGURES.append((f"memory of a cart of {what} ({len(body)} B of JSON)", f"{used:,.0f} B"))
            client.delete(f"{INDEX}:cart")
        for name in ("cart", "kept"):
            storage.save(VISITOR, name, Record.after(None, stamp(new_origin(), 0), b""), replaces=None)
            used = client.memory_usage(INDEX)
            FIGURES.append((f"memory of a visitor's index, once it names {name}", f"{used:,.0f} B"))
    storage.close()


def measure_index(server: RedisServer) -> None:
    """Ask Redis how much memory it gets back when 10,000 visitors lose their index, expiry and all."""
    storage = open_storage(f"redis://127.0.0.1:{server.port}/3")
    with redis.Redis(port=server.port, db=3) as client, client.pipeline(transaction=False) as pipeline:
        for number in range(10_000):
            owner = f"visitor-{number:014}"
            storage.save(owner, "cart", Record.after(None, stamp("aaaaaa", number), cart(5)), replaces=None)
            pipeline.delete(f"keepcart:{{{owner}}}")
        full: Any = client.info("memory")
        pipeline.execute()
        less: Any = client.info("memory")
        client.flushdb()
    each = (full["used_memory"] - less["used_memory"]) / 10_000
    FIGURES.append(("memory that the index takes a visitor, of 10,000, all told", f"{each:,.0f} B"))
    storage.close()


def measure_growth(server: RedisServer) -> None:
    """Load and save carts of random visitors where there are 1,000 and where there are 100,000, in turns."""
    body = cart(5)
    acts: dict[str, Act] = {}
    storages = []
    for database, visitors in ((1, 1_000), (2, 100_000)):
        with redis.Redis(port=server.port, db=database) as client, client.pipeline(transaction=False) as pipeline:
            for number in range(visitors):
                record = Record.after(None, stamp("aaaaaa", number), body)
                pipeline.set(f"keepcart:{{visitor-{number:014}}}:cart", record.encode(), ex=86_400)
                if number % 1_000 == 999:
                    pipeline.execute()
        storage = open_storage(f"redis://127.0.0.1:{server.port}/{database}")
        storages.append(storage)
        acts[str(visitors)] = visiting(storage, visitors, body)
    seconds = take_turns(acts)
    p50 = {name: statistics.median(turns) for name, turns in seconds.items()}
    FIGURES.append(("p50 of load + save at 1,000 visitors", f"{p50['1000'] * 1e6:,.0f} us"))
    FIGURES.append(("p50 of load + save at 100,000 visitors", f"{p50['100000'] * 1e6:,.0f} us"))
    TARGETS.append(Target("the second, of the first", p50["100000"] / p50["1000"], at_most=1.15))
    for storage in storages:
        storage.close()


def visiting(storage: Storage, visitors: int, body: bytes) -> Act:
    """Return an act that loads and saves the cart of a random visitor."""

    def visit() -> None:
        owner = f"visitor-{random.randrange(visitors):014}"
        record = storage.load(owner, "cart")
        assert record is not None
        storage.save(owner, "cart", Record.after(record, stamp("bbbbbb", 0), body), replaces=record.token)

    return visit


class NaiveCarts:
    """The way a cart is often kept: read the whole JSON, change it, write it back. To measure against."""

    def __init__(self, client: Any, keep_seconds: int) -> None:
        """Take a client of the same kind as the storage measured beside it."""
        self._client = client
        self._keep_seconds = keep_seconds

    def load(self, visitor: str) -> Any:
        """Return the cart, None where there is none."""
        raw = self._client.get(f"cart:{visitor}")
        return None if raw is None else json.loads(raw)

    def save(self, visitor: str, cart: Any) -> None:
        """Write the cart over whatever is there."""
        self._client.set(f"cart:{visitor}", json.dumps(cart), ex=self._keep_seconds)


class CountingSaves:
    """A storage that counts its saves."""

    def __init__(self, inner: Storage) -> None:
        """Take the storage to pass everything to."""
        self.load, self.load_together, self.documents = inner.load, inner.load_together, inner.documents
        self.forget, self.set_aside = inner.forget, inner.set_aside
        self.ping, self.close = inner.ping, inner.close
        self._inner = inner
        self.saves: list[None] = []

    def save(self, owner: str, name: str, record: Record, *, replaces: str | None, age: float = 0.0) -> Outcome:
        """Count and pass on."""
        self.saves.append(None)
        return self._inner.save(owner, name, record, replaces=replaces, age=age)


def measure_contention(server: RedisServer) -> None:
    """Let 16 writers add 200 times each to one cart; count what is tried again and what is lost."""
    storage = CountingSaves(open_storage(server.url))
    for label, keeps_version in (("as visits do", True), ("reading before each", False)):
        retries, lost = [], 0
        for turn in range(3):
            document = f"count-{turn}-{keeps_version}"
            storage.saves.clear()
            run_together(WRITERS, partial(add, storage, document, keeps=keeps_version))
            record = storage.load(VISITOR, document)
            assert record is not None
            lost += WRITERS * ADDS - int(record.body)
            retries.append(len(storage.saves) / (WRITERS * ADDS) - 1)
        TARGETS.append(
            Target(f"retries per add, 16 writers on one cart, {label}", statistics.median(retries), at_most=0.3)
        )
        TARGETS.append(Target("adds lost or doubled, of 9,600", lost, at_least=0, at_most=0))
    client = redis_py(server)
    naive = NaiveCarts(client, 86_400)
    run_together(WRITERS, partial(add_naively, naive))
    FIGURES.append(
        ("adds lost by the naive GET and SET, of 3,200", f"{WRITERS * ADDS - naive.load('everyone')['count']:,.0f}")
    )
    client.close()
    storage.close()


def add(storage: Storage, document: str, *, keeps: bool) -> None:
    """Add 200 times as one visit."""
    origin = new_origin()
    known: Record | Unread | None = UNREAD
    for count in range(ADDS):
        record = update(storage, VISITOR, document, add_one, mark=stamp(origin, count), known=known)
        known = record if keeps else UNREAD


def add_naively(naive: NaiveCarts) -> None:
    """Add 200 times, whatever others do meanwhile."""
    for _ in range(ADDS):
        value = naive.load("everyone") or {"count": 0}
        naive.save("everyone", {"count": value["count"] + 1})


def main() -> int:
    """Measure everything, print the table, return the exit status."""
    with tempfile.TemporaryDirectory() as name, redis_server(Path(name)) as server:
        measure_speed(server, Path(name))
        count_round_trips(server)
        measure_memory(server)
        measure_index(server)
        measure_growth(server)
        measure_contention(server)
    print_table("Figures", ("", "measured"), FIGURES)
    return judge(TARGETS)


if __name__ == "__main__":
    sys.exit(main())
