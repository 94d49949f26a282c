"""`python -m app stock apply`: numbers that were edited in a catalogue become new counts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from app.domain.catalogue import Catalogue
from app.orders import ledger
from app.orders.database import Database
from app.settings import Settings
from app.shopkeeper.catalogue_stock import changed, read
from app.terminal import counted, say


def apply(chosen: argparse.Namespace, settings: Settings, database: Database) -> None:
    """Apply the stock of a catalogue where it differs from what the ledger was told, all in one transaction.

    What is left is set to the edited number, so it must be a count of now. What was applied is what the ledger was
    told, so the same file applied again does not undo what was sold meanwhile.
    """
    catalogue, levels = read(settings, chosen.file), ledger.levels(database)
    told = ledger.told(database)
    counts = dict(_new_in_file(catalogue, told) if chosen.file else _edited(catalogue, told))
    say(*(changed(sku, levels.get(sku), pieces) for sku, pieces in counts.items()))
    if chosen.dry_run:
        say(f"{counted(len(counts), 'product')} would be changed; without --dry-run they are")
        return
    ledger.count(database, counts, counts)
    say(f"{counted(len(counts), 'product')} changed")


def _edited(catalogue: Catalogue, told: dict[str, int | None]) -> Iterator[tuple[str, int | None]]:
    """Give what the shop's catalogue says otherwise since the ledger was told; None where it counts no more."""
    for product in catalogue.products:
        if product.sku in told and told[product.sku] != product.stock:
            yield product.sku, product.stock


def _new_in_file(catalogue: Catalogue, told: dict[str, int | None]) -> Iterator[tuple[str, int]]:
    """Give what a file counts otherwise, also of products without a ledger. An empty cell says nothing."""
    for product in catalogue.products:
        if product.stock is not None and told.get(product.sku) != product.stock:
            yield product.sku, product.stock
