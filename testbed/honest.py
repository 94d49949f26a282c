"""An honest shopper who shops while a store is attacked, in a process of her own, so that no attack slows her down.

with honest_shopper(store.url) as shopper:
    …
shopper.clicks, shopper.slowest, shopper.lost
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from statistics import median

from testbed import ROOT
from testbed.wire.shopper import WireShopper

PAUSE_SECONDS = 0.05
PRODUCTS = ("LAPTOP", "MOUSE", "KEYBOARD", "MONITOR", "HEADPHONES")
FEWEST = 10
"""Clicks, also where an attack is over at once."""

MOST = 40
"""Pieces in her cart before she empties it: the shop allows 99 of one product."""


@dataclass(slots=True)
class Shopped:
    """What she did and saw.

    Attributes:
        clicks: how often she added something, or emptied her cart.
        lost: how many of her clicks the page, or a reload at the end, did not show.
        slowest: seconds, from a click to the end of its run.
        usual: the median of the same.
    """

    clicks: int = 0
    lost: int = 0
    slowest: float = 0.0
    usual: float = 0.0


@contextmanager
def honest_shopper(url: str) -> Iterator[Shopped]:
    """Let her shop from now until the block ends; what she did is told then."""
    command = [sys.executable, "-m", "testbed.honest", url]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    shopped = Shopped()
    try:
        assert process.stdout.readline() == "shopping\n", "she could not open the shop"
        yield shopped
        process.stdin.close()
        told = json.loads(process.stdout.read() or "{}")
        assert process.wait(30) == 0
        for name, value in told.items():
            setattr(shopped, name, value)
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def shop(url: str, leave: threading.Event) -> Shopped:
    """Add one piece after another, each looked for on the page, until it is time to leave; then look once more."""
    shopper = WireShopper(url).open()
    print("shopping", flush=True)
    shopped, taken, wanted = Shopped(), [0.0], 0
    while not leave.wait(PAUSE_SECONDS) or shopped.clicks < FEWEST:
        started = time.perf_counter()
        if wanted == MOST:
            shopper.go_to_cart().clear()
            wanted = 0
            shopper.follow("")
        else:
            shopper.add(PRODUCTS[shopped.clicks % len(PRODUCTS)])
            wanted += 1
        taken.append(time.perf_counter() - started)
        shopped.clicks += 1
        shown = shopper.count()
        shopped.lost += abs(shown - wanted)
        wanted = shown
    shopped.lost += abs(shopper.reload().count() - wanted)
    shopper.close()
    shopped.slowest, shopped.usual = max(taken), median(taken)
    return shopped


def _main(url: str) -> None:
    leave = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.read()
        leave.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    print(json.dumps(asdict(shop(url, leave))))


if __name__ == "__main__":
    _main(*sys.argv[1:])
