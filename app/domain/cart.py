"""The cart: lines of products, the trail of the last acts, and the changes a shopper can make to it.

A cart and its lines are frozen. A change is one shopper's act as data; applying it gives a new cart or raises
`Refused` and leaves everything as it was. Limits are enforced on the cart the change meets, whoever changed it before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from app.domain.catalogue import Product
from keepcart.documents import Refused

LONGEST_TRAIL: Final = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A product in the cart.

    Attributes:
        price_told: the price in minor units that the shopper was told last: when adding it, or in a notice since. None
            where they were told that the product is no longer sold.
        wanted: the quantity before it was cut down to the stock; 0 where it was not.
    """

    sku: str
    quantity: int
    price_told: int | None
    wanted: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """An act that took lines out. Each stands beside its position."""

    lines: tuple[tuple[int, Line], ...]


@dataclass(frozen=True, slots=True)
class Resized:
    """An act that changed a line's quantity."""

    sku: str
    before: int
    after: int


Act = Taken | Resized
"""What can be undone."""


@dataclass(frozen=True, slots=True)
class Cart:
    """Lines in the order in which their products were first added, one a product; and the last acts, newest last."""

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


class Change(Protocol):
    """One shopper's act on a cart, as data."""

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Return the cart after the act.

        Raises:
            Refused: the act would break a limit; says why.
        """


@dataclass(frozen=True, slots=True)
class Add:
    """Put `quantity` pieces of a product in the cart, on top of what is there, up to the stock if that is counted."""

    sku: str
    quantity: int
    price: int
    stock: int | None = None

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Add to the product's line, or append one."""
        _check_piece_count(self.quantity)
        line = cart.line(self.sku)
        _check_stock(self.quantity + (line.quantity if line else 0), self.stock)
        if line is not None:
            return _with_quantity(cart, self.sku, line.quantity + self.quantity, limits)
        _check_limit(self.quantity, limits)
        if len(cart.lines) >= limits.max_lines:
            raise Refused(f"A cart holds at most {limits.max_lines} different products.")
        return replace(cart, lines=(*cart.lines, Line(self.sku, self.quantity, self.price)))


@dataclass(frozen=True, slots=True)
class SetQuantity:
    """Make a line hold exactly `quantity` pieces. Where the line is gone meanwhile, nothing happens."""

    sku: str
    quantity: int
    stock: int | None = None

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Set the line's quantity. Fewer pieces than before are always allowed."""
        _check_piece_count(self.quantity)
        line = cart.line(self.sku)
        if line is None or line.quantity == self.quantity:
            return cart
        if self.quantity > line.quantity:
            _check_stock(self.quantity, self.stock)
        resized = _with_quantity(cart, self.sku, self.quantity, limits)
        return _remember(resized, Resized(self.sku, line.quantity, self.quantity))


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a product's line out of the cart. Where it is gone already, nothing happens."""

    sku: str

    def apply(self, cart: Cart, limits: Limits) -> Cart:  # noqa: ARG002 - removing is always allowed
        """Drop the line."""
        return _take(cart, [line for line in cart.lines if line.sku == self.sku])


@dataclass(frozen=True, slots=True)
class Clear:
    """Empty the cart."""

    def apply(self, cart: Cart, limits: Limits) -> Cart:  # noqa: ARG002 - clearing is always allowed
        """Drop every line."""
        return _take(cart, cart.lines)


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back an act of the trail. Where another tab has taken it back already, nothing happens.

    What others did since stays: a product that is in the cart again gets the pieces of the line that was taken out on
    top, and a quantity moves by as much as the act had moved it.
    """

    act: Act

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Reverse the act and drop it from the trail."""
        if self.act not in cart.trail:
            return cart
        newest = len(cart.trail) - 1 - cart.trail[::-1].index(self.act)
        rest = replace(cart, trail=cart.trail[:newest] + cart.trail[newest + 1 :])
        if isinstance(self.act, Taken):
            return _put_back(rest, self.act, limits)
        line = cart.line(self.act.sku)
        if line is None:
            return rest
        most = max(limits.max_quantity, line.quantity)
        quantity = min(max(line.quantity + self.act.before - self.act.after, 1), most)
        return _with_quantity(rest, self.act.sku, quantity, limits)


