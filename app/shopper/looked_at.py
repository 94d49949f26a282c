"""What a shopper would miss: the products looked at last, and what the quick-add form holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.domain.catalogue import Catalogue, Product
from keepcart import Kept, Visit

MOST = 7
"""Products remembered: those that are shown, and the one whose page shows them."""


def _newest_first(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:  # noqa: ARG001 - nothing is taken off
    return list(dict.fromkeys([*mine, *theirs]))[:MOST]


LOOKED_AT: Kept[list[str]] = Kept("looked-at", list[str], default=[], merge=_newest_first)
"""SKUs, newest first. In two tabs at once both count."""

QUICK_PRODUCT: Kept[str | None] = Kept("quick-add-product", str | None, default=None)
QUICK_QUANTITY = Kept("quick-add-quantity", int, default=1)


def looks_at(visit: Visit, sku: str) -> None:
    """Remember that the shopper has a product's page before her."""
    skus = visit.get(LOOKED_AT)
    if skus[:1] != [sku]:
        visit.put(LOOKED_AT, list(dict.fromkeys([sku, *skus]))[:MOST])


def looked_at(visit: Visit, catalogue: Catalogue, besides: Collection[str]) -> Sequence[Product]:
    """Return the products that the shopper looked at last, newest first, but for some that the page shows anyway."""
    skus = (sku for sku in visit.get(LOOKED_AT) if sku not in besides)
    return [catalogue.by_sku[sku] for sku in skus if sku in catalogue.by_sku][: MOST - 1]
