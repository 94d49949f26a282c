"""News about a cart: what differs from what the shopper was last told.

News is computed from the cart and today's catalogue, so it disappears by itself when it is no longer true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.cart import Cart, Line, priced
from app.domain.catalogue import Product
from app.domain.changes import TakeNote


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A price went up or down. `told` is the old one, in minor units."""

    product: Product
    told: int


@dataclass(frozen=True, slots=True)
class NoLongerSold:
    """A product left the catalogue. It is in the cart, or else saved for later."""

    sku: str
    is_in_cart: bool = True


@dataclass(frozen=True, slots=True)
class CutDown:
    """The stock is smaller than the quantity wanted, and the line was reduced to it."""

    product: Product
    wanted: int
    quantity: int


News = NewPrice | NoLongerSold | CutDown


def news(cart: Cart, products: Mapping[str, Product]) -> list[News]:
    """Return the news that the shopper has not read, in the order of the lines: first the cart's."""
    found: list[News] = []
    for line in priced((*cart.lines, *_only_later(cart)), products):
        told, product = line.line.price_told, line.product
        if product is None:
            if told is not None:
                found.append(NoLongerSold(line.line.sku, is_in_cart=cart.line(line.line.sku) is not None))
            continue
        if told is not None and told != product.price:
            found.append(NewPrice(product, told))
        if product.stock is not None and product.stock < line.line.wanted:
            found.append(CutDown(product, line.line.wanted, line.line.quantity))
    return found


def take_note(cart: Cart, products: Mapping[str, Product]) -> TakeNote:
    """Return the change that notes that the shopper has read all news."""
    lines = priced((*cart.lines, *_only_later(cart)), products)
    return TakeNote({line.line.sku: line.product.price if line.product else None for line in lines})


def _only_later(cart: Cart) -> list[Line]:
    """Return what is saved for later of products that the cart lacks: news of one product is told once."""
    return [replace(line, wanted=0) for line in cart.later if cart.line(line.sku) is None]
