"""Shoppers who add without end, many clicks a second, and know at each click what their page must show.

They speak to the real store as browsers do, with no browser (`testbed/wire/open_page.py`): hundreds of acts in seconds.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from statistics import median
from zlib import crc32

from keepcart.backends import Storage
from keepcart.middleware import visitor_key
from testbed.servers import Store
from testbed.waiting import until
from testbed.wire.connection import Run
from testbed.wire.open_page import OpenPage

PRODUCTS = ("LAPTOP", "MOUSE", "KEYBOARD", "MONITOR", "HEADPHONES", "MAT-DESK", "STAND-LAPTOP")
PAUSE_SECONDS = 0.1
PATIENCE_SECONDS = 60
ERRORS = ("Traceback", "Something went wrong on our side")


class Clicker:
    """One shopper with one open page.

    Attributes:
        added: pieces by SKU, every click that was answered.
        saved: how many of those clicks the shopper knows to be saved.
        unsaved: how many answers said that something is not saved yet.
        seconds: how long each answer took.
        unanswered: what was clicked as the store died, or None: nobody knows whether it counts.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._page = OpenPage(store.url)
        self._random = random.Random(crc32(self.owner.encode()))
        self.added: Counter[str] = Counter()
        self.saved = 0
        self.unsaved = 0
        self.seconds: list[float] = []
        self.unanswered: str | None = None
        self._check(self._page.first_run)

    @property
    def owner(self) -> str:
        """Under which name storage has the cart."""
        return visitor_key(self._page.cookies["keepcart"])

    @property
    def clicks(self) -> int:
        """How many were answered."""
        return self.added.total()

    def click(self) -> None:
        """Add one piece of something, and look at the page that comes."""
        sku = self._random.choice(PRODUCTS)
        self.unanswered = sku
        run = self._page.press(f"add-{sku}")
        self.unanswered = None
        self.added[sku] += 1
        self.seconds.append(run.seconds)
        self._check(run)

    def reload(self) -> None:
        """Load the page again; a click that was not answered counts from now on, or never."""
        self.leave()
        self._page = OpenPage(self._store.url, self._page.cookies)
        if self.unanswered and not self._shows(self._page.first_run, self.clicks):
            self.added[self.unanswered] += 1
        self.unanswered = None
        self._check(self._page.first_run)

    def leave(self) -> None:
        """Close the tab."""
        with suppress(OSError):
            self._page.__exit__(None, None, None)

    def _check(self, run: Run) -> None:
        """No error, no blank page, nobody else's cart: at any moment exactly what this shopper has added."""
        kinds = {message.delta.new_element.WhichOneof("type") for message in run.messages}
        assert "exception" not in kinds
        assert not any(run.says(words) for words in ERRORS)
        assert self._shows(run, self.clicks), f"no Cart ({self.clicks})"
        if run.says("Not saved yet"):
            self.unsaved += 1
        elif not run.says("Your cart can't be saved"):
            self.saved = self.clicks

    @staticmethod
    def _shows(run: Run, count: int) -> bool:
        return run.says(f"Cart ({count})")


class Crowd:
    """Shoppers in one store, each in a thread, from `begin` to `end`."""

    def __init__(self, store: Store, size: int) -> None:
        self.shoppers = [Clicker(store) for _ in range(size)]
        self._over = threading.Event()
        self._failures: list[BaseException] = []
        self._threads: list[threading.Thread] = []

    @property
    def acts(self) -> int:
        """How many clicks were answered."""
        return sum(shopper.clicks for shopper in self.shoppers)

    @property
    def unsaved(self) -> int:
        """How many answers said that something is not saved yet."""
        return sum(shopper.unsaved for shopper in self.shoppers)

    @property
    def waiting(self) -> int:
        """How many clicks the pages have said to be not saved yet, and not to be saved since."""
        return sum(shopper.clicks - shopper.saved for shopper in self.shoppers)

    def in_figures(self) -> str:
        """Return what happened, for docs/reliability.md; to be said of a crowd that lost nothing."""
        seconds = sorted(seconds for shopper in self.shoppers for seconds in shopper.seconds)
        return (
            f"{self.acts} adds, {self.unsaved} shown as not saved yet, 0 lost, 0 doubled; "
            f"an answer took {median(seconds) * 1e3:.0f} ms, at most {seconds[-1] * 1e3:.0f} ms"
        )

    def begin(self) -> None:
        """Let everybody click."""
        self._over.clear()
        self._threads = [threading.Thread(target=self._click, args=(shopper,)) for shopper in self.shoppers]
        for thread in self._threads:
            thread.start()

    def go_on(self, clicks: int) -> None:
        """Return once everybody has clicked so many more times."""
        goals = [shopper.clicks + clicks for shopper in self.shoppers]
        until(
            lambda: (
                bool(self._failures)
                or all(shopper.clicks >= goal for shopper, goal in zip(self.shoppers, goals, strict=True))
            ),
            PATIENCE_SECONDS,
        )
        self._raise()

    def end(self) -> None:
        """Return once everybody's last click was answered, or can't be any more."""
        self._stop()
        self._raise()

    def lost_and_doubled(self, storage: Storage) -> tuple[int, int]:
        """Return how many answered clicks are missing in storage, and how many pieces are there too many."""
        lost = doubled = 0
        for shopper in self.shoppers:
            stored = pieces(storage, shopper.owner)
            lost += (shopper.added - stored).total()
            doubled += (stored - shopper.added).total()
        return lost, doubled

    def wait_until_saved_again(self) -> float:
        """Return how long it takes until everybody's page has said once that everything is saved."""
        clicks = [shopper.clicks for shopper in self.shoppers]
        return until(
            lambda: all(shopper.saved > before for shopper, before in zip(self.shoppers, clicks, strict=True)), 15
        )

    def reload(self) -> None:
        """Load every page again."""
        for shopper in self.shoppers:
            shopper.reload()

    def leave(self) -> None:
        """Close every tab."""
        self._stop()
        for shopper in self.shoppers:
            shopper.leave()

    def _click(self, shopper: Clicker) -> None:
        try:
            while not self._over.is_set():
                shopper.click()
                time.sleep(PAUSE_SECONDS * (0.5 + random.random()))
        except OSError:
            return  # the store has died
        except BaseException as failure:  # noqa: BLE001 - whatever it is, the test must fail with it
            self._failures.append(failure)

    def _stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _raise(self) -> None:
        if self._failures:
            raise self._failures[0]


@contextmanager
def crowd_in(store: Store, size: int) -> Iterator[Crowd]:
    """Give a crowd that clicks; afterwards all have left."""
    crowd = Crowd(store, size)
    crowd.begin()
    try:
        yield crowd
        crowd.end()
    finally:
        crowd.leave()


def pieces(storage: Storage, owner: str) -> Counter[str]:
    """Return what is stored for a visitor: SKU and quantity begin each line of a cart, in every schema."""
    record = storage.load(owner, "cart")
    lines = json.loads(record.body)[1] if record else ()
    return Counter({sku: quantity for sku, quantity, *_ in lines})
