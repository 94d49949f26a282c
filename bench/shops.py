"""Starts the two shops that are measured against each other, each a server process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from testbed import ROOT
from testbed.servers import free_port

PLAIN_SHOP = ROOT / "bench" / "plain_shop.py"
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop that serves.

    Attributes:
        url: of its first page, without a slash at the end.
        pid: its server process.
        output: the file that it writes its output to.
    """

    name: str
    url: str
    pid: int
    output: Path


@contextmanager
def plain_shop(folder: Path) -> Iterator[Shop]:
    """Run the plain shop as its tutorials do, in an empty folder, without any configuration."""
    port = free_port()
    command = ["-m", "streamlit", "run", str(PLAIN_SHOP), "--server.headless", "true", "--server.port", str(port)]
    empty = folder / "plain-shop"
    empty.mkdir()
    with serving("plain shop", command, port, empty, {"HOME": str(empty)}) as shop:
        yield shop


@contextmanager
def store(folder: Path, storage_url: str, **settings: str) -> Iterator[Shop]:
    """Run the store as it is run in earnest, with its carts at a storage URL and other settings by their variables."""
    port = free_port()
    command = ["-m", "uvicorn", "app.main:app", "--port", str(port)]
    home = Path(tempfile.mkdtemp(prefix="store-", dir=folder))
    settings = {"HOME": str(home), "KEEPCART_STORAGE__URL": storage_url, **settings}
    with serving("store", command, port, ROOT, settings) as shop:
        yield shop


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process has used, all its threads, finished ones too. Linux only.

    The number is the clock that clock_getcpuclockid(3) returns: finer than the ticks of 10 ms in /proc.
    """
    return time.clock_gettime(~pid << 3 | 2)


@contextmanager
def serving(
    name: str, command: Sequence[str], port: int, folder: Path, environment: Mapping[str, str]
) -> Iterator[Shop]:
    """Run a command of this Python that serves at a port, until the caller is done.

    Args:
        environment: besides what is inherited; its HOME is where the output goes.
    """
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("KEEPCART_", "STREAMLIT_"))}
    log = Path(environment["HOME"]) / "output.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env={**inherited, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_serving(process, url, log)
        yield Shop(name, url, process.pid, log)
    finally:
        process.kill()
        process.wait()


def _wait_until_serving(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    give_up = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < give_up:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):  # noqa: S310 - our own http URL
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"a shop does not start:\n{log.read_text(errors='replace')}")
