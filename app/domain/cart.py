"""The cart, and what lies beside it: saved for later, and setups. Everything here is frozen.

All of it is one document, so that what moves from one place to another is never lost and never twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias
from zlib import crc32

from app.domain.catalogue import Product

LONGEST_TRAIL: Final = 5
"""The most acts that a trail keeps."""

MOST_SETUPS: Final = 12
SETUPS_AS_CARTS: Final = 3
"""All setups together hold at most the lines of so many full carts: the document is written whole at each act."""

Place: TypeAlias = str
"""Where a line is: CART, LATER or the id of a setup."""

CART: Final[Place] = ""
LATER: Final[Place] = "later"


@dataclass(frozen=True, slots=True)
class Line:
    """A product in the cart, or in another place.

    Attributes:
        price_told: the price in minor units that the shopper was last told, when adding the product or in a notice
            since. None if they were told that the product is no longer sold.
        wanted: the quantity before it was reduced to the stock; 0 if it was not.
    """

    sku: str
    quantity: int
    price_told: int | None
    wanted: int = 0


Lines: TypeAlias = tuple[Line, ...]
"""The lines of one place, one for each product, in the order in which they were first put there."""


@dataclass(frozen=True, slots=True)
class Setup:
    """A combination that the shopper has put together, such as "Standing desk". Its id stays when it is renamed."""

    id: str
    name: str
    lines: Lines = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """An act that took lines out of a place: each line with its position there."""

    lines: tuple[tuple[int, Line], ...]
    place: Place = CART


@dataclass(frozen=True, slots=True)
class Resized:
    """An act that changed the quantity of a line."""

    sku: str
    before: int
    after: int
    place: Place = CART


@dataclass(frozen=True, slots=True)
class Moved:
    """An act that moved a line: from its position in one place to another place."""

    position: int
    line: Line
    origin: Place
    target: Place


@dataclass(frozen=True, slots=True)
class Deleted:
    """An act that deleted a setup: with its position among the others."""

    position: int
    setup: Setup


@dataclass(frozen=True, slots=True)
class Used:
    """An act that made other lines the cart.

    Attributes:
        kept: the setup that has the lines of before; empty if there were none.
        is_made: that setup was made by this act.
        then: the `fingerprint` of the lines that the cart got.
    """

    kept: str
    is_made: bool
    then: int


Act = Taken | Resized | Moved | Deleted | Used
"""What can be undone."""


def is_on_cart(act: Act) -> bool:
    """Tell whether an act was one on lines of the cart, and on nothing beside it."""
    return isinstance(act, Taken | Resized) and act.place == CART


@dataclass(frozen=True, slots=True)
class Placing:
    """A note that an order is being placed with what is in the cart. `attempt` is the order's name until it has one."""

    attempt: str


@dataclass(frozen=True, slots=True)
class Cart:
    """The lines of the cart, the last acts, newest last, and what lies beside the cart.

    Attributes:
        placing: an order that is being placed (`ordering.py`).
        ordered: the newest orders whose pieces were taken out, by their attempts.
    """

    lines: Lines = ()
    trail: tuple[Act, ...] = ()
    later: Lines = ()
    setups: tuple[Setup, ...] = ()
    placing: Placing | None = None
    ordered: tuple[str, ...] = ()

    def line(self, sku: str) -> Line | None:
        """Return the line of a product in the cart, or None."""
        return line_of(self.lines, sku)

    def setup(self, setup_id: str) -> Setup | None:
        """Return a setup, or None."""
        return next((setup for setup in self.setups if setup.id == setup_id), None)

    def at(self, place: Place) -> Lines | None:
        """Return the lines of a place; None for a setup that is not there."""
        if place in (CART, LATER):
            return self.lines if place == CART else self.later
        setup = self.setup(place)
        return setup.lines if setup else None

    def having(self, place: Place, lines: Lines) -> Cart:
        """Return the cart with other lines in a place."""
        if place == CART:
            return replace(self, lines=lines)
        if place == LATER:
            return replace(self, later=lines)
        setups = (replace(setup, lines=lines) if setup.id == place else setup for setup in self.setups)
        return replace(self, setups=tuple(setups))

    def remembering(self, act: Act) -> Cart:
        """Return the cart with an act at the end of its trail."""
        return replace(self, trail=(*self.trail, act)[-LONGEST_TRAIL:])


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a cart may hold: pieces of one product, and lines. A setup may hold as much."""

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


def line_of(lines: Iterable[Line], sku: str) -> Line | None:
    """Return the line of a product, or None."""
    return next((line for line in lines if line.sku == sku), None)


def priced(lines: Iterable[Line], products: Mapping[str, Product]) -> tuple[PricedLine, ...]:
    """Return each line with its product as sold today, in order."""
    return tuple(PricedLine(line, products.get(line.sku)) for line in lines)


def total(lines: Iterable[Line], products: Mapping[str, Product]) -> int:
    """Return the sum in minor units at today's prices, without products that left the catalogue."""
    return sum(line.total for line in priced(lines, products))


def contents(lines: Iterable[Line]) -> list[tuple[str, int]]:
    """Return what a shopper sees of lines: SKUs and quantities, in order."""
    return [(line.sku, line.quantity) for line in lines]


def fingerprint(lines: Iterable[Line]) -> int:
    """Return a number of 32 bits that tells lines from what they were: products, and quantities before a trim."""
    return crc32(repr([(line.sku, line.wanted or line.quantity) for line in lines]).encode())


def count(lines: Iterable[Line], products: Mapping[str, Product]) -> int:
    """Return the number of pieces, without products that left the catalogue."""
    return sum(line.quantity for line in lines if line.sku in products)
