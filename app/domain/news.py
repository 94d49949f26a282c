"""What a shopper should know about a cart: what differs from what they were told last.

News is worked out of the cart and today's catalogue, so it goes by itself once it no longer holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.cart import Cart, TakeNote, priced
from app.domain.catalogue import Product


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A price went up or down; minor units."""

    product: Product
    told: int


@dataclass(frozen=True, slots=True)
class NoLongerSold:
    """A product left the catalogue."""

    sku: str


@dataclass(frozen=True, slots=True)
class CutDown:
    """There are fewer pieces than were wanted, and the line was cut down to them."""

    product: Product
    wanted: int
    quantity: int


News = NewPrice | NoLongerSold | CutDown


def news(cart: Cart, products: Mapping[str, Product]) -> list[News]:
    """Return what the shopper was not told yet, in the order of the lines."""
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
    """Return the change that says that the shopper has read all news."""
    return TakeNote({line.line.sku: line.product.price if line.product else None for line in priced(cart, products)})
