"""What a shopper can do to the lines of a cart, and of what lies beside it.

A change is one act as data. Applying it returns a new cart, or raises `Refused` and changes nothing. It checks the
limits on the cart that it is applied to, whatever other tabs did to that cart before. What is done to setups as wholes
is in `setups.py`, and what takes an act back in `undo.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from app.domain.cart import CART, LATER, Cart, Limits, Line, Moved, Place, Resized, Taken, line_of, priced
from app.domain.catalogue import Product
from app.domain.lines import check_piece_count, check_stock, joined, resized, without
from app.domain.setups import still_there, within_bounds


class Change(Protocol):
    """One act of a shopper on a cart, as data."""

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Return the cart after the act.

        Raises:
            Refused: the act would break a limit; the message says which, to the shopper.
        """


@dataclass(frozen=True, slots=True)
class Add:
    """Add `quantity` pieces of a product to what a place holds, up to the stock if that is counted."""

    sku: str
    quantity: int
    price: int
    stock: int | None = None
    place: Place = CART

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Add to the product's line, or append a line."""
        check_piece_count(self.quantity)
        lines = still_there(cart, self.place)
        line = line_of(lines, self.sku)
        check_stock(self.quantity + (line.quantity if line else 0), self.stock)
        added = joined(lines, Line(self.sku, self.quantity, self.price), limits, self.place)
        return within_bounds(cart, cart.having(self.place, added), limits)


@dataclass(frozen=True, slots=True)
class SetQuantity:
    """Set the quantity of a line. If the line is gone meanwhile, nothing happens."""

    sku: str
    quantity: int
    stock: int | None = None
    place: Place = CART

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Set the quantity. Fewer pieces than before are always allowed."""
        check_piece_count(self.quantity)
        lines = cart.at(self.place) or ()
        line = line_of(lines, self.sku)
        if line is None or line.quantity == self.quantity:
            return cart
        if self.quantity > line.quantity:
            check_stock(self.quantity, self.stock)
        after = cart.having(self.place, resized(lines, self.sku, self.quantity, limits, self.place))
        return after.remembering(Resized(self.sku, line.quantity, self.quantity, self.place))


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a product's line out of a place. If it is gone already, nothing happens."""

    sku: str
    place: Place = CART

    def apply(self, cart: Cart, limits: Limits) -> Cart:  # noqa: ARG002 - removing is always allowed
        """Drop the line."""
        lines = cart.at(self.place) or ()
        return _take(cart, [line for line in lines if line.sku == self.sku], self.place)


@dataclass(frozen=True, slots=True)
class Clear:
    """Empty the cart."""

    def apply(self, cart: Cart, limits: Limits) -> Cart:  # noqa: ARG002 - clearing is always allowed
        """Drop every line."""
        return _take(cart, cart.lines, CART)


@dataclass(frozen=True, slots=True)
class Move:
    """Move a product's line from one place to another, with all its pieces. If it is gone already, nothing happens.

    Its pieces join those that are there. The stock is not asked: what was moved is still wanted, and what the cart
    then has too many of is trimmed and told (`TrimToStock`).
    """

    sku: str
    origin: Place
    target: Place

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Take the line out of the one place and put it into the other."""
        lines = cart.at(self.origin) or ()
        line = line_of(lines, self.sku)
        if line is None or self.origin == self.target:
            return cart
        moved = cart.having(self.origin, without(lines, self.sku))
        moved = moved.having(self.target, joined(still_there(moved, self.target), line, limits, self.target))
        moved = moved.remembering(Moved(lines.index(line), line, self.origin, self.target))
        return within_bounds(cart, moved, limits)


@dataclass(frozen=True, slots=True)
class TrimToStock:
    """Reduce a line of the cart to the stock. It keeps at least one piece: at a stock of 0 nothing happens."""

    sku: str
    stock: int

    def apply(self, cart: Cart, limits: Limits) -> Cart:  # noqa: ARG002 - fewer pieces are always allowed
        """Lower the quantity and remember what it was."""

        def trim(line: Line) -> Line:
            if line.sku != self.sku or not 1 <= self.stock < line.quantity:
                return line
            return replace(line, quantity=self.stock, wanted=max(line.wanted, line.quantity))

        return replace(cart, lines=tuple(trim(line) for line in cart.lines))


def trims(cart: Cart, products: Mapping[str, Product]) -> list[TrimToStock]:
    """Return what reduces the lines that are larger than today's stock."""
    return [
        TrimToStock(line.line.sku, line.product.stock)
        for line in priced(cart.lines, products)
        if line.product and line.product.stock and line.line.quantity > line.product.stock
    ]


@dataclass(frozen=True, slots=True)
class TakeNote:
    """Note that the shopper has read the news about the cart and about what is saved for later.

    Attributes:
        prices: what the news said each product costs, by SKU, in minor units; None for a product that is gone.
    """

    prices: Mapping[str, int | None]

    def apply(self, cart: Cart, limits: Limits) -> Cart:  # noqa: ARG002 - reading is always allowed
        """Remember what the shopper was told."""

        def take_note(line: Line) -> Line:
            return replace(line, price_told=self.prices[line.sku], wanted=0) if line.sku in self.prices else line

        for place in (CART, LATER):
            cart = cart.having(place, tuple(take_note(line) for line in cart.at(place) or ()))
        return cart


def _take(cart: Cart, lines: Iterable[Line], place: Place) -> Cart:
    before = cart.at(place) or ()
    taken = [(before.index(line), line) for line in lines]
    if not taken:
        return cart
    gone = {line.sku for _, line in taken}
    rest = tuple(line for line in before if line.sku not in gone)
    return cart.having(place, rest).remembering(Taken(tuple(taken), place))
