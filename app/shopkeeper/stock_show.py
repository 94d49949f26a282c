"""`python -m app stock show`: what is left of every counted product, or the history of one."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Final

from app.domain.catalogue import Catalogue
from app.orders import ledger
from app.orders.database import Database
from app.orders.plain_text import moment
from app.settings import Settings
from app.shopkeeper.catalogue_stock import known_sku, read, stock_of
from app.terminal import say

MOST_MOVEMENTS: Final = 20

APPLY: Final = "apply it with: python -m app stock apply"

_Row = tuple[str, str, str, str]


def show(chosen: argparse.Namespace, settings: Settings, database: Database) -> None:
    """Print the stock, or with a SKU the newest movements of the product."""
    catalogue = read(settings)
    if chosen.sku is not None:
        _print_history(known_sku(chosen.sku, catalogue, ledger.levels(database)), catalogue, database)
        return
    rows = list(_rows(catalogue, ledger.levels(database), ledger.told(database)))
    if not rows:
        say("No product is counted.")
        return
    heads = ("sku", "left", "catalogue", "remark")
    width = max(len(row[0]) for row in rows)
    say(*(f"{sku:<{width}}  {left:>9}  {said:>9}  {remark}".rstrip() for sku, left, said, remark in (heads, *rows)))


def _rows(catalogue: Catalogue, levels: dict[str, int], told: dict[str, int | None]) -> Iterator[_Row]:
    """Give the products in the order of the catalogue, and those that have left it behind them."""
    for product in catalogue.products:
        said = "none" if product.stock is None else str(product.stock)
        if product.sku in levels:
            is_edited = product.sku in told and told[product.sku] != product.stock
            remark = f"catalogue says {said} since; {APPLY}" if is_edited else ""
            yield product.sku, str(levels[product.sku]), said, remark
        elif product.stock is not None:
            yield product.sku, said, said, "not begun; the catalogue's number holds"
    for sku in sorted(levels.keys() - catalogue.by_sku.keys()):
        yield sku, str(levels[sku]), "none", "not in the catalogue any more"


def _print_history(sku: str, catalogue: Catalogue, database: Database) -> None:
    said, left = stock_of(catalogue, sku), ledger.levels(database).get(sku)
    if left is not None:
        say(f"{sku}: {left} left")
    else:
        say(f"{sku}: {'not counted' if said is None else f'{said} left; not begun: the number of the catalogue holds'}")
    for line in ledger.history(database, sku, MOST_MOVEMENTS):
        row = f"  {moment(line.at)}  {line.why.value:<9}  {line.change:>+9}  {line.left:>9} left"
        say(f"{row}  order {line.order}" if line.order else row)
