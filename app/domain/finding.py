"""Finds products by words (typing mistakes are forgiven), category and price, in an order. Fast for 100,000 products.

The index of a catalogue is made once. It knows the products of each distinct word, so a search compares words and not
products; even a large catalogue has few distinct words. Filters and orders are operations on whole arrays.

Products that have all words of a question come first. If these are few, the ones that come nearest follow: those that
answer most of the question. A rare word weighs more than a common one, by the logarithm of how rare it is.

A search finds pages. Products that are choices of one page count once: as the first of them, with the words of all and
the lowest price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.domain.catalogue import Catalogue, Product
from app.domain.words import Alike, Vocabulary, telling, words

Places: TypeAlias = NDArray[np.int32]
"""Positions of products in the catalogue."""

_IN_NAME, _IN_CATEGORY, _IN_OPTION, _IN_DESCRIPTION = 4.0, 2.0, 2.0, 1.0
_FEW = 4
"""A row of cards. Fewer products that have all words of a question are followed by those that come nearest."""

_NEAR = 0.25
"""What a product must answer of the question to come near, as a part of what the nearest does."""

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
        whole: the number that have all words of the question; these come first.
        misspelt: the words of the question that no product has, but some has one like it.
    """

    by_category: Mapping[str, int]
    by_band: Mapping[Band, int]
    whole: int
    misspelt: tuple[str, ...]
    _products: Sequence[Product] = field(repr=False)
    _places: Places = field(repr=False)

    def __len__(self) -> int:
        """Return the number of products found."""
        return len(self._places)

    def __getitem__(self, part: slice) -> list[Product]:
        """Return a part of them, in order."""
        return [self._products[place] for place in self._places[part]]


@dataclass(frozen=True, slots=True)
class _Hits:
    """The products that have a word, and how well each fits it."""

    places: Places
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Answer:
    """How the products answer a question.

    Attributes:
        fit: how well each does, 0 if it is not to be shown; None if the question has no words.
        whole: whether each has all words; None if only such products are shown.
        misspelt: the words of the question that no product has, but some has one like it.
    """

    fit: NDArray[np.float32] | None = None
    whole: NDArray[np.bool_] | None = None
    misspelt: tuple[str, ...] = ()


class Finder:
    """The search index of one catalogue.

    Attributes:
        catalogue: the catalogue.
        bands: the price bands that shoppers can choose from.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        """Index a catalogue. Takes about 3 seconds for 100,000 products (bench/catalogue.py)."""
        self.show(catalogue)
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

    def with_stock(self, left: Mapping[str, int]) -> Finder:
        """Return the same index of the same products, of which so many pieces are left, by SKU.

        It takes about a tenth of a second for 100,000 products; the same index where nothing differs.
        """
        known = self.catalogue.by_sku
        differs = {sku for sku, pieces in left.items() if sku in known and known[sku].stock != pieces}
        if not differs:
            return self
        other = copy(self)
        other.show(
            Catalogue.of(
                replace(product, stock=left[product.sku]) if product.sku in differs else product
                for product in self.catalogue.products
            )
        )
        return other

    def show(self, catalogue: Catalogue) -> None:
        """Find the products of a catalogue: of the one that was indexed, or of one with the same products in order."""
        self.catalogue = catalogue
        self._products = catalogue.pages
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
        self._vocabulary = Vocabulary(weights)
        self._postings = [
            (np.fromiter(found, np.int32, len(found)), np.fromiter(found.values(), np.float32, len(found)))
            for found in (weights[word] for word in self._vocabulary)
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
        answer = self._answer(wish.text)
        matches = np.ones(len(self._products), bool) if answer.fit is None else answer.fit > 0
        of_category = np.ones_like(matches)
        if wish.category in self._categories:
            of_category = self._category == self._categories.index(wish.category)
        in_band = np.ones_like(matches) if wish.band is None else self._in(wish.band)
        places, whole = self._in_order(matches & of_category & in_band, answer, wish)
        counts = np.bincount(self._category[matches & in_band], minlength=len(self._categories))
        chosen = matches & of_category
        return Found(
            {name: int(count) for name, count in zip(self._categories, counts, strict=True) if count},
            {band: int(np.count_nonzero(chosen & self._in(band))) for band in self.bands},
            whole,
            answer.misspelt,
            self._products,
            places,
        )

    def _in_order(self, found: NDArray[np.bool_], answer: _Answer, wish: Wish) -> tuple[Places, int]:
        """Return the positions of what was found, and how many of these have all words.

        They come in the order wished for, but those with all words come first.
        """
        if wish.order is Order.FEATURED:
            places = np.flatnonzero(found).astype(np.int32)
            if answer.fit is not None:
                places = places[np.argsort(-answer.fit[places], kind="stable")]
        else:
            order = self._orders[wish.order]
            places = order[found[order]]
        if answer.whole is None:
            return places, len(places)
        whole = answer.whole[places]
        return np.concatenate([places[whole], places[~whole]]), int(np.count_nonzero(whole))

    def _in(self, band: Band) -> NDArray[np.bool_]:
        above: NDArray[np.bool_] = self._price >= band.low
        return above if band.high is None else above & (self._price < band.high)

    def _answer(self, text: str) -> _Answer:
        """Return how the products answer a question."""
        misspelt, hits = [], []
        for word in telling(text):
            alike = self._vocabulary.spelled(word)
            if not alike and (alike := self._vocabulary.mistyped(word)):
                misspelt.append(word)
            hits.append(self._hits(alike))
        if not hits:
            return _Answer()
        fit, whole = self._joined(hits)
        return _Answer(fit, whole, tuple(misspelt))

    def _joined(self, hits: Sequence[_Hits]) -> tuple[NDArray[np.float32], NDArray[np.bool_] | None]:
        """Return how well each product fits all words together, and which ones have all, if others are shown too."""
        fit = np.zeros(len(self._products), np.float32)
        if len(hits) == 1:
            fit[hits[0].places] = hits[0].scores
            return fit, None
        answered = np.zeros_like(fit)
        had = np.zeros(len(fit), np.uint16)
        for hit in hits:
            weight = np.log1p(np.float32(len(fit) / max(len(hit.places), 1)))
            fit[hit.places] += weight * hit.scores
            answered[hit.places] += weight
            had[hit.places] += 1
        whole = had == len(hits)
        if np.count_nonzero(whole) >= _FEW:
            return fit * whole, None
        return _near(fit * answered, whole), whole

    def _hits(self, alike: Alike) -> _Hits:
        """Return the products that have one of these words."""
        if not alike:
            return _Hits(np.empty(0, np.int32), np.empty(0, np.float32))
        postings = [self._postings[position] for position, _ in alike]
        places = np.concatenate([found for found, _ in postings])
        scores = np.concatenate(
            [weights * np.float32(quality) for (_, weights), (_, quality) in zip(postings, alike, strict=True)]
        )
        if len(alike) == 1:
            return _Hits(places, scores)
        best = np.zeros(len(self._products), np.float32)
        np.maximum.at(best, places, scores)
        found = np.flatnonzero(best).astype(np.int32)
        return _Hits(found, best[found])


def _near(fit: NDArray[np.float32], whole: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return how well products fit of which few have all words; 0 for those that are neither whole nor near."""
    nearest = fit[~whole].max(initial=0)
    return np.where(whole | (fit >= _NEAR * nearest), fit, np.float32(0))


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
