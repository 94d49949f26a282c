"""`python -m app catalogue check`: prints every fault of a catalogue file."""

from __future__ import annotations

import argparse

from app.catalogue.columns import columns_are_usable
from app.catalogue.csv_file import CsvFile
from app.catalogue.differences import size
from app.catalogue.product_rows import checked
from app.domain.catalogue import Catalogue
from app.settings import Settings
from app.terminal import counted, say, with_progress


def run_check(chosen: argparse.Namespace, settings: Settings) -> int:
    """Check a catalogue and print its faults. Returns the exit status: 1 if there are any."""
    table = CsvFile(chosen.file or settings.catalogue_file)
    rows = with_progress(table.rows(), table.lines) if columns_are_usable(table) else ()
    catalogue = Catalogue.of(checked(rows, table, settings.pictures_folder, settings.money))
    for fault in table.faults:
        say(str(fault))
    say(f"{table.file}: {size(catalogue)}, {counted(len(table.faults), 'fault')}")
    return 1 if table.faults else 0
