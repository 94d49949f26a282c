"""Waits for what comes by itself."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(true: Callable[[], bool], seconds: float = 5.0) -> float:
    """Wait until something comes true, and fail where that takes too long; return how long it took."""
    started = time.monotonic()
    while not true():
        assert time.monotonic() - started < seconds, "it does not come true"
        time.sleep(0.02)
    return time.monotonic() - started
