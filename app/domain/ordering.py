"""What placing an order does to the cart it is placed from (docs/orders.md, "Exactly once").

The order is in another database, so the cart notes that an order is being placed before it is, and takes the pieces out
afterwards. Whoever finds such a note in a cart can ask the orders what became of it, and finish.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from app.domain.cart import Cart, Limits, Line, Lines, Placing, contents
from keepcart.documents import Refused

MOST_ORDERED: Final = 16
"""Orders whose pieces were taken out that a cart remembers, the newest ones: no repair is that many orders late."""

CHANGED: Final = "What you are ordering has changed. Please look at it once more."


@dataclass(frozen=True, slots=True)
class Begin:
    """Note that an order is being placed. If one is being placed already, that one stays.

    Attributes:
        attempt: the order's, by which it is placed once.
        lines: what is ordered: exactly what the cart has.
    """

    attempt: str
    lines: Lines

    def apply(self, cart: Cart, limits: Limits) -> Cart:  # noqa: ARG002 - what is in the cart may be ordered
        """Make the note.

        Raises:
            Refused: the cart has something else.
        """
        if cart.placing is not None:
            return cart
        if self.attempt in cart.ordered or contents(cart.lines) != contents(self.lines):
            raise Refused(CHANGED)
        return replace(cart, placing=Placing(self.attempt))


@dataclass(frozen=True, slots=True)
class TakeOrdered:
    """Take what was ordered out of the cart, once. What was added meanwhile stays, and nothing goes below zero.

    The cart need not have the note of it: another tab may have dropped it, or the cart is one from a backup.

    Attributes:
        attempt: the order's.
        pieces: SKUs and quantities of the order.
    """

    attempt: str
    pieces: tuple[tuple[str, int], ...]

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Take the pieces out, drop the note, and remember the order."""
        after = GiveUp(self.attempt).apply(cart, limits)
        if self.attempt in cart.ordered:
            return after
        ordered = dict(self.pieces)

        def left(line: Line) -> Line:
            taken = ordered.get(line.sku, 0)
            return replace(line, quantity=line.quantity - taken, wanted=0) if taken else line

        lines = tuple(line for line in map(left, cart.lines) if line.quantity > 0)
        return replace(after, lines=lines, ordered=(*cart.ordered, self.attempt)[-MOST_ORDERED:])


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Drop the note of an order that was not placed, and never will be. Another note stays."""

    attempt: str

    def apply(self, cart: Cart, limits: Limits) -> Cart:  # noqa: ARG002 - the cart stays as it is
        """Drop the note."""
        return replace(cart, placing=None) if cart.placing == Placing(self.attempt) else cart
