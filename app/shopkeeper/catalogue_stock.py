"""The catalogue as the stock's commands read it, products by what is typed, and a change in words."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from app.catalogue.products_file import CatalogueError, read_catalogue
from app.domain.catalogue import SKU, Catalogue
from app.orders.errors import NotAllowed
from app.settings import Settings
from app.shopkeeper.opened import Unusable


def read(settings: Settings, file: Path | None = None) -> Catalogue:
    """Read a catalogue, without a file the shop's.

    Raises:
        Unusable: it has faults; the message names the first one.
    """
    try:
        return read_catalogue(file or settings.catalogue_file, settings.pictures_folder, settings.money)
    except CatalogueError as error:
        others = len(error.faults) - 1
        more = f" (and {others} more: python -m app catalogue check{f' {file}' if file else ''})" if others else ""
        raise Unusable(f"{error.faults[0]}{more}") from None


def known_sku(typed: str, catalogue: Catalogue, levels: Container[str]) -> str:
    """Return the SKU of a product of the catalogue or the ledger, typed in letters of any size.

    Raises:
        NotAllowed: there is none.
    """
    sku = typed.strip().upper()
    if not SKU.fullmatch(sku) or (sku not in catalogue.by_sku and sku not in levels):
        raise NotAllowed(f"There is no product {typed!r}.")
    return sku


def stock_of(catalogue: Catalogue, sku: str) -> int | None:
    """Return how many pieces a catalogue counts of a product; None if it does not count them, or does not have it."""
    product = catalogue.by_sku.get(sku)
    return product.stock if product else None


def changed(sku: str, before: int | None, after: int | None) -> str:
    """Return a change in words: `MOUSE: 3 left -> 12`. None is a product without a ledger."""
    return (
        f"{sku}: {'not begun' if before is None else f'{before} left'} -> {'not counted' if after is None else after}"
    )
