"""The shopkeeper's commands: `python -m app catalogue check` and `python -m app catalogue import`."""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from app.catalogue.csv_file import CsvFile, Row
from app.catalogue.products_file import COLUMNS, CatalogueError, checked, columns_are_usable, read_catalogue
from app.catalogue.shopify import Remark, from_shopify, is_shopify
from app.domain.catalogue import Catalogue, Product
from app.domain.money import Currency
from app.settings import ENVIRONMENT_PREFIX, Settings, SettingsError, load

LARGE = 20_000
"""Lines from which on reading takes so long that a person wants to see it go on."""

BAR = 40
READABLE = 0o644


def add_catalogue(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `catalogue` with its own commands."""
    parser = commands.add_parser("catalogue", help="check a catalogue file, or import one")
    parts = parser.add_subparsers(required=True)
    check = parts.add_parser("check", help="print every fault of a catalogue file, as the start of the store does")
    check.add_argument("file", nargs="?", type=Path, metavar="FILE", help="default: the shop's own")
    check.set_defaults(run=run_check)
    take = parts.add_parser(
        "import",
        help="make the catalogue of another file: one of ours, or Shopify's product export",
        description="Prints what would be done; --write does it. The new catalogue takes the place of the old one.",
        epilog="Exit status: 0, or 1 where the file cannot be taken as it is.",
    )
    take.add_argument("file", type=Path, metavar="FILE")
    take.add_argument("--to", type=Path, metavar="CSV", help="the catalogue to write; default: the shop's own")
    take.add_argument("--currency", help="of the prices in Shopify's export, which does not name it, such as EUR")
    take.add_argument("--write", action="store_true", help="write the catalogue, if nothing is wrong")
    take.set_defaults(run=run_import)


def run_check(chosen: argparse.Namespace) -> int:
    """Check a catalogue and print its faults."""
    settings = _settings()
    if settings is None:
        return 1
    table = CsvFile(chosen.file or settings.catalogue_file)
    rows = _shown(table.rows(), table.lines) if columns_are_usable(table) else ()
    catalogue = Catalogue.of(checked(rows, table, settings.pictures_folder, settings.money))
    for fault in table.faults:
        print(fault)
    print(f"{table.file}: {_size(catalogue)}, {_count(len(table.faults), 'fault')}")
    return 1 if table.faults else 0


def run_import(chosen: argparse.Namespace) -> int:
    """Read a file, print what taking it would change, and take it where that is wanted and nothing is wrong."""
    settings = _settings()
    if settings is None:
        return 1
    table = CsvFile(chosen.file)
    if problem := _wrong_currency(chosen.currency, settings.money, named=not is_shopify(table.columns)):
        return _fail(f"{chosen.file}: {problem}")
    intake = _take_in(table, settings)
    target = chosen.to or settings.catalogue_file
    _print_intake(intake, _catalogue_before(target, settings), settings.money)
    if table.faults:
        return _fail(f"{target} stays as it is: mend the faults first")
    if not chosen.write:
        print(f"Nothing is written; with --write this becomes {target}")
        return 0
    try:
        write_rows(target, intake.rows)
    except OSError as error:
        return _fail(f"{target} cannot be written: {error.strerror}")
    print(f"Written: {target}")
    return 0


@dataclass(frozen=True, slots=True)
class _Intake:
    """What a file holds, made into rows and products of ours."""

    table: CsvFile
    read: int
    rows: Sequence[Row]
    remarks: Sequence[Remark]
    catalogue: Catalogue


def _take_in(table: CsvFile, settings: Settings) -> _Intake:
    rows: list[Row] = []
    remarks: list[Remark] = []
    if is_shopify(table.columns) or columns_are_usable(table):
        rows = list(table.rows())
    read = len(rows)
    if is_shopify(table.columns):
        rows, remarks = from_shopify(rows, settings.money)
    shown = _shown(rows, table.lines)
    catalogue = Catalogue.of(checked(shown, table, settings.pictures_folder, settings.money))
    return _Intake(table, read, rows, remarks, catalogue)


def _settings() -> Settings | None:
    try:
        return load()
    except SettingsError as problem:
        _fail(str(problem))
        return None


def _fail(problem: str) -> int:
    print(f"keepcart: {problem}", file=sys.stderr)
    return 1


def _wrong_currency(currency: str | None, money: Currency, *, named: bool) -> str:
    """Return what is wrong with the currency of a file; nothing where it is the shop's."""
    if currency is None:
        return "" if named else f"names no currency; say which its prices are in, such as --currency {money.code}"
    if currency.upper() == money.code:
        return ""
    return (
        f"--currency {currency} is not {money.code}, the one currency of this shop; to sell in {currency.upper()} set "
        f"store.currency (and store.locale) in config.toml, or {ENVIRONMENT_PREFIX}STORE__CURRENCY={currency.upper()}"
    )


def _catalogue_before(target: Path, settings: Settings) -> Catalogue:
    """Return what the target holds now; one that cannot be read holds nothing, which is said."""
    try:
        return read_catalogue(target, settings.pictures_folder, settings.money)
    except CatalogueError as error:
        print(f"No catalogue to compare with: {error.faults[0]}\n")
        return Catalogue.of(())


def _print_intake(intake: _Intake, before: Catalogue, money: Currency) -> None:
    old, new = before.by_sku, intake.catalogue.by_sku
    in_file = {cells["sku"] for _, cells in intake.rows}
    added = [
        f"{sku}  {product.full_name}  {money.write(product.price)}" for sku, product in new.items() if sku not in old
    ]
    changed = [
        f"{sku}  {'; '.join(differences(old[sku], product, money))}"
        for sku, product in new.items()
        if sku in old and old[sku] != product
    ]
    removed = [f"{sku}  {product.full_name}" for sku, product in old.items() if sku not in in_file]
    _print_list("Added", added)
    _print_list("Changed", changed)
    _print_list("Removed", removed)
    _print_list("Left out or altered", [f"row {remark.row}: {remark.words}" for remark in intake.remarks])
    _print_list("Faults", [str(fault) for fault in intake.table.faults])
    print(
        f"{_count(intake.read, 'row')}: {_size(intake.catalogue)}, {intake.read - len(intake.rows):,} left out, "
        f"{_count(len(intake.table.faults), 'fault')}; "
        f"{len(added):,} added, {len(changed):,} changed, {len(removed):,} removed, "
        f"{len(new) - len(added) - len(changed):,} as before"
    )


def _print_list(heading: str, lines: Sequence[str]) -> None:
    if lines:
        print(f"{heading} ({len(lines)})", *(f"  {line}" for line in lines), "", sep="\n")


def differences(old: Product, new: Product, money: Currency) -> list[str]:
    """Return in a few words, a field each, how a product changed; long texts are only named."""
    found = []
    for field in fields(Product):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after:
            continue
        if field.name in ("price", "compare_at"):
            before, after = (money.write(amount) if amount is not None else None for amount in (before, after))
        words = "" if field.name == "description" else f" {_shown_value(before)} → {_shown_value(after)}"
        found.append(field.name + words)
    return found


def _shown_value(value: object) -> str:
    return "none" if value in (None, "") else str(value)


def _size(catalogue: Catalogue) -> str:
    return f"{_count(len(catalogue.products), 'product')} on {_count(len(catalogue.pages), 'page')}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _shown(rows: Iterable[Row], lines: int) -> Iterator[Row]:
    """Pass rows on; where there are many and a person looks on, with a bar that grows."""
    if lines < LARGE or not sys.stderr.isatty():
        yield from rows
        return
    for count, row in enumerate(rows):
        if count % 1_000 == 0:
            done = row[0] / lines
            print(f"\r[{'#' * int(done * BAR):<{BAR}}] {done:4.0%}", end="", file=sys.stderr, flush=True)
        yield row
    print(f"\r{'':<{BAR + 7}}\r", end="", file=sys.stderr, flush=True)


def write_rows(target: Path, rows: Iterable[Row]) -> None:
    """Write a catalogue in one step: who reads the file meanwhile sees all of the old one or all of the new one.

    Raises:
        OSError: it cannot be written; the old one is as it was.
    """
    target = target.resolve()  # a link stays a link
    mode = target.stat().st_mode if target.exists() else READABLE
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - a descriptor
            writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(cells for _, cells in rows)
            file.flush()
            os.fsync(handle)
        Path(name).chmod(mode & 0o777)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
