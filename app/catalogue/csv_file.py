"""Reads CSV files as people save them. Collects what is wrong with a file, by row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.catalogue.control_characters import control_problem, has_controls
from app.terminal import printable

Row = tuple[int, dict[str, str]]
"""A row's number, as a spreadsheet shows it, and its cells by column. Row 1 has the names of the columns."""

_SEPARATORS: Final = {";": "semicolons (;)", "\t": "tabs"}
"""What programs write in place of commas: Excel does where numbers have a comma."""

_WITH_COMMAS: Final = (
    "save it again with commas: in LibreOffice 'Edit filter settings', field delimiter ','; in Google Sheets "
    "'Download, CSV'; Excel takes the list separator of the system's region settings. Prices have a point: 349.50"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a file.

    Attributes:
        row: its number; 0 means the whole file.
        place: the row in words.
    """

    file: Path
    row: int
    place: str
    column: str
    problem: str

    def __str__(self) -> str:
        """Return file, row, column and problem in one line, which may go to a terminal."""
        where = ", ".join(part for part in (str(self.file), self.place, self.column) if part)
        return printable(f"{where}: {self.problem}")


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
        self._lines: dict[int, int] = {}  # the line on which a row starts, where that is another number than the row's
        text = self._text()
        self.lines = text.count("\n")
        self._cells = self._read(text)
        self._has_controls = has_controls(text)
        _, names = next(self._cells, (1, []))
        self.columns = [name.strip().lower() for name in names]
        self._check_names(names)

    def fault(self, row: int, column: str, problem: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(self.file, row, self.place(row) if row else "", column, problem))

    def place(self, row: int) -> str:
        """Return what to call a row: by its number in a spreadsheet, and by its line where the two differ."""
        return f"row {row} (line {self._lines[row]})" if row in self._lines else f"row {row}"

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
        """Return the file's text; none if it cannot be read as rows, which becomes a fault."""
        try:
            text = self.file.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode()
            row = max((number for number, _ in self._read(f"{before}?", strict=False)), default=1)
            self.fault(row, "", "is not UTF-8; save the file as UTF-8 (in Excel: 'CSV UTF-8')")
        except OSError as error:
            self.fault(0, "", f"cannot be read: {error.strerror}")
        else:
            if not (separators := _other_separators(text)):
                return text
            self.fault(1, "", f"the columns are separated by {separators}, not by commas; {_WITH_COMMAS}")
        return ""

    def _read(self, text: str, *, strict: bool = True) -> Iterator[tuple[int, list[str]]]:
        """Yield each row with its number."""
        reader = csv.reader(io.StringIO(text, newline=""), strict=strict)
        row = 1
        try:
            for cells in reader:
                yield row, cells
                row += 1
                if (line := reader.line_num + 1) != row:
                    self._lines[row] = line
        except csv.Error as error:
            self.fault(row, "", f"is not CSV: {error}")


def _other_separators(text: str) -> str:
    """Return what separates the columns instead of commas, in words; empty if commas do."""
    names = text.partition("\n")[0]
    others = {mark: words for mark, words in _SEPARATORS.items() if names.count(mark) > names.count(",")}
    return max(others.items(), key=lambda other: names.count(other[0]), default=("", ""))[1]
