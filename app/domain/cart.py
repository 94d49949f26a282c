"""The cart: lines of products, and a trail of the last acts for undo. Everything here is frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.catalogue import Product

LONGEST_TRAIL: Final = 5
"""The most acts that a trail keeps."""


@dataclass(frozen=True, slots=True)
class Line:
    """A product in the cart.

    Attributes:
        price_told: the price in minor units that the shopper was last told, when adding the product or in a notice
            since. None if they were told that the product is no longer sold.
        wanted: the quantity before it was reduced to the stock; 0 if it was not.
    """

    sku: str
    quantity: int
    price_told: int | None
    wanted: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """An act that took lines out: each line with its position in the cart."""

    lines: tuple[tuple[int, Line], ...]


@dataclass(frozen=True, slots=True)
class Resized:
    """An act that changed the quantity of a line."""

    sku: str
    before: int
    after: int


Act = Taken | Resized
"""What can be undone."""


@dataclass(frozen=True, slots=True)
class Cart:
    """One line for each product, in the order in which they were first added, and the last acts, newest last."""

    lines: tuple[Line, ...] = ()
    trail: tuple[Act, ...] = ()

    def line(self, sku: str) -> Line | None:
        """Return the line of a product, or None."""
        return next((line for line in self.lines if line.sku == sku), None)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a cart may hold: pieces of one product, and lines."""

    max_quantity: int
    max_lines: int


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its product as sold today; None if the product left the catalogue."""

    line: Line
    product: Product | None

    @property
    def total(self) -> int:
        """Today's price times quantity in minor units; 0 if the product is gone."""
        return self.product.price * self.line.quantity if self.product else 0


def priced(cart: Cart, products: Mapping[str, Product]) -> tuple[PricedLine, ...]:
    """Return each line with its product as sold today, in order."""
    return tuple(PricedLine(line, products.get(line.sku)) for line in cart.lines)


def total(cart: Cart, products: Mapping[str, Product]) -> int:
    """Return the sum in minor units at today's prices, without products that left the catalogue."""
    return sum(line.total for line in priced(cart, products))


def contents(cart: Cart) -> list[tuple[str, int]]:
    """Return what a shopper sees of a cart: SKUs and quantities, in order."""
    return [(line.sku, line.quantity) for line in cart.lines]


def count(cart: Cart, products: Mapping[str, Product]) -> int:
    """Return the number of pieces, without products that left the catalogue."""
    return sum(line.quantity for line in cart.lines if line.sku in products)
