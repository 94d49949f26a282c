"""What visitors have looked at who looked at one product only. It is kept nowhere but in the memory of one process.

Whoever follows one link and leaves, as most bots do, leaves nothing behind in storage.
"""

from __future__ import annotations

import threading
from typing import Final

MOST: Final = 10_000
"""Visitors remembered, about 2 MB. One more, and who looked longest ago is forgotten."""


class FirstLooks:
    """One SKU a visitor. Safe in several threads."""

    def __init__(self) -> None:
        self._skus: dict[str, str] = {}  # by visitor key, the latest last
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many visitors are remembered."""
        return len(self._skus)

    def of(self, visitor: str) -> str | None:
        """Return what a visitor looked at."""
        return self._skus.get(visitor)

    def note(self, visitor: str, sku: str) -> None:
        """Remember what a visitor looks at, in the place of what was remembered before."""
        with self._lock:
            self._skus.pop(visitor, None)
            self._skus[visitor] = sku
            if len(self._skus) > MOST:
                del self._skus[next(iter(self._skus))]

    def forget(self, visitor: str) -> None:
        """Forget what a visitor looked at: it is kept now, or they wish to be forgotten."""
        with self._lock:
            self._skus.pop(visitor, None)
