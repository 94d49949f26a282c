"""Measures what setups cost: bytes of a visitor who has some, an add on the shop page beside them, and their pages.

The store over a real Redis. An add is measured in turns by two visitors, one with four setups of eight lines and one
without, whose carts are alike.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import redis

from bench.report import print_table
from bench.shops import processor_seconds, store
from testbed.servers import Store, redis_server
from testbed.wire.open_page import OpenPage

ROUNDS = 150
RERUNS = 60
SETUPS = 4
LINES = 8
DEARER = 1.05
"""The most that an add may cost beside setups, of one without."""


def skus_of(page: OpenPage) -> Sequence[str]:
    """Return products that can be added."""
    return [sku for sku in page.shown.keys("add-") if not page.shown.widget(f"add-{sku}").disabled][:LINES]


def fill(page: OpenPage, setups: int) -> None:
    """Fill the cart, and keep it under so many names."""
    for sku in skus_of(page):
        page.press(f"add-{sku}")
    page.follow("setups")
    for number in range(setups):
        page.change("kept-setup-name", string_value=f"Setup number {number + 1}")
        page.press("keep-cart")
    page.change("kept-setup-name", string_value="")
    page.follow("")


def add(shop: Store, page: OpenPage) -> float:
    """Return the processor time of an add, in milliseconds."""
    before = processor_seconds(shop.pid)
    page.press("add-MOUSE")
    time.sleep(0.01)
    return (processor_seconds(shop.pid) - before) * 1_000


def rerun(shop: Store, page: OpenPage, path: str) -> float:
    """Return the processor time of one more run of a page, in milliseconds, the median."""
    page.follow(path)
    found = []
    for _ in range(RERUNS):
        before = processor_seconds(shop.pid)
        page.rerun()
        time.sleep(0.01)
        found.append((processor_seconds(shop.pid) - before) * 1_000)
    return statistics.median(found)


def main() -> int:
    """Measure, print the tables, and return 1 if the target is missed."""
    with (
        tempfile.TemporaryDirectory() as name,
        redis_server(Path(name) / "redis") as server,
        store(Path(name), server.url) as shop,
        OpenPage(shop.url) as without,
        OpenPage(shop.url) as having,
    ):
        fill(without, 0)
        fill(having, SETUPS)
        with redis.Redis(port=server.port) as client:
            sizes = sorted(int(client.strlen(key)) for key in client.scan_iter("keepcart:*:cart"))
        adds = [(add(shop, without), add(shop, having)) for _ in range(ROUNDS)]
        medians = [statistics.median(column) for column in zip(*adds, strict=True)]
        pages = {
            "cart, 8 lines": rerun(shop, having, "cart"),
            "setups": rerun(shop, having, "setups"),
            "a setup of 8 lines": rerun(shop, having, f"setups?of={made(having)}"),
            "compare, 4 of 8 lines": rerun(shop, having, "compare"),
        }
    ratio = medians[1] / medians[0]
    print_table(
        "Stored, and an add on the shop page",
        ("", "without", f"{SETUPS} setups of {LINES} lines", "ratio"),
        [
            ("the document, bytes", str(sizes[0]), str(sizes[-1]), f"{sizes[-1] / sizes[0]:.1f}"),
            ("processor time of an add, ms", *(f"{one:.1f}" for one in medians), f"{ratio:.2f}"),
        ],
    )
    cart = pages["cart, 8 lines"]
    rows = [(title, f"{one:.1f}", f"{one / cart:.2f}") for title, one in pages.items()]
    print_table("One more run of a page, processor time", ("", "ms", "of the cart's"), rows)
    return int(ratio > DEARER)


def made(page: OpenPage) -> str:
    """Return the id of a setup."""
    page.follow("setups")
    return page.shown.keys("use-")[0]


if __name__ == "__main__":
    sys.exit(main())
