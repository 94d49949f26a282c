"""The stock that pages show: that of the catalogue, and of the ledger where a product has one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Final

from app.domain.finding import Finder
from app.orders import ledger
from app.orders.database import Database
from app.orders.errors import OrdersAway

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 1.0
"""How long it takes from one look into the ledger to the next; a copy is never older than twice that."""


class StockOnPages:
    """A copy of the ledger's stock, which a thread renews. While the database is away the last copy stays."""

    def __init__(self, database: Database) -> None:
        """Begin with what the catalogue says, until the first look (`begin`)."""
        self._database = database
        self._left: Mapping[str, int] = {}
        self._of: tuple[Finder, Mapping[str, int], Finder] | None = None
        self._lock = threading.Lock()
        self._again = threading.Event()
        self._thread = threading.Thread(target=self._look, name="stock", daemon=True)

    def begin(self) -> None:
        """Look from now on. The first look also brings the database up to date; to begin twice is a no-op."""
        with self._lock:
            if self._thread.ident is None:
                self._thread.start()

    def look_again(self) -> None:
        """Look now: an order was placed or cancelled here."""
        self._again.set()

    def finder(self, today: Finder) -> Finder:
        """Return today's catalogue with the stock of the ledger."""
        if self._thread.ident is None:
            self.begin()
        known = self._of
        if known is None or known[0] is not today or known[1] is not self._left:
            known = self._make(today)
        return known[2]

    def _make(self, today: Finder) -> tuple[Finder, Mapping[str, int], Finder]:
        with self._lock:
            known = self._of
            if known is None or known[0] is not today or known[1] is not self._left:
                known = self._of = (today, self._left, today.with_stock(self._left))
            return known

    def renew(self) -> None:
        """Look into the ledger, in this thread."""
        try:
            left = ledger.levels(self._database)
        except OrdersAway:
            return
        if left != self._left:
            self._left = left
            if self._of is not None:  # made here, where no page waits for it
                self._make(self._of[0])

    def _look(self) -> None:
        while True:
            self._again.clear()
            try:
                self.renew()
            except Exception:
                log.exception("stock: looking into the ledger failed")
            self._again.wait(LOOK_SECONDS)
