"""The catalogue: the products of the shop, in the shopkeeper's order."""

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
        picture: a path in the pictures folder, or an https address.
        stock: pieces left; None if the shopkeeper does not count them.
        compare_at: the old price in minor units, above today's; None if there is none.
        variant_of: a name that all choices of one page share; empty if the page has no choices.
        option: what tells this choice from the others, such as "Small / Red".
        option_name: what the choices of the page are about, such as "Size / Colour".
        further_pictures: of the product's page, after `picture`.
    """

    sku: str
    name: str
    price: int
    category: str
    description: str
    picture: str
    stock: int | None = None
    compare_at: int | None = None
    variant_of: str = ""
    option: str = ""
    option_name: str = ""
    further_pictures: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """The name with the option, for places that do not show the option otherwise."""
        return f"{self.name}, {self.option}" if self.option else self.name

    @property
    def pictures(self) -> tuple[str, ...]:
        """All pictures of the product, the one that cards and carts show first."""
        return (self.picture, *self.further_pictures)

    @property
    def has_picture_elsewhere(self) -> bool:
        """Whether the first picture is on another host, and not a file of the shop."""
        return is_elsewhere(self.picture)

    @property
    def picture_files(self) -> tuple[str, ...]:
        """Those of the pictures that are files of the shop."""
        return tuple(picture for picture in self.pictures if not is_elsewhere(picture))


def is_elsewhere(picture: str) -> bool:
    """Tell whether a picture is on another host, and not a file of the shop."""
    return picture.startswith("https://")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every product, found by SKU, by category or by page in constant time.

    Attributes:
        by_category: the pages of each category.
        groups: the choices of one page, in order, by the name they share.
        products: all products.
        pages: one product for each page: the first of its choices, or the only one.
    """

    by_sku: Mapping[str, Product]
    by_category: Mapping[str, tuple[Product, ...]]
    groups: Mapping[str, tuple[Product, ...]] = field(repr=False)
    products: tuple[Product, ...] = field(repr=False)
    pages: tuple[Product, ...] = field(repr=False)

    @classmethod
    def of(cls, products: Iterable[Product]) -> Catalogue:
        """Arrange products in their order. Categories come in the order of their first product."""
        everything = tuple(products)
        groups: dict[str, list[Product]] = {}
        by_category: dict[str, list[Product]] = {}
        pages = []
        for product in everything:
            if product.variant_of:
                group = groups.setdefault(product.variant_of, [])
                group.append(product)
                if len(group) > 1:
                    continue
            pages.append(product)
            by_category.setdefault(product.category, []).append(product)
        return cls(
            by_sku=MappingProxyType({product.sku: product for product in everything}),
            by_category=MappingProxyType({name: tuple(group) for name, group in by_category.items()}),
            groups=MappingProxyType({name: tuple(group) for name, group in groups.items()}),
            products=everything,
            pages=tuple(pages),
        )

    def variants(self, product: Product) -> tuple[Product, ...]:
        """Return the choices of a product's page in order; the product alone if there are no others."""
        return self.groups.get(product.variant_of, (product,))

    def companions(self, product: Product, most: int = 4) -> Sequence[Product]:
        """Return products that go well with one: from every other category, the one at the same position."""
        place = self.by_category[product.category].index(self.variants(product)[0])
        others = [group[place % len(group)] for name, group in self.by_category.items() if name != product.category]
        return others[:most]
