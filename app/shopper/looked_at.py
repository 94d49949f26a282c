"""The products that a shopper looked at last."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.domain.catalogue import Catalogue, Product
from keepcart import Kept, Visit

MOST = 7
"""Products remembered: the six that a strip shows, and the one whose page shows it."""


def _newest_first(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:  # noqa: ARG001 - nothing is taken off
    return list(dict.fromkeys([*mine, *theirs]))[:MOST]


LOOKED_AT: Kept[list[str]] = Kept("looked-at", list[str], default=[], merge=_newest_first)
"""SKUs, newest first. Two tabs that look at products at once both count."""


def looks_at(visit: Visit, sku: str) -> None:
    """Remember that the shopper looks at a product's page."""
    skus = visit.get(LOOKED_AT)
    if skus[:1] != [sku]:
        visit.put(LOOKED_AT, list(dict.fromkeys([sku, *skus]))[:MOST])


def looked_at(visit: Visit, catalogue: Catalogue, besides: Collection[str]) -> Sequence[Product]:
    """Return the products that the shopper looked at last, newest first, without those of `besides`."""
    skus = (sku for sku in visit.get(LOOKED_AT) if sku not in besides)
    return [catalogue.by_sku[sku] for sku in skus if sku in catalogue.by_sku][: MOST - 1]
