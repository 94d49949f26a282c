"""The cart: lines of products, and the changes a shopper can make to it.

A cart and its lines are frozen. A change is one shopper's act as data; applying it gives a new cart or raises
`Refused` and leaves everything as it was. Limits are enforced on the cart the change meets, whoever changed it before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from app.domain.catalogue import Product
from app.domain.document import Refused


@dataclass(frozen=True, slots=True)
class Line:
    """A product in the cart. `price_when_added` is in minor units, for telling later that it changed."""

    sku: str
    quantity: int
    price_when_added: int


@dataclass(frozen=True, slots=True)
class Cart:
    """Lines in the order in which their products were first added, one a product."""

    lines: tuple[Line, ...] = ()

    def line(self, sku: str) -> Line | None:
        """Return the line of a product, or None."""
        return next((line for line in self.lines if line.sku == sku), None)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a cart may hold: pieces of one product, and lines."""

    max_quantity: int
    max_lines: int


class Change(Protocol):
    """One shopper's act on a cart, as data."""

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Return the cart after the act.

        Raises:
            Refused: the act would break a limit; says why.
        """


@dataclass(frozen=True, slots=True)
class Add:
    """Put `quantity` pieces of a product in the cart, on top of what is there."""

    sku: str
    quantity: int
    price: int

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Add to the product's line, or append one."""
        _check_piece_count(self.quantity)
        line = cart.line(self.sku)
        if line is not None:
            return _with_quantity(cart, self.sku, line.quantity + self.quantity, limits)
        _check_limit(self.quantity, limits)
        if len(cart.lines) >= limits.max_lines:
            raise Refused(f"A cart holds at most {limits.max_lines} different products.")
        return Cart((*cart.lines, Line(self.sku, self.quantity, self.price)))


@dataclass(frozen=True, slots=True)
class SetQuantity:
    """Make a line hold exactly `quantity` pieces. Where the line is gone meanwhile, nothing happens."""

    sku: str
    quantity: int

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Set the line's quantity. Fewer pieces than before are always allowed."""
        _check_piece_count(self.quantity)
        return _with_quantity(cart, self.sku, self.quantity, limits)


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a product's line out of the cart. Where it is gone already, nothing happens."""

    sku: str

    def apply(self, cart: Cart, limits: Limits) -> Cart:  # noqa: ARG002 - removing is always allowed
        """Drop the line."""
        return Cart(tuple(line for line in cart.lines if line.sku != self.sku))


@dataclass(frozen=True, slots=True)
class Clear:
    """Empty the cart."""

    def apply(self, cart: Cart, limits: Limits) -> Cart:  # noqa: ARG002 - clearing is always allowed
        """Drop every line."""
        return Cart()


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line beside its product of today; None where the product left the catalogue."""

    line: Line
    product: Product | None

    @property
    def total(self) -> int:
        """Today's price times quantity in minor units; 0 where the product is gone."""
        return self.product.price * self.line.quantity if self.product else 0


def priced(cart: Cart, products: Mapping[str, Product]) -> tuple[PricedLine, ...]:
    """Return each line with its product of today, in order."""
    return tuple(PricedLine(line, products.get(line.sku)) for line in cart.lines)


def total(cart: Cart, products: Mapping[str, Product]) -> int:
    """Return the sum in minor units at today's prices, without products that left the catalogue."""
    return sum(line.total for line in priced(cart, products))


def count(cart: Cart, products: Mapping[str, Product]) -> int:
    """Return the number of pieces, without products that left the catalogue."""
    return sum(line.quantity for line in cart.lines if line.sku in products)


def _with_quantity(cart: Cart, sku: str, quantity: int, limits: Limits) -> Cart:
    lines = []
    for line in cart.lines:
        if line.sku == sku:
            if quantity > line.quantity:
                _check_limit(quantity, limits)
            lines.append(replace(line, quantity=quantity))
        else:
            lines.append(line)
    return Cart(tuple(lines))


def _check_piece_count(quantity: int) -> None:
    if quantity < 1:
        raise Refused("A line holds at least 1 piece; use Remove to take it out of the cart.")


def _check_limit(quantity: int, limits: Limits) -> None:
    if quantity > limits.max_quantity:
        raise Refused(f"At most {limits.max_quantity} of a product fit in one cart.")
