"""What a click costs the server: the store, its Redis round trip included, against the plain shop. No browser.

    .venv/bin/python -m bench.click

A click is one "add": in the plain shop the form's button, in the store `Add to Cart` on a page of 24 cards. Rounds
alternate between the shops, each a new visitor who clicks with a shopper's pauses. The plain shop's basket is emptied
after every five lines (not counted), and the store's cart gets the same five products, so that both stay small.

Then twenty shoppers click in the store as fast as it answers: clicks a second of one process, beside the clients'.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from bench.report import Target, judge, print_table
from bench.shops import plain_shop, processor_seconds, store
from testbed.servers import RedisServer, Store, redis_server
from testbed.wire.connection import Run
from testbed.wire.open_page import OpenPage

ROUNDS = 7
CLICKS = 40
LOADS = 3
PAUSE_SECONDS = (0.05, 0.1)
PLAIN_PRODUCTS = ("Laptop", "Mouse", "Keyboard", "Monitor", "Headphones")
PRODUCTS = ("LAPTOP", "MOUSE", "KEYBOARD", "MONITOR", "HEADPHONES")
CARDS = 24
CLIENTS, SHOPPERS_EACH = 2, 10
CROWD_CLICKS = 60
"""Of each shopper in the crowd."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round cost; times in milliseconds, of the median or the mean click."""

    click_processor: float
    click_latency: float
    click_sent: float
    redis_processor: float
    load_processor: float
    load_latency: float


class Stopwatch:
    """Adds up the processor time that some processes use while it runs (`with stopwatch:`)."""

    def __init__(self, *pids: int) -> None:
        self._pids = pids
        self._started = [0.0 for _ in pids]
        self.seconds = [0.0 for _ in pids]

    def __enter__(self) -> None:
        """Go on."""
        self._started = [processor_seconds(pid) for pid in self._pids]

    def __exit__(self, *_: object) -> None:
        """Hold."""
        for place, pid in enumerate(self._pids):
            self.seconds[place] += processor_seconds(pid) - self._started[place]


def look(pauses: random.Random) -> None:
    """Pause as a shopper does between two acts; the server may have work left to do meanwhile."""
    time.sleep(pauses.uniform(*PAUSE_SECONDS))


