"""What is told of an order by mail, and whom."""

from __future__ import annotations

from enum import Enum

from app.domain.order import State


class Whom(Enum):
    """Who is told. The value is its name in the outbox."""

    SHOPPER = "shopper"
    KEEPER = "keeper"


class News(Enum):
    """What is told: a state that an order has reached, or something that its buyer declared."""

    PLACED = "placed"
    PAID = "paid"
    SENT = "sent"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    WITHDRAWN = "withdrawn"

    @classmethod
    def of(cls, state: State) -> News:
        """Return the news that an order has reached a state."""
        return cls(state.value)
