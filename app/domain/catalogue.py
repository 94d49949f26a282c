"""The catalogue: what the shop sells, in the shopkeeper's order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

SKU = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Product:
    """One thing the shop sells.

    Attributes:
        price: in minor units.
        picture: a path inside the pictures folder.
        stock: pieces left; None where the shopkeeper does not count them.
    """

    sku: str
    name: str
    price: int
    category: str
    description: str
    picture: str
    stock: int | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every product, found by SKU or by category in constant time."""

    by_sku: Mapping[str, Product]
    by_category: Mapping[str, Sequence[Product]]
    products: Sequence[Product] = field(repr=False)

    @classmethod
    def of(cls, products: Iterable[Product]) -> Catalogue:
        """Arrange products; their order is kept, categories come in the order of their first product."""
        everything = tuple(products)
        by_category: dict[str, list[Product]] = {}
        for product in everything:
            by_category.setdefault(product.category, []).append(product)
        return cls(
            by_sku=MappingProxyType({product.sku: product for product in everything}),
            by_category=MappingProxyType({name: tuple(group) for name, group in by_category.items()}),
            products=everything,
        )

    def companions(self, product: Product, most: int = 4) -> Sequence[Product]:
        """Return products that go well with one: of each other category the one at the same place in it, as it were."""
        place = self.by_category[product.category].index(product)
        others = [group[place % len(group)] for name, group in self.by_category.items() if name != product.category]
        return others[:most]

    def in_category(self, category: str | None) -> Sequence[Product]:
        """Return the products of a category, or all where it is None or unknown."""
        return self.products if category is None else self.by_category.get(category, self.products)