def click_in_plain_shop(page: OpenPage, stopwatch: Stopwatch, pauses: random.Random) -> list[Run]:
    """Fill the basket with five lines, again and again."""
    runs = []
    for _ in range(CLICKS // len(PLAIN_PRODUCTS)):
        with stopwatch:
            for name in PLAIN_PRODUCTS:
                page.hold("Choose a product:", string_value=name)
                page.hold("Quantity:", int_value=1)
                runs.append(page.press("FormSubmitter:pick-Add to Cart"))
                look(pauses)
        assert all(run.says("Added 1 x ") for run in runs)
        page.press("Clear Cart")
        look(pauses)
    return runs


def click_in_store(page: OpenPage, stopwatch: Stopwatch, pauses: random.Random) -> list[Run]:
    """Add five products, again and again."""
    page.hold("category", string_array_value={"data": ["All"]})
    runs = []
    with stopwatch:
        for count in range(CLICKS):
            runs.append(page.press(f"add-{PRODUCTS[count % len(PRODUCTS)]}"))
            look(pauses)
    assert all(run.says(f"Cart ({count})") for count, run in enumerate(runs, 1))
    shown = len(page.shown.keys("add-"))
    assert shown == CARDS, f"the store's page has {shown} cards"
    return runs


def measure(
    shop: Store,
    redis: RedisServer,
    click: Callable[[OpenPage, Stopwatch, random.Random], list[Run]],
    loads: int = LOADS,
) -> Round:
    """Load the page so many times, each as a new visitor, then click through one of them."""
    pauses = random.Random(1)
    loading, clicking = Stopwatch(shop.pid), Stopwatch(shop.pid, redis.pid)
    seconds = []
    with loading:
        for _ in range(loads):
            started = time.perf_counter()
            page = OpenPage(shop.url)
            seconds.append(time.perf_counter() - started)
            look(pauses)
    with page:
        runs = click(page, clicking, pauses)
    return Round(
        click_processor=clicking.seconds[0] / len(runs) * 1e3,
        click_latency=median(run.seconds for run in runs) * 1e3,
        click_sent=mean(run.sent for run in runs) / 1e3,
        redis_processor=clicking.seconds[1] / len(runs) * 1e3,
        load_processor=loading.seconds[0] / loads * 1e3,
        load_latency=median(seconds) * 1e3,
    )


def shopper_in_crowd(url: str) -> tuple[float, float]:
    """Click as fast as the store answers; return when the first click was made and the last one answered."""
    with OpenPage(url) as page:
        page.press("add-LAPTOP")
        began = time.monotonic()
        for count in range(CROWD_CLICKS):
            assert page.press(f"add-{PRODUCTS[count % 5]}").says(f"Cart ({count + 2})")
        return began, time.monotonic()


def part_of_crowd(url: str) -> list[tuple[float, float]]:
    """Let the shoppers of one client click side by side; return the times of each."""
    with ThreadPoolExecutor(SHOPPERS_EACH) as shoppers:
        return list(shoppers.map(shopper_in_crowd, [url] * SHOPPERS_EACH))


def clicks_a_second(shop: Store) -> float:
    """Return how many clicks of a crowd a store answers in a second, from its first click to its last answer."""
    with ProcessPoolExecutor(CLIENTS) as clients:
        times = [one for part in clients.map(part_of_crowd, [shop.url] * CLIENTS) for one in part]
    seconds = max(end for _, end in times) - min(began for began, _ in times)
    return CLIENTS * SHOPPERS_EACH * CROWD_CLICKS / seconds


FIGURES = {
    "click_processor": "processor time per click, ms",
    "click_latency": "median latency of a click, ms",
    "click_sent": "sent per click, kB",
    "redis_processor": "processor time of Redis per click, ms",
    "load_processor": "processor time per page load, ms",
    "load_latency": "median latency of a page load, ms",
}


def ratio(plain: Sequence[Round], ours: Sequence[Round], figure: str) -> float:
    """Return the median over the rounds of ours in parts of the plain shop's."""
    parts: list[float] = [getattr(b, figure) / getattr(a, figure) for a, b in zip(plain, ours, strict=True)]
    return median(parts)


def report(plain: Sequence[Round], ours: Sequence[Round], crowd: float) -> int:
    """Print the figures; return the exit status."""
    rows = []
    for figure, name in FIGURES.items():
        middles = [median(getattr(one, figure) for one in rounds) for rounds in (plain, ours)]
        parts = "" if figure == "redis_processor" else f"{ratio(plain, ours, figure):.2f}"
        rows.append((name, *(f"{middle:.1f}" for middle in middles), parts))
    print_table(f"{ROUNDS} rounds of {CLICKS} clicks, medians", ("", "plain shop", "store", "ratio"), rows)
    spread = [
        (
            str(place),
            *(f"{one:.1f}" for one in (a.click_processor, b.click_processor, a.click_latency, b.click_latency)),
        )
        for place, (a, b) in enumerate(zip(plain, ours, strict=True), 1)
    ]
    heads = ("round", "plain shop, processor ms", "store", "plain shop, latency ms", "store")
    print_table("Each round", heads, spread)
    return judge(
        [
            Target("processor time per click, of the plain shop's", ratio(plain, ours, "click_processor"), 0.25),
            Target("median latency of a click, of the plain shop's", ratio(plain, ours, "click_latency"), 0.40),
            Target("clicks a second, 20 shoppers in one process", crowd, at_least=150),
        ]
    )


def main() -> int:
    """Measure and report."""
    plain: list[Round] = []
    ours: list[Round] = []
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        redis = ending.enter_context(redis_server(folder))
        left = ending.enter_context(plain_shop(folder))
        right = ending.enter_context(store(folder, redis.url))
        for shop, click in ((left, click_in_plain_shop), (right, click_in_store)):
            measure(shop, redis, click)  # not counted: imports, caches
        for _ in range(ROUNDS):
            plain.append(measure(left, redis, click_in_plain_shop))
            ours.append(measure(right, redis, click_in_store))
        crowd = clicks_a_second(right)
    return report(plain, ours, crowd)


if __name__ == "__main__":
    sys.exit(main())
