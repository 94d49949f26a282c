"""The orders of a shop, as this process takes them: the database, and what keeps two tabs of one shopper apart."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.domain.told import Whom
from app.orders.database import Database
from app.orders.stock_on_pages import StockOnPages

LOCKS: Final = 256
"""Few enough to be there always, and so many that strangers hardly ever wait for each other."""


@dataclass(frozen=True, slots=True)
class Orders:
    """The orders' database, the stock that pages show, and who gets mails.

    Attributes:
        tells: nobody where the shop sends no mail.
        post: says that there is a mail.
    """

    database: Database
    stock: StockOnPages
    tells: tuple[Whom, ...] = ()
    post: Callable[[], None] = field(default=lambda: None)
    _locks: Sequence[threading.Lock] = field(default_factory=lambda: [threading.Lock() for _ in range(LOCKS)])

    def changed(self) -> None:
        """Look at the stock and at the mails now: an order was placed or cancelled here."""
        self.stock.look_again()
        self.post()

    def alone(self, visitor: str) -> threading.Lock:
        """Return the lock under which a tab of a visitor places an order, or asks what became of one.

        Nothing depends on it: of two processes one may give up the attempt that the other is just placing, who then
        asks the shopper to place it again. Within a process there is no need to.
        """
        return self._locks[hash(visitor) % LOCKS]
