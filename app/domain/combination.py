"""A combination in an address: `1.LAPTOP.MOUSE_2`. It holds the products themselves, so nothing has to be stored.

The version of the form, then the SKU of each product, with the number of its pieces behind an underscore where there
are several. Neither a dot nor an underscore is ever in a SKU, or escaped in an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.domain.cart import Limits, Line
from app.domain.catalogue import SKU

VERSION: Final = "1"

_PART: Final = re.compile(rf"({SKU.pattern})(?:_([0-9]{{1,7}}))?")
_LONGEST_PART: Final = 40 + len("._9999999")


class Malformed(ValueError):
    """An address is no combination. The message says why, to the shopper."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product and how many pieces of it."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Combination:
    """What an address holds.

    Attributes:
        wanted: each product once, in the order of the address.
        clipped: SKUs of which the address names more pieces than one cart may hold; `wanted` has as many as it may.
    """

    wanted: tuple[Wanted, ...]
    clipped: tuple[str, ...] = ()


def in_address(lines: Iterable[Line]) -> str:
    """Return lines as an address holds them."""
    return ".".join([VERSION, *(line.sku + (f"_{line.quantity}" if line.quantity > 1 else "") for line in lines)])


def from_address(text: str, limits: Limits) -> Combination:
    """Read a combination, whoever wrote it. Pieces of a product that is named twice are summed up.

    Raises:
        Malformed: it is none, or larger than a cart may be.
    """
    version, _, rest = text[: len(VERSION) + 1 + _LONGEST_PART * (limits.max_lines + 1)].partition(".")
    if version != VERSION:
        known = version.isascii() and version.isdigit() and len(version) < 4
        raise Malformed("This link was made by a newer release of the shop." if known else "This link is not complete.")
    pieces: dict[str, int] = {}
    for part in filter(None, rest.split(".")):
        found = _PART.fullmatch(part)
        if found is None or not int(found[2] or 1):
            raise Malformed("This link is not complete, or something was added to it.")
        pieces[found[1]] = pieces.get(found[1], 0) + int(found[2] or 1)
        if len(pieces) > limits.max_lines:
            raise Malformed(f"This link has more than {limits.max_lines} products, which is more than one cart holds.")
    if not pieces:
        raise Malformed("This link has no products in it.")
    most = limits.max_quantity
    wanted = tuple(Wanted(sku, min(quantity, most)) for sku, quantity in pieces.items())
    return Combination(wanted, tuple(sku for sku, quantity in pieces.items() if quantity > most))
