"""News about a cart: what differs from what the shopper was last told.

News is computed from the cart and today's catalogue, so it disappears by itself when it is no longer true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.cart import Cart, priced
from app.domain.catalogue import Product
from app.domain.changes import TakeNote


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A price went up or down. `told` is the old one, in minor units."""

    product: Product
    told: int


@dataclass(frozen=True, slots=True)
class NoLongerSold:
    """A product left the catalogue."""

    sku: str


@dataclass(frozen=True, slots=True)
class CutDown:
    """The stock is smaller than the quantity wanted, and the line was reduced to it."""

    product: Product
    wanted: int
    quantity: int


News = NewPrice | NoLongerSold | CutDown


def news(cart: Cart, products: Mapping[str, Product]) -> list[News]:
    """Return the news that the shopper has not read, in the order of the lines."""
    found: list[News] = []
    for line in priced(cart, products):
        told, product = line.line.price_told, line.product
        if product is None:
            if told is not None:
                found.append(NoLongerSold(line.line.sku))
            continue
        if told is not None and told != product.price:
            found.append(NewPrice(product, told))
        if product.stock is not None and product.stock < line.line.wanted:
            found.append(CutDown(product, line.line.wanted, line.line.quantity))
    return found


def take_note(cart: Cart, products: Mapping[str, Product]) -> TakeNote:
    """Return the change that notes that the shopper has read all news."""
    return TakeNote({line.line.sku: line.product.price if line.product else None for line in priced(cart, products)})
