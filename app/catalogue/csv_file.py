"""Reads CSV files as people save them. Collects what is wrong with a file, by row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.catalogue.control_characters import control_problem, has_controls
from app.terminal import printable

Row = tuple[int, dict[str, str]]
"""The number of the line on which a row starts, and the row's cells by column."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a file. Row 1 holds the column names; row 0 means the whole file."""

    file: Path
    row: int
    column: str
    problem: str

    def __str__(self) -> str:
        """Return file, row, column and problem in one line, which may go to a terminal."""
        place = [str(self.file), *([f"row {self.row}"] if self.row else []), *([self.column] if self.column else [])]
        return printable(f"{', '.join(place)}: {self.problem}")


class CsvFile:
    """A CSV file in UTF-8, with or without a byte order mark.

    Attributes:
        columns: the names in the first row, in lower case.
        lines: the number of lines.
        faults: what is wrong with the file, in the file's order; `rows` adds to them.
    """

    def __init__(self, file: Path) -> None:
        """Read the file and its column names. A file that cannot be read has faults and no rows."""
        self.file = file
        self.faults: list[Fault] = []
        text = self._text()
        self.lines = text.count("\n")
        self._cells = self._read(text)
        self._has_controls = has_controls(text)
        _, names = next(self._cells, (1, []))
        self.columns = [name.strip().lower() for name in names]
        self._check_names(names)

    def fault(self, row: int, column: str, problem: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(self.file, row, column, problem))

    def rows(self) -> Iterator[Row]:
        """Yield the rows, once. Cells are stripped, blank rows are skipped."""
        for row, cells in self._cells:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(self.columns):
                found = f"has {len(cells)} cells, but the first row has {len(self.columns)}"
                self.fault(row, "", f"{found}; put quotes around a cell that contains a comma")
                continue
            if self._has_controls and self._check_controls(row, cells):
                continue
            yield row, dict(zip(self.columns, (cell.strip() for cell in cells), strict=True))

    def _check_names(self, names: Sequence[str]) -> None:
        for place, name in enumerate(names, 1):
            if problem := control_problem(name):
                self.fault(1, "", f"the name of column {place} {problem}")

    def _check_controls(self, row: int, cells: Sequence[str]) -> bool:
        """Tell whether cells have control characters. They become faults."""
        problems = [(column, control_problem(cell)) for column, cell in zip(self.columns, cells, strict=True)]
        for column, problem in problems:
            if problem:
                self.fault(row, column, problem)
        return any(problem for _, problem in problems)

    def _text(self) -> str:
        try:
            return self.file.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            row = error.object[: error.start].count(b"\n") + 1
            self.fault(row, "", "is not UTF-8; save the file as UTF-8 (in Excel: 'CSV UTF-8')")
        except OSError as error:
            self.fault(0, "", f"cannot be read: {error.strerror}")
        return ""

    def _read(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Yield each row with the number of the line on which it starts."""
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        start = 1
        try:
            for cells in reader:
                yield start, cells
                start = reader.line_num + 1
        except csv.Error as error:
            self.fault(start, "", f"is not CSV: {error}")
