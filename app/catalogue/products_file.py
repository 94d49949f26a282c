"""The shopkeeper's catalogue file: reads it and writes it."""

from __future__ import annotations

import csv
import itertools
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from app.catalogue.columns import COLUMNS, columns_are_usable
from app.catalogue.csv_file import CsvFile, Fault, Row
from app.catalogue.product_rows import checked
from app.domain.catalogue import Catalogue
from app.domain.money import Currency

READABLE = 0o644
"""Permissions of a new file: the server may run as another user than the shopkeeper."""


class CatalogueError(Exception):
    """A catalogue file cannot be used; `faults` lists everything that is wrong with it, in the file's order."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def read_catalogue(file: Path, pictures: Path, money: Currency) -> Catalogue:
    """Read a catalogue: CSV in UTF-8 with the columns of docs/catalogue.md.

    Args:
        pictures: the folder of the products' pictures.
        money: the currency of the prices.

    Raises:
        CatalogueError: with every fault of the file at once.
    """
    table = CsvFile(file)
    rows = table.rows() if columns_are_usable(table) else ()
    products = list(checked(rows, table, pictures, money))
    if table.faults:
        raise CatalogueError(table.faults)
    return Catalogue.of(products)


def keep_backup(target: Path, now: datetime) -> Path | None:
    """Copy a catalogue to a file beside it, named after the time; return which, None if there is no catalogue yet.

    No file is overwritten: where the name is taken, a number is added.

    Raises:
        OSError: it cannot be read or written.
    """
    if not target.exists():
        return None
    content, named = target.read_bytes(), f"{target.stem}.{now:%Y-%m-%d-%H%M%S}"
    for number in itertools.count(1):
        backup = target.with_name(f"{named}{f'-{number}' if number > 1 else ''}{target.suffix}")
        with suppress(FileExistsError), backup.open("xb") as file:
            file.write(content)
            return backup
    raise AssertionError("numbers do not end")


def write_rows(target: Path, rows: Iterable[Row]) -> None:
    """Write a catalogue in one step: a reader sees all of the old file or all of the new one.

    Raises:
        OSError: it cannot be written; the old file is unchanged.
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
