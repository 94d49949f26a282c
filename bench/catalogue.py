"""Measures the shop page with large catalogues against 24 products; exit status 1 where a target is missed.

Each store is a server of its own, spoken to over the websocket as a browser does, in turns. Every search is for another
word, so that none is answered from the cache.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.report import Target, judge, print_table
from bench.shops import processor_seconds, store
from testbed.servers import Store
from testbed.wire.connection import Run
from testbed.wire.open_page import OpenPage

SIZES = (24, 10_000, 100_000)
ROUNDS = 25
CARDS = 24
CATEGORIES = 12
WORDS = 8_000
LOOKED_FOR = range(WORDS, WORDS + ROUNDS)
UNKNOWN = "unheardof"
HEAD = "sku,name,price,category,description,picture,stock\n"


def word(number: int) -> str:
    """Return a made-up word, another for each number."""
    syllables = ("ka", "lo", "mi", "ne", "pu", "ra", "so", "ti", "vu", "we")
    return "".join(syllables[int(digit)] for digit in f"{number:04}")


def write_catalogue(file: Path, size: int) -> None:
    """Write so many products, with names of three and descriptions of ten words.

    The first 24 are of one category, and they and every hundredth have the words that are looked for, so that every
    act shows a full page of cards in every store.
    """
    chance = random.Random(size)
    texts = [word(number) for number in range(WORDS)]
    with file.open("w", encoding="utf-8") as rows:
        rows.write(HEAD)
        for number in range(size):
            name, text = " ".join(chance.choices(texts, k=3)), " ".join(chance.choices(texts, k=10))
            price, category = chance.randrange(100, 90_000), f"Category {category_of(number)}"
            if number < CARDS or number % 100 == 0:
                text += " " + " ".join(map(word, LOOKED_FOR))
            rows.write(f"P{number},{name},{price},{category},{text},laptop.svg,\n")


def category_of(number: int) -> int:
    """Return the category of a product."""
    return 0 if number < CARDS else number % CATEGORIES


def searches() -> Iterator[str]:
    """Return words to look for, a third of them mistyped, none twice."""
    for place, number in enumerate(LOOKED_FOR):
        text = word(number)
        yield text[:3] + text[4] + text[3] + text[5:] if place % 3 == 0 else text


def processor_ms(shop: Store, act: Callable[[], object]) -> float:
    """Return the processor time of an act on the server, in milliseconds."""
    before = processor_seconds(shop.pid)
    act()
    time.sleep(0.02)  # what the server does after its answer belongs to it
    return (processor_seconds(shop.pid) - before) * 1_000


def memory_mb(shop: Store) -> float:
    """Return the resident memory of a server in MB. Linux only."""
    status = Path(f"/proc/{shop.pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1_000


def measure(shops: dict[int, Store]) -> dict[int, dict[str, float]]:
    """Return the median processor time of each act in each store, the stores taking turns."""
    taken: dict[int, dict[str, list[float]]] = {size: {} for size in shops}
    for text in searches():
        for size, shop in shops.items():
            visit(shop, size, text, taken[size])
    return {size: {name: statistics.median(times) for name, times in acts.items()} for size, acts in taken.items()}


def visit(shop: Store, size: int, text: str, taken: dict[str, list[float]]) -> None:
    """Open the shop, choose a category, sort, look for a word, and for two of which no product has both.

    What each takes is noted.
    """
    pages: list[OpenPage] = []
    first = processor_ms(shop, lambda: pages.append(OpenPage(shop.url)))
    (page,) = pages
    label = f"Category 0 ({sum(category_of(number) == 0 for number in range(size))})"
    acts: dict[str, Callable[[], Run]] = {
        "category": lambda: page.change("category", string_array_value={"data": [label]}),
        "order": lambda: page.change("sort", string_value="Price, low to high"),
        "search": lambda: page.change("search", string_value=text),
        "nearest": lambda: page.change("search", string_value=f"{text} {UNKNOWN}"),
    }
    with page:
        taken.setdefault("first page", []).append(first)
        for name, act in acts.items():
            taken.setdefault(name, []).append(processor_ms(shop, act))


def slowest_clicks(shop: Store, file: Path) -> tuple[float, float]:
    """Return the slowest click, in milliseconds, while nothing else happens, and while the store reads its file."""
    with OpenPage(shop.url) as page:
        add = next(key for key in page.widgets if key.startswith("add-"))
        quiet = [page.press(add).seconds for _ in range(40)]
        output = shop.output
        file.touch()
        reading: list[float] = []
        give_up = time.monotonic() + 60
        while shop.output == output and time.monotonic() < give_up:
            reading.append(page.press(add).seconds)
            time.sleep(0.02)
    return max(quiet) * 1_000, max(reading) * 1_000


def main() -> int:
    """Measure everything, print the tables, return the exit status."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as serving:
        folder = Path(name)
        shops, files = {}, {}
        for size in SIZES:
            files[size] = folder / f"{size}.csv"
            write_catalogue(files[size], size)
            shops[size] = serving.enter_context(
                store(
                    folder,
                    f"sqlite:///{folder}/{size}.db",
                    KEEPCART_CATALOGUE__FILE=str(files[size]),
                    KEEPCART_CART__MAX_QUANTITY="100000",
                )
            )
        taken = measure(shops)
        memory = {size: memory_mb(shop) for size, shop in shops.items()}
        quiet, reading = slowest_clicks(shops[SIZES[-1]], files[SIZES[-1]])
    rows = [(f"{size:,}", *(f"{ms:.1f}" for ms in taken[size].values()), f"{memory[size]:.0f}") for size in SIZES]
    print_table("Processor time of a run, ms", ("products", *taken[SIZES[0]], "memory, MB"), rows)
    targets = [
        Target(f"{name}, {size:,} products, of 24", taken[size][name] / taken[SIZES[0]][name], at_most=1.3)
        for size in SIZES[1:]
        for name in taken[size]
    ]
    slower = Target("slowest click while 100,000 rows are read, ms more", reading - quiet, at_most=250)
    return judge([*targets, slower])


if __name__ == "__main__":
    sys.exit(main())
