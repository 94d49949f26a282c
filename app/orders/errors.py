"""What can go wrong with the orders' database, whichever it is."""

from __future__ import annotations


class OrdersAway(Exception):
    """The database does not answer. What was asked for may have happened: ask again, by the attempt."""


class NotPlaced(Exception):
    """An order was not placed, and never will be under this attempt."""


class SoldOut(Exception):
    """There are fewer pieces of a product than were ordered. Nothing was taken.

    Attributes:
        sku: the product's.
        left: how many there are.
    """

    def __init__(self, sku: str, left: int) -> None:
        super().__init__(f"{sku}: {left} left")
        self.sku, self.left = sku, left


class NotAllowed(Exception):
    """An order's state does not allow what was asked for. The message says why."""
