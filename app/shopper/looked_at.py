"""The products that a shopper looked at last. The first one is kept together with the second (`FirstLooks`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress

from app.domain.catalogue import Product
from app.shopper.known import Known
from app.shopper.shopping import Shop, Shopping
from keepcart import Kept, Locked, Refused

MOST = 7
"""Products remembered: the six that a strip shows, and the one whose page shows it."""


def _newest_first(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:  # noqa: ARG001 - nothing is taken off
    return list(dict.fromkeys([*mine, *theirs]))[:MOST]


LOOKED_AT: Kept[list[str]] = Kept("looked-at", list[str], default=[], merge=_newest_first)
"""SKUs, newest first. Two tabs that look at products at once both count."""


def looks_at(shopping: Shopping, sku: str) -> None:
    """Remember that the shopper looks at a product's page.

    Where that cannot be kept, because a newer release has written the list or no more changes can wait, it is
    forgotten: the page is worth more.
    """
    skus = _skus(shopping.shop, shopping.known)
    if not skus:
        shopping.shop.first_looks.note(shopping.document.owner, sku)
    elif skus[0] != sku:
        with suppress(Refused, Locked):
            shopping.visit.put(LOOKED_AT, list(dict.fromkeys([sku, *skus]))[:MOST])
            shopping.shop.first_looks.forget(shopping.document.owner)


def looked_at(shop: Shop, known: Known, besides: Collection[str]) -> Sequence[Product]:
    """Return the products that a shopper looked at last, newest first, without those of `besides`."""
    products = shop.catalogue.by_sku
    skus = (sku for sku in _skus(shop, known) if sku not in besides)
    return [products[sku] for sku in skus if sku in products][: MOST - 1]


def _skus(shop: Shop, known: Known) -> Sequence[str]:
    kept = known.values.get(LOOKED_AT)
    first = shop.first_looks.of(known.visitor)
    return kept if first is None else list(dict.fromkeys([first, *kept]))
