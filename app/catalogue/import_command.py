"""`python -m app catalogue import`: makes the catalogue from another file."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.catalogue.columns import columns_are_usable
from app.catalogue.csv_file import CsvFile, Row
from app.catalogue.differences import differences, size
from app.catalogue.product_rows import checked
from app.catalogue.products_file import CatalogueError, read_catalogue, write_rows
from app.catalogue.shopify import Remark, from_shopify
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
    _print_changes(imported, _catalogue_before(target, settings), settings.money)
    if table.faults:
        return fail(f"{target} stays as it is: mend the faults first")
    if not chosen.write:
        say(f"Nothing is written; with --write this becomes {target}")
        return 0
    try:
        write_rows(target, imported.rows)
    except OSError as error:
        return fail(f"{target} cannot be written: {error.strerror}")
    say(f"Written: {target}")
    return 0


@dataclass(frozen=True, slots=True)
class _Imported:
    """What a file holds, as rows and products of ours. `read` counts the rows of the file."""

    table: CsvFile
    read: int
    rows: Sequence[Row]
    remarks: Sequence[Remark]
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
    return _Imported(table, read, rows, remarks, catalogue)


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
    _print_list(
        "Left out or altered", [f"{imported.table.place(remark.row)}: {remark.words}" for remark in imported.remarks]
    )
    _print_list("Faults", [str(fault) for fault in imported.table.faults])
    say(
        f"{counted(imported.read, 'row')}: {size(imported.catalogue)}, "
        f"{imported.read - len(imported.rows):,} left out, "
        f"{counted(len(imported.table.faults), 'fault')}; {len(found.added):,} added, {len(found.changed):,} changed, "
        f"{len(found.removed):,} removed, {found.unchanged:,} as before"
    )


def _print_list(heading: str, lines: Sequence[str]) -> None:
    if lines:
        say(f"{heading} ({len(lines)})", *(f"  {line}" for line in lines), "")
