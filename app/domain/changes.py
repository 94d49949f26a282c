"""What a shopper can do to a cart.

A change is one act as data. Applying it returns a new cart, or raises `Refused` and changes nothing. It checks the
limits on the cart that it is applied to, whatever other tabs did to that cart before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from app.domain.cart import LONGEST_TRAIL, Act, Cart, Limits, Line, Resized, Taken, priced
from app.domain.catalogue import Product
from keepcart.documents import Refused


class Change(Protocol):
    """One act of a shopper on a cart, as data."""

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Return the cart after the act.

        Raises:
            Refused: the act would break a limit; the message says which, to the shopper.
        """


@dataclass(frozen=True, slots=True)
class Add:
    """Add `quantity` pieces of a product to what the cart holds, up to the stock if that is counted."""

    sku: str
    quantity: int
    price: int
    stock: int | None = None

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Add to the product's line, or append a line."""
        _check_piece_count(self.quantity)
        line = cart.line(self.sku)
        _check_stock(self.quantity + (line.quantity if line else 0), self.stock)
        if line is not None:
            return _with_quantity(cart, self.sku, line.quantity + self.quantity, limits)
        _check_quantity(self.quantity, limits)
        _check_room(cart, limits)
        return replace(cart, lines=(*cart.lines, Line(self.sku, self.quantity, self.price)))


@dataclass(frozen=True, slots=True)
class SetQuantity:
    """Set the quantity of a line. If the line is gone meanwhile, nothing happens."""

    sku: str
    quantity: int
    stock: int | None = None

    def apply(self, cart: Cart, limits: Limits) -> Cart:
        """Set the quantity. Fewer pieces than before are always allowed."""
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
    """Take a product's line out of the cart. If it is gone already, nothing happens."""

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
    """Undo an act of the trail. If another tab has undone it already, nothing happens.

    What others did since stays. A line that was taken out is added to a line of the same product that is there now, and
    a quantity moves back by the difference that the act made.
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
        return _size_back(rest, self.act, limits)


@dataclass(frozen=True, slots=True)
class TrimToStock:
    """Reduce a line to the stock. A line keeps at least one piece: at a stock of 0 nothing happens."""

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
        for line in priced(cart, products)
        if line.product and line.product.stock and line.line.quantity > line.product.stock
    ]


@dataclass(frozen=True, slots=True)
class TakeNote:
    """Note that the shopper has read the news.

    Attributes:
        prices: what the news said each product costs, by SKU, in minor units; None for a product that is gone.
    """

    prices: Mapping[str, int | None]

    def apply(self, cart: Cart, limits: Limits) -> Cart:  # noqa: ARG002 - reading is always allowed
        """Remember what the shopper was told."""

        def take_note(line: Line) -> Line:
            return replace(line, price_told=self.prices[line.sku], wanted=0) if line.sku in self.prices else line

        return replace(cart, lines=tuple(take_note(line) for line in cart.lines))


def _with_quantity(cart: Cart, sku: str, quantity: int, limits: Limits) -> Cart:
    lines = []
    for line in cart.lines:
        if line.sku == sku:
            if quantity > line.quantity:
                _check_quantity(quantity, limits)
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
        else:
            _check_room(cart, limits)
            cart = replace(cart, lines=(*cart.lines[:position], line, *cart.lines[position:]))
    return cart


def _size_back(cart: Cart, act: Resized, limits: Limits) -> Cart:
    line = cart.line(act.sku)
    if line is None:
        return cart
    most = max(limits.max_quantity, line.quantity)
    return _with_quantity(cart, act.sku, min(max(line.quantity + act.before - act.after, 1), most), limits)


def _remember(cart: Cart, act: Act) -> Cart:
    return replace(cart, trail=(*cart.trail, act)[-LONGEST_TRAIL:])


def _check_piece_count(quantity: int) -> None:
    if quantity < 1:
        raise Refused("A line holds at least 1 piece; use Remove to take it out of the cart.")


def _check_stock(quantity: int, stock: int | None) -> None:
    if stock is not None and quantity > stock:
        if stock == 0:
            raise Refused("This is sold out.")
        raise Refused(f"There {'is' if stock == 1 else 'are'} only {stock} left.")


def _check_quantity(quantity: int, limits: Limits) -> None:
    if quantity > limits.max_quantity:
        fit = "fits" if limits.max_quantity == 1 else "fit"
        raise Refused(f"At most {limits.max_quantity} of a product {fit} in one cart.")


def _check_room(cart: Cart, limits: Limits) -> None:
    if len(cart.lines) >= limits.max_lines:
        products = "product" if limits.max_lines == 1 else "products"
        raise Refused(f"A cart holds at most {limits.max_lines} different {products}.")
