"""The columns of a catalogue file."""

from __future__ import annotations

from typing import Final

from app.catalogue.csv_file import CsvFile

COLUMNS: Final = (
    "sku",
    "name",
    "price",
    "category",
    "description",
    "picture",
    "stock",
    "compare_at",
    "variant_of",
    "option",
    "option_name",
    "further_pictures",
)
OPTIONAL: Final = ("stock", "compare_at", "variant_of", "option", "option_name", "further_pictures")
LONGEST: Final = {
    "name": 120,
    "category": 60,
    "description": 2_000,
    "variant_of": 255,
    "option": 120,
    "option_name": 120,
}
"""The most characters of a cell."""


def columns_are_usable(table: CsvFile) -> bool:
    """Tell whether a file has the columns of a catalogue. What is wrong with them becomes faults of the file."""
    if table.faults:
        return False
    for name in COLUMNS:
        if name not in table.columns and name not in OPTIONAL:
            table.fault(1, name, "this column is missing")
    for name in sorted(set(table.columns)):
        if name not in COLUMNS:
            table.fault(1, name, f"unknown column; the columns are {', '.join(COLUMNS)}")
        elif table.columns.count(name) > 1:
            table.fault(1, name, "this column appears more than once")
    return not table.faults
