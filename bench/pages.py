"""Measures what one more run of each page costs: processor time of the server, and bytes on the wire.

The store alone, with a cart of four lines in SQLite; a run with nothing changed, as every click causes.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from bench.report import print_table
from bench.shops import processor_seconds, store
from testbed.servers import Store
from testbed.wire.open_page import OpenPage

RUNS = 60
FILLED = ("LAPTOP", "MOUSE", "KEYBOARD", "MONITOR")
PAGES = {
    "shop, 24 cards": "",
    "shop, 3 cards found": "?q=monitor",
    "shop, nothing found": "?q=zzzz",
    "product": "product?sku=LAPTOP",
    "cart, 4 lines": "cart",
}


def measure(shop: Store, page: OpenPage) -> tuple[str, str, str]:
    """Return processor time and time of a run in milliseconds, and the kilobytes that it sent, medians."""
    processor, latency, sent = [], [], []
    for _ in range(RUNS):
        before = processor_seconds(shop.pid)
        run = page.rerun()
        time.sleep(0.02)  # what the server does after its answer belongs to it
        processor.append((processor_seconds(shop.pid) - before) * 1_000)
        latency.append(run.seconds * 1_000)
        sent.append(run.sent / 1_000)
    median = statistics.median
    return f"{median(processor):.1f}", f"{median(latency):.1f}", f"{median(sent):.1f}"


def main() -> None:
    """Measure every page and print the table."""
    rows = []
    with tempfile.TemporaryDirectory() as name, store(Path(name), f"sqlite:///{name}/keepcart.db") as shop:
        with OpenPage(shop.url) as page:
            for sku in FILLED:
                page.press(f"add-{sku}")
            cookies = page.cookies
        for title, path in PAGES.items():
            with OpenPage(shop.url, cookies, path) as page:
                rows.append((title, *measure(shop, page)))
    print_table(f"A run of a page, medians of {RUNS}", ("", "processor, ms", "time, ms", "sent, kB"), rows)


if __name__ == "__main__":
    main()
