"""The orders of a shop, as this process takes them: the database, and what keeps two tabs of one shopper apart."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.orders.database import Database
from app.orders.stock_on_pages import StockOnPages


@dataclass(frozen=True, slots=True)
class Orders:
    """The orders' database, and the stock that pages show."""

    database: Database
    stock: StockOnPages
    _busy: dict[str, threading.Lock] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def alone(self, visitor: str) -> Iterator[None]:
        """Let one tab of a visitor at a time place an order, or ask what became of one.

        Nothing depends on it: of two processes one may give up the attempt that the other is just placing, who then
        asks the shopper to place it again. Within a process there is no need to.
        """
        with self._guard:
            lock = self._busy.setdefault(visitor, threading.Lock())
        with lock:
            yield
        with self._guard:
            if not lock.locked():
                self._busy.pop(visitor, None)
