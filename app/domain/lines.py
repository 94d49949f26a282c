"""What an act does to the lines of one place, within the limits. Pure: each returns new lines, or raises `Refused`."""

from __future__ import annotations

from dataclasses import replace

from app.domain.cart import CART, LATER, Limits, Line, Lines, Place, line_of
from keepcart.documents import Refused


def joined(lines: Lines, line: Line, limits: Limits, place: Place, position: int | None = None) -> Lines:
    """Return lines with the pieces of one more.

    They join those of the same product that are there. Else the line gets the position, or the end.

    Raises:
        Refused: that would be too many pieces of a product, or too many lines.
    """
    present = line_of(lines, line.sku)
    if present is not None:
        return resized(lines, line.sku, present.quantity + line.quantity, limits, place)
    check_quantity(line.quantity, limits, place)
    check_room(lines, limits, place)
    position = len(lines) if position is None else position
    return (*lines[:position], line, *lines[position:])


def resized(lines: Lines, sku: str, quantity: int, limits: Limits, place: Place) -> Lines:
    """Return lines with another quantity of a product. Fewer pieces than before are always allowed.

    Raises:
        Refused: these are too many.
    """

    def resize(line: Line) -> Line:
        if line.sku != sku:
            return line
        if quantity > line.quantity:
            check_quantity(quantity, limits, place)
        return replace(line, quantity=quantity, wanted=0)

    return tuple(resize(line) for line in lines)


def without(lines: Lines, sku: str) -> Lines:
    """Return the lines of all other products."""
    return tuple(line for line in lines if line.sku != sku)


def check_piece_count(quantity: int) -> None:
    """Raise Refused for less than one piece."""
    if quantity < 1:
        raise Refused("A line holds at least 1 piece; use Remove to take it out of the cart.")


def check_stock(quantity: int, stock: int | None) -> None:
    """Raise Refused for more pieces than there are."""
    if stock is not None and quantity > stock:
        if stock == 0:
            raise Refused("This is sold out.")
        raise Refused(f"There {'is' if stock == 1 else 'are'} only {stock} left.")


def check_quantity(quantity: int, limits: Limits, place: Place) -> None:
    """Raise Refused for more pieces of a product than the limit."""
    if quantity > limits.max_quantity:
        fit = "fits" if limits.max_quantity == 1 else "fit"
        where = {CART: "in one cart", LATER: "into what is saved for later"}.get(place, "in one setup")
        raise Refused(f"At most {limits.max_quantity} of a product {fit} {where}.")


def check_room(lines: Lines, limits: Limits, place: Place) -> None:
    """Raise Refused where there is no room for one more line."""
    if len(lines) >= limits.max_lines:
        products = "product" if limits.max_lines == 1 else "products"
        what = {CART: "A cart holds", LATER: "Saved for later are"}.get(place, "A setup holds")
        raise Refused(f"{what} at most {limits.max_lines} different {products}.")
