"""Finds products by words (typing mistakes are forgiven), category and price, in an order. Fast for 100,000 products.

The index of a catalogue is made once. It knows the products of each distinct word, so a search compares words and not
products; even a large catalogue has few distinct words. Filters and orders are operations on whole arrays.

A search finds pages. Products that are choices of one page count once: as the first of them, with the words of all and
the lowest price.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.domain.catalogue import Catalogue, Product
from app.domain.letters import letters

Places: TypeAlias = NDArray[np.int32]
"""Positions of products in the catalogue."""

_IN_NAME, _IN_CATEGORY, _IN_OPTION, _IN_DESCRIPTION = 4.0, 2.0, 2.0, 1.0
_WHOLE, _BEGUN, _MISTYPED = 1.0, 0.6, 0.4
_CACHED = 64
"""Answers cached, each at most 4 bytes a product. Shoppers search for the same things, and every run asks again."""

BANDS: Final = 4
"""The most price bands of a catalogue."""


class Order(Enum):
    """How products are sorted. The value is what the page's address says."""

    FEATURED = "featured"
    PRICE_UP = "price"
    PRICE_DOWN = "-price"
    NAME = "name"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Band:
    """Prices from `low` (included) to `high` (excluded; None means no upper limit), in minor units."""

    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a shopper looks for."""

    text: str = ""
    category: str | None = None
    band: Band | None = None
    order: Order = Order.FEATURED


@dataclass(frozen=True)
class Found:
    """What was found.

    Attributes:
        by_category: the number of products in each category that has any, as if no category were wished for.
        by_band: the number in each price band, as if no band were wished for.
    """

    by_category: Mapping[str, int]
    by_band: Mapping[Band, int]
    _products: Sequence[Product] = field(repr=False)
    _places: Places = field(repr=False)

    def __len__(self) -> int:
        """Return the number of products found."""
        return len(self._places)

    def __getitem__(self, part: slice) -> list[Product]:
        """Return a part of them, in order."""
        return [self._products[place] for place in self._places[part]]


def words(text: str) -> Iterator[str]:
    """Return the words of a text without case, accents and punctuation, as they are compared."""
    return (match.group() for match in re.finditer(r"\w+", "".join(letters(text)).casefold()))


class Finder:
    """The search index of one catalogue.

    Attributes:
        catalogue: the catalogue.
        bands: the price bands that shoppers can choose from.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        """Index a catalogue. Takes about 3 seconds for 100,000 products (bench/catalogue.py)."""
        self.catalogue = catalogue
        self._products = catalogue.pages
        self._categories = list(catalogue.by_category)
        number = {name: position for position, name in enumerate(self._categories)}
        self._category = np.array([number[product.category] for product in self._products], np.int32)
        self._price = np.array([self._lowest_price(product) for product in self._products], np.int64)
        self._index_words()
        by_name = sorted(range(len(self._products)), key=lambda place: self._products[place].name.casefold())
        featured = np.arange(len(self._products), dtype=np.int32)
        self._orders = {
            Order.FEATURED: featured,
            Order.PRICE_UP: np.argsort(self._price, kind="stable").astype(np.int32),
            Order.PRICE_DOWN: np.argsort(-self._price, kind="stable").astype(np.int32),
            Order.NAME: np.array(by_name, np.int32),
            Order.NEWEST: featured[::-1],
        }
        self.bands = _bands(self._price)
        self.find = lru_cache(_CACHED)(self._find)
        """Return what a wish finds; cached."""

    def _index_words(self) -> None:
        weights: dict[str, dict[int, float]] = {}
        for place, product in enumerate(self._products):
            fields = [
                (product.description, _IN_DESCRIPTION),
                (product.category, _IN_CATEGORY),
                (product.name, _IN_NAME),
            ]
            if product.variant_of:
                fields[:1] = self._words_of_choices(product)
            for text, weight in fields:  # the largest weight last: it replaces the others
                for word in words(text):
                    weights.setdefault(word, {})[place] = weight
        self._words = sorted(weights)
        self._postings = [
            (np.fromiter(found, np.int32, len(found)), np.fromiter(found.values(), np.float32, len(found)))
            for found in (weights[word] for word in self._words)
        ]

    def _lowest_price(self, product: Product) -> int:
        if not product.variant_of:
            return product.price
        return min(choice.price for choice in self.catalogue.variants(product))

    def _words_of_choices(self, product: Product) -> list[tuple[str, float]]:
        choices = self.catalogue.variants(product)
        descriptions = [(text, _IN_DESCRIPTION) for text in {choice.description for choice in choices}]
        return [*descriptions, *((choice.option, _IN_OPTION) for choice in choices)]

    def _find(self, wish: Wish) -> Found:
        scores = self._scores(wish.text)
        matches = np.ones(len(self._products), bool) if scores is None else scores > 0
        of_category = np.ones_like(matches)
        if wish.category in self._categories:
            of_category = self._category == self._categories.index(wish.category)
        in_band = np.ones_like(matches) if wish.band is None else self._in(wish.band)
        found = matches & of_category & in_band
        if scores is not None and wish.order is Order.FEATURED:
            places = np.flatnonzero(found).astype(np.int32)
            places = places[np.argsort(-scores[places], kind="stable")]
        else:
            order = self._orders[wish.order]
            places = order[found[order]]
        counts = np.bincount(self._category[matches & in_band], minlength=len(self._categories))
        chosen = matches & of_category
        return Found(
            {name: int(count) for name, count in zip(self._categories, counts, strict=True) if count},
            {band: int(np.count_nonzero(chosen & self._in(band))) for band in self.bands},
            self._products,
            places,
        )

    def _in(self, band: Band) -> NDArray[np.bool_]:
        above: NDArray[np.bool_] = self._price >= band.low
        return above if band.high is None else above & (self._price < band.high)

    def _scores(self, text: str) -> NDArray[np.float32] | None:
        """Return how well each product fits, 0 if a word is missing; None if the text has no words."""
        total: NDArray[np.float32] | None = None
        for word in words(text):
            scores = np.zeros(len(self._products), np.float32)
            for position, quality in self._alike(word):
                places, weights = self._postings[position]
                scores[places] = np.maximum(scores[places], weights * np.float32(quality))
            total = scores if total is None else np.where((total > 0) & (scores > 0), total + scores, 0)
        return total

    def _alike(self, word: str) -> list[tuple[int, float]]:
        """Return the positions of the words that a shopper may mean, each with a quality from 0 to 1.

        A word that is in the index, or begins one that is, counts as typed correctly. Any other word may have mistakes:
        none in up to 3 letters, one in 4 to 7, two in more.
        """
        begins = bisect_left(self._words, word)
        ends = bisect_left(self._words, word + "\U0010ffff", begins)
        if begins < ends:
            return [(place, _WHOLE if self._words[place] == word else _BEGUN) for place in range(begins, ends)]
        mistakes = (len(word) >= 4) + (len(word) >= 8)
        if not mistakes:
            return []
        return self._within(word, self._words, mistakes) or self._within(
            word, [known[: len(word)] for known in self._words], mistakes
        )

    @staticmethod
    def _within(word: str, known: Sequence[str], mistakes: int) -> list[tuple[int, float]]:
        alike: Any = process.extract(word, known, scorer=OSA.distance, score_cutoff=mistakes, limit=None)
        return [(place, _MISTYPED / max(distance, 1)) for _, distance, place in alike]


def _bands(prices: NDArray[np.int64]) -> tuple[Band, ...]:
    """Divide prices into bands with round limits and about equally many products."""
    if not len(prices):
        return ()
    quantiles = np.quantile(prices, np.linspace(0, 1, BANDS + 1)[1:-1])
    limits = sorted({_rounded(int(limit)) for limit in quantiles} - {0})
    edges = [0, *(limit for limit in limits if prices.min() < limit <= prices.max())]
    return tuple(Band(low, high) for low, high in zip(edges, [*edges[1:], None], strict=True))


def _rounded(amount: int) -> int:
    """Round an amount to one significant digit or a half of it: 1, 1.5, 2, 2.5 and so on."""
    if amount <= 0:
        return 0
    step = int("1".ljust(len(str(amount)), "0"))
    return max(round(2 * amount / step), 1) * step // 2
