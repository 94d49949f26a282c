"""Notices that the shopkeeper has edited something, while the shop runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

WATCH_SECONDS = 1.0


def watch(name: str, signature: Callable[[], Any], changed: Callable[[], None], *, seen: Any) -> None:
    """Call a function after each edit, as soon as nothing has been edited for a second, in a thread of its own.

    Args:
        name: of the thread.
        signature: returns what differs after an edit.
        changed: what is called.
        seen: the signature of what was read before.
    """

    def look() -> None:
        nonlocal seen
        pause = threading.Event()
        before = seen
        while not pause.wait(WATCH_SECONDS):
            now = signature()
            if now == before and now != seen:
                seen = now
                changed()
            before = now

    threading.Thread(target=look, name=name, daemon=True).start()
