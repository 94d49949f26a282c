"""`python -m app catalogue check`: prints every fault of a catalogue file."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from app.catalogue.columns import columns_are_usable
from app.catalogue.csv_file import CsvFile
from app.catalogue.differences import size
from app.catalogue.product_rows import checked
from app.domain.catalogue import Catalogue
from app.settings import Settings
from app.terminal import counted, say, with_progress

WATCH_SECONDS = 1.0


def run_check(chosen: argparse.Namespace, settings: Settings) -> int:
    """Check a catalogue and print its faults, with `--watch` again after each edit, until Control-C.

    Returns the exit status of the last check: 1 if there are faults.
    """
    file = chosen.file or settings.catalogue_file
    status = _check(file, settings)
    with suppress(KeyboardInterrupt):
        for _ in _edits(file) if chosen.watch else ():
            say("")
            status = _check(file, settings)
    return status


def _edits(file: Path) -> Iterator[None]:
    """Yield each time a file has another content than before; a file that is away for a moment is being replaced."""
    before = _content(file)
    while True:
        time.sleep(WATCH_SECONDS)
        if (now := _content(file)) is not None and now != before:
            before = now
            yield


def _content(file: Path) -> bytes | None:
    try:
        return sha256(file.read_bytes()).digest()
    except OSError:
        return None


def _check(file: Path, settings: Settings) -> int:
    table = CsvFile(file)
    rows = with_progress(table.rows(), table.lines) if columns_are_usable(table) else ()
    catalogue = Catalogue.of(checked(rows, table, settings.pictures_folder, settings.money))
    for fault in table.faults:
        say(str(fault))
    say(f"{table.file}: {size(catalogue)}, {counted(len(table.faults), 'fault')}")
    return 1 if table.faults else 0
