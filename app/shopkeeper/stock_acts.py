"""What `python -m app stock` does with one product: set, add; the others are in modules of their own."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.orders import ledger
from app.orders.database import Database
from app.orders.errors import NotAllowed, SoldOut
from app.settings import Settings
from app.shopkeeper.catalogue_stock import changed, known_sku, read, stock_of
from app.shopkeeper.opened import Act, Unusable
from app.shopkeeper.stock_apply import apply
from app.shopkeeper.stock_show import show
from app.terminal import say

NONE: Final = "none"
"""Typed instead of a number: not counted any more."""


def set_stock(chosen: argparse.Namespace, settings: Settings, database: Database) -> None:
    """Set what is left of a product, after somebody has counted."""
    pieces = None if chosen.pieces.lower() == NONE else _pieces(chosen.pieces, r"[0-9]{1,9}")
    catalogue, levels = read(settings), ledger.levels(database)
    sku = known_sku(chosen.sku, catalogue, levels)
    said = stock_of(catalogue, sku)
    ledger.count(database, {sku: pieces}, {sku: said})
    say(changed(sku, levels.get(sku), pieces))
    if pieces is None and said is not None:
        say(f"The catalogue still counts it: the next order begins with its {said}. Empty its stock there, too.")


def add(chosen: argparse.Namespace, settings: Settings, database: Database) -> None:
    """Add pieces of a product that have come in, or take some off."""
    pieces = _pieces(chosen.pieces, r"[+-]?[0-9]{1,9}")
    catalogue = read(settings)
    sku = known_sku(chosen.sku, catalogue, ledger.levels(database))
    try:
        left = ledger.deliver(database, sku, pieces, stock_of(catalogue, sku))
    except SoldOut as problem:
        raise Unusable(f"{sku}: {problem.left} left, so {-pieces} cannot be taken off") from None
    if left is None:
        raise NotAllowed(f"{sku} is not counted. Count it first: python -m app stock set {sku} N")
    say(changed(sku, left - pieces, left))


ACTS: Final[Mapping[str, Act]] = MappingProxyType({"show": show, "set": set_stock, "add": add, "apply": apply})
"""By the names of the commands."""


def _pieces(typed: str, form: str) -> int:
    if not re.fullmatch(form, typed):
        raise Unusable(f"{typed!r} is not a number of pieces such as 12")
    return int(typed)
