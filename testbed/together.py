"""Runs an act in many threads at once, for tests and benchmarks."""

from __future__ import annotations

import threading
from collections.abc import Callable


def run_together(threads: int, act: Callable[[], object]) -> None:
    """Run an act in so many threads that begin at once; raise the first exception, once all have ended."""
    barrier = threading.Barrier(threads)
    failures: list[BaseException] = []

    def run() -> None:
        barrier.wait()
        try:
            act()
        except BaseException as failure:  # noqa: BLE001 - whatever it is, the caller must fail with it
            failures.append(failure)

    started = [threading.Thread(target=run) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    if failures:
        raise failures[0]
