"""Combinations side by side: what each has, what differs, where the money goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.cart import Line, Lines, Place, count, line_of, priced, total
from app.domain.catalogue import Product


@dataclass(frozen=True, slots=True)
class Column:
    """A combination that is compared: the cart, or a setup."""

    place: Place
    name: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Row:
    """A product, as sold today or None, and how many pieces of it each column has."""

    sku: str
    product: Product | None
    quantities: tuple[int, ...]

    @property
    def is_same(self) -> bool:
        """Whether all columns have as many pieces."""
        return len(set(self.quantities)) == 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """Columns side by side. Money is in minor units, at today's prices, without products that left the catalogue.

    Attributes:
        columns: as they were given.
        differing, alike: a row for each product, in the order in which the columns have them.
        pieces, totals: of each column.
        dearer: for each column, how much more it costs today than when its lines were put there; less is negative.
        categories: for each category, what each column spends on it, the most expensive category first.
    """

    columns: Sequence[Column]
    differing: Sequence[Row]
    alike: Sequence[Row]
    pieces: Sequence[int]
    totals: Sequence[int]
    dearer: Sequence[int]
    categories: Mapping[str, Sequence[int]]


def compare(columns: Sequence[Column], products: Mapping[str, Product]) -> Comparison:
    """Compare combinations."""
    skus = dict.fromkeys(line.sku for column in columns for line in column.lines)
    rows = [Row(sku, products.get(sku), tuple(_quantity(column.lines, sku) for column in columns)) for sku in skus]
    return Comparison(
        columns,
        [row for row in rows if not row.is_same],
        [row for row in rows if row.is_same],
        [count(column.lines, products) for column in columns],
        [total(column.lines, products) for column in columns],
        [dearer(column.lines, products) for column in columns],
        _categories(columns, products),
    )


def dearer(lines: Lines, products: Mapping[str, Product]) -> int:
    """Return how much more lines cost today than when the shopper was last told, in minor units."""
    return sum(_dearer(line, products.get(line.sku)) for line in lines)


def _dearer(line: Line, product: Product | None) -> int:
    if product is None or line.price_told is None:
        return 0
    return (product.price - line.price_told) * line.quantity


def _quantity(lines: Lines, sku: str) -> int:
    line = line_of(lines, sku)
    return line.quantity if line else 0


def _categories(columns: Sequence[Column], products: Mapping[str, Product]) -> dict[str, list[int]]:
    spent: dict[str, list[int]] = {}
    for number, column in enumerate(columns):
        for line in priced(column.lines, products):
            if line.product:
                spent.setdefault(line.product.category, [0] * len(columns))[number] += line.total
    return dict(sorted(spent.items(), key=lambda one: -sum(one[1])))
