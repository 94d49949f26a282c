"""What a click costs while Redis is away, against the same store with Redis there. Server side, no browser.

    .venv/bin/python -m bench.outage

A click is `Add to Cart` on a page of 24 cards. Each round is a new visitor who clicks while Redis is there, while it
hangs (SIGSTOP) and while it is gone (kill -9). The first click of an outage is stated by itself: it may meet the one
timeout by which the process learns of it.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from bench.report import Target, judge, print_table
from bench.shops import store
from testbed.servers import RedisServer, Store, redis_server
from testbed.wire.open_page import OpenPage

ROUNDS = 7
CLICKS = 20
PAUSE_SECONDS = (0.05, 0.1)
PRODUCTS = ("LAPTOP", "MOUSE", "KEYBOARD", "MONITOR", "HEADPHONES")
PATIENCE_SECONDS = 10
AT_MOST_MORE_MS = 50


class Figures:
    """Latencies in milliseconds: of each outage's first click, and of the clicks after it."""

    def __init__(self) -> None:
        self.first: list[float] = []
        self.later: list[float] = []

    def row(self, name: str) -> tuple[str, ...]:
        """Return a line of the table."""
        figures = (median(self.first), max(self.first), median(self.later), sorted(self.later)[-len(self.later) // 20])
        return (name, *(f"{figure:.1f}" for figure in (*figures, max(self.later))))


class Visitor:
    """Clicks with a shopper's pauses, and checks that each click is seen at once."""

    def __init__(self, shop: Store) -> None:
        self.page = OpenPage(shop.url)
        self._clicks = 0
        self._pauses = random.Random(1)

    def click(self, figures: Figures, *, is_saved: bool) -> None:
        """Add a piece so many times and once more."""
        for number in range(CLICKS + 1):
            run = self.page.press(f"add-{PRODUCTS[self._clicks % len(PRODUCTS)]}")
            self._clicks += 1
            assert run.says(f"Cart ({self._clicks})")
            assert run.says("Not saved yet") != is_saved
            (figures.later if number else figures.first).append(run.seconds * 1e3)
            time.sleep(self._pauses.uniform(*PAUSE_SECONDS))


@contextmanager
def away(shop: Store, leave: Callable[[], None], come_back: Callable[[], None]) -> Iterator[None]:
    """Let Redis be away, and return once the store takes changes again."""
    leave()
    yield
    come_back()
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not is_ready(shop):
        assert time.monotonic() < give_up
        time.sleep(0.05)


def is_ready(shop: Store) -> bool:
    """Tell whether the store's storage answers."""
    try:
        with urllib.request.urlopen(f"{shop.url}/readyz", timeout=5):  # noqa: S310 - our own http URL
            return True
    except urllib.error.HTTPError as refused:
        refused.close()
        return False


def measure(shop: Store, redis: RedisServer, there: Figures, hanging: Figures, gone: Figures) -> None:
    """Let one visitor click through all three states of Redis."""
    visitor = Visitor(shop)
    with visitor.page:
        visitor.click(there, is_saved=True)
        with away(shop, redis.suspend, redis.resume):
            visitor.click(hanging, is_saved=False)
        with away(shop, redis.kill, redis.start):
            visitor.click(gone, is_saved=False)


def report(there: Figures, hanging: Figures, gone: Figures) -> int:
    """Print the figures; return the exit status."""
    heads = ("latency of a click, ms", "first", "slowest first", "later, median", "95 of 100", "slowest")
    rows = [there.row("Redis there"), hanging.row("Redis hangs"), gone.row("Redis gone")]
    print_table(f"{ROUNDS} rounds of {CLICKS} clicks after the first", heads, rows)
    before = median(there.later)
    return judge(
        [
            Target("a click while Redis hangs, ms more than before", median(hanging.later) - before, AT_MOST_MORE_MS),
            Target("a click while Redis is gone, ms more than before", median(gone.later) - before, AT_MOST_MORE_MS),
        ]
    )


def main() -> int:
    """Measure and report."""
    there, hanging, gone = Figures(), Figures(), Figures()
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        redis = ending.enter_context(redis_server(folder, appendonly=True))
        shop = ending.enter_context(store(folder, redis.url))
        measure(shop, redis, Figures(), Figures(), Figures())  # not counted: imports, caches
        for _ in range(ROUNDS):
            measure(shop, redis, there, hanging, gone)
    return report(there, hanging, gone)


if __name__ == "__main__":
    sys.exit(main())
