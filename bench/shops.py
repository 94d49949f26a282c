"""Starts the two shops that are measured against each other, each a server process of its own."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testbed import ROOT
from testbed.servers import Store, running_store

PLAIN_SHOP = ROOT / "bench" / "plain_shop.py"
STREAMLIT_RUN = ("-m", "streamlit", "run")
HEADLESS = ("--server.headless", "true", "--server.port")


@contextmanager
def plain_shop(folder: Path) -> Iterator[Store]:
    """Run the plain shop as its tutorials do, in an empty folder, without any configuration."""
    home = folder / "plain-shop"
    home.mkdir()
    with running_store(home, {}, (*STREAMLIT_RUN, str(PLAIN_SHOP), *HEADLESS), cwd=home) as shop:
        yield shop


@contextmanager
def store(folder: Path, storage_url: str, **settings: str) -> Iterator[Store]:
    """Run the store as it is run in earnest, with its carts at a storage URL and other settings by their variables."""
    home = Path(tempfile.mkdtemp(prefix="store-", dir=folder))
    with running_store(home, {"KEEPCART_STORAGE__URL": storage_url, **settings}) as shop:
        yield shop


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process has used, all its threads, finished ones too. Linux only.

    The number is the clock that clock_getcpuclockid(3) returns: finer than the ticks of 10 ms in /proc.
    """
    return time.clock_gettime(~pid << 3 | 2)