@dataclass(frozen=True, slots=True)
class TrimToStock:
    """Cut a line down to the pieces that there are, at least one."""

    sku: str
    stock: int

    def apply(self, cart: Cart, limits: Limits) -> Cart:  # noqa: ARG002 - fewer pieces are always allowed
        """Lower the quantity, remembering what it was."""

        def trim(line: Line) -> Line:
            if line.sku != self.sku or not 1 <= self.stock < line.quantity:
                return line
            return replace(line, quantity=self.stock, wanted=max(line.wanted, line.quantity))

        return replace(cart, lines=tuple(trim(line) for line in cart.lines))


@dataclass(frozen=True, slots=True)
class TakeNote:
    """The shopper has read what changed. `prices` holds the price of each product then, None for one that was gone."""

    prices: Mapping[str, int | None]

    def apply(self, cart: Cart, limits: Limits) -> Cart:  # noqa: ARG002 - knowing is always allowed
        """Remember what the shopper was told."""

        def take_note(line: Line) -> Line:
            return replace(line, price_told=self.prices[line.sku], wanted=0) if line.sku in self.prices else line

        return replace(cart, lines=tuple(take_note(line) for line in cart.lines))


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


def contents(cart: Cart) -> list[tuple[str, int]]:
    """Return what a shopper sees of a cart: products and quantities, in order."""
    return [(line.sku, line.quantity) for line in cart.lines]


def count(cart: Cart, products: Mapping[str, Product]) -> int:
    """Return the number of pieces, without products that left the catalogue."""
    return sum(line.quantity for line in cart.lines if line.sku in products)


def _with_quantity(cart: Cart, sku: str, quantity: int, limits: Limits) -> Cart:
    lines = []
    for line in cart.lines:
        if line.sku == sku:
            if quantity > line.quantity:
                _check_limit(quantity, limits)
            lines.append(replace(line, quantity=quantity, wanted=0))
        else:
            lines.append(line)
    return replace(cart, lines=tuple(lines))


def _take(cart: Cart, lines: Sequence[Line]) -> Cart:
    if not lines:
        return cart
    taken = Taken(tuple((cart.lines.index(line), line) for line in lines))
    return _remember(replace(cart, lines=tuple(line for line in cart.lines if line not in lines)), taken)


def _put_back(cart: Cart, act: Taken, limits: Limits) -> Cart:
    for position, line in act.lines:
        present = cart.line(line.sku)
        if present is not None:
            quantity = min(present.quantity + line.quantity, max(limits.max_quantity, present.quantity))
            cart = _with_quantity(cart, line.sku, quantity, limits)
        elif len(cart.lines) >= limits.max_lines:
            raise Refused(f"A cart holds at most {limits.max_lines} different products.")
        else:
            cart = replace(cart, lines=(*cart.lines[:position], line, *cart.lines[position:]))
    return cart


def _remember(cart: Cart, act: Act) -> Cart:
    return replace(cart, trail=(*cart.trail, act)[-LONGEST_TRAIL:])


def _check_piece_count(quantity: int) -> None:
    if quantity < 1:
        raise Refused("A line holds at least 1 piece; use Remove to take it out of the cart.")


def _check_stock(quantity: int, stock: int | None) -> None:
    if stock is not None and quantity > stock:
        raise Refused(f"There are only {stock} left." if stock else "This is sold out.")


def _check_limit(quantity: int, limits: Limits) -> None:
    if quantity > limits.max_quantity:
        raise Refused(f"At most {limits.max_quantity} of a product fit in one cart.")
