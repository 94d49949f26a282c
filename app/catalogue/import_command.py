"""`python -m app catalogue import`: makes the catalogue from another file."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app.catalogue.columns import columns_are_usable
from app.catalogue.csv_file import CsvFile, Row
from app.catalogue.differences import differences, size
from app.catalogue.product_rows import checked
from app.catalogue.products_file import CatalogueError, keep_backup, read_catalogue, write_rows
from app.catalogue.shopify import LEFT_OUT, Remark, from_shopify
from app.catalogue.shopify_rows import is_shopify
from app.domain.catalogue import Catalogue
from app.domain.money import Currency
from app.settings import ENVIRONMENT_PREFIX, Settings
from app.terminal import counted, fail, say, with_progress


def run_import(chosen: argparse.Namespace, settings: Settings) -> int:
    """Print what importing a file would change; write it if that is wanted and the file has no faults.

    Returns the exit status: 1 if the file cannot be imported.
    """
    table = CsvFile(chosen.file)
    if problem := _currency_problem(chosen.currency, settings.money, needed=is_shopify(table.columns)):
        return fail(f"{chosen.file}: {problem}")
    imported = _read(table, settings)
    target: Path = chosen.to or settings.catalogue_file
    before = _catalogue_before(target, settings)
    if chosen.merge and before.products and not table.faults:
        imported = _merged(imported, target, settings)
    _print_changes(imported, before, settings.money)
    if imported.table.faults:
        return fail(f"{target} stays as it is: mend the faults first")
    if not chosen.write:
        say(f"Nothing is written; with --write this becomes {target}")
        return 0
    try:
        backup = keep_backup(target, datetime.now().astimezone())
        write_rows(target, imported.rows)
    except OSError as error:
        return fail(f"{target} cannot be written: {error.strerror}")
    if backup:
        say(f"The catalogue of before is kept as {backup}")
    say(f"Written: {target}")
    return 0


@dataclass(frozen=True, slots=True)
class _Imported:
    """What is to be written, as rows and products of ours.

    Attributes:
        table: what the faults are in.
        read: how many rows the imported file has.
        left_out: how many of them are neither a product nor a picture of one.
    """

    table: CsvFile
    read: int
    left_out: int
    rows: Sequence[Row]
    remarks: Sequence[tuple[str, str]]
    catalogue: Catalogue


def _read(table: CsvFile, settings: Settings) -> _Imported:
    rows: list[Row] = []
    remarks: list[Remark] = []
    if is_shopify(table.columns) or columns_are_usable(table):
        rows = list(table.rows())
    read = len(rows)
    if is_shopify(table.columns):
        rows, remarks = from_shopify(rows, settings.money)
    shown = with_progress(rows, table.lines)
    catalogue = Catalogue.of(checked(shown, table, settings.pictures_folder, settings.money))
    left_out = {remark.row for remark in remarks if remark.words.startswith(LEFT_OUT)}
    said = [(table.place(remark.row), remark.words) for remark in remarks]
    return _Imported(table, read, len(left_out), rows, said, catalogue)


def _merged(imported: _Imported, target: Path, settings: Settings) -> _Imported:
    """Return the catalogue of today with what is imported in place of products of the same SKU, or behind them.

    A column that the imported file does not have stays as it is. Faults name the rows as they would be written.
    """
    today = CsvFile(target)
    before = {cells["sku"]: cells for _, cells in (today.rows() if columns_are_usable(today) else ())}
    own = {cells["sku"]: cells for _, cells in imported.rows}
    merged = {sku: {**before.get(sku, {}), **own.get(sku, {})} for sku in [*before, *own]}
    rows = list(enumerate(merged.values(), 2))
    table = CsvFile(target)
    catalogue = Catalogue.of(checked(rows, table, settings.pictures_folder, settings.money))
    return replace(imported, table=table, rows=rows, catalogue=catalogue)


def _currency_problem(currency: str | None, money: Currency, *, needed: bool) -> str:
    """Return what is wrong with `--currency`; empty if nothing is."""
    if currency is None:
        return f"names no currency; add the currency of its prices, such as --currency {money.code}" if needed else ""
    if currency.upper() == money.code:
        return ""
    return (
        f"--currency {currency} is not {money.code}, the one currency of this shop; to sell in {currency.upper()} set "
        f"store.currency (and store.locale) in config.toml, or {ENVIRONMENT_PREFIX}STORE__CURRENCY={currency.upper()}"
    )


def _catalogue_before(target: Path, settings: Settings) -> Catalogue:
    """Return what the target holds now. If it cannot be read, say so and return an empty catalogue."""
    try:
        return read_catalogue(target, settings.pictures_folder, settings.money)
    except CatalogueError as error:
        say(f"No catalogue to compare with: {error.faults[0]}", "")
        return Catalogue.of(())


def _print_changes(imported: _Imported, before: Catalogue, money: Currency) -> None:
    in_file = {cells["sku"] for _, cells in imported.rows}
    found = differences(before, imported.catalogue, in_file, money)
    _print_list("Added", found.added)
    _print_list("Changed", found.changed)
    _print_list("Removed", found.removed)
    _print_list("Left out or altered", [f"{place}: {words}" for place, words in imported.remarks])
    _print_list("Faults", [str(fault) for fault in imported.table.faults])
    say(
        f"{counted(imported.read, 'row')}: {size(imported.catalogue)}, "
        f"{imported.left_out:,} left out, "
        f"{counted(len(imported.table.faults), 'fault')}; {len(found.added):,} added, {len(found.changed):,} changed, "
        f"{len(found.removed):,} removed, {found.unchanged:,} as before"
    )


def _print_list(heading: str, lines: Sequence[str]) -> None:
    if lines:
        say(f"{heading} ({len(lines)})", *(f"  {line}" for line in lines), "")
