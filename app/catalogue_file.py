"""Reads the shopkeeper's catalogue file, and takes up an edited one while the shop runs."""

from __future__ import annotations

import csv
import io
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.domain.catalogue import SKU, Catalogue, Product
from app.domain.finding import Finder
from app.domain.money import Currency

log = logging.getLogger(__name__)

COLUMNS = ("sku", "name", "price", "category", "description", "picture", "stock")
OPTIONAL = ("stock",)
LONGEST = {"name": 120, "category": 60, "description": 2_000}
WATCH_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a catalogue file. Row 1 is the line of column names; 0 means the whole file."""

    file: Path
    row: int
    column: str
    problem: str

    def __str__(self) -> str:
        """Name file, row, column and problem in one line."""
        place = [str(self.file), *([f"row {self.row}"] if self.row else []), *([self.column] if self.column else [])]
        return f"{', '.join(place)}: {self.problem}"


class CatalogueError(Exception):
    """A catalogue file cannot be used; `faults` has everything that is wrong with it, in the file's order."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def read_catalogue(file: Path, pictures: Path, money: Currency) -> Catalogue:
    """Read a catalogue: UTF-8 CSV with the columns of `COLUMNS` in any order, `stock` optional.

    Raises:
        CatalogueError: with every fault of the file at once.
    """
    reading = _Reading(file, pictures, money)
    products = list(reading.products())
    if not products and not reading.faults:
        reading.fault(0, "", "has no products")
    if reading.faults:
        raise CatalogueError(reading.faults)
    return Catalogue.of(products)


class _Reading:
    """One pass over a file, collecting faults."""

    def __init__(self, file: Path, pictures: Path, money: Currency) -> None:
        self.file, self.pictures, self.money = file, pictures, money
        self.faults: list[Fault] = []
        self.rows_by_sku: dict[str, int] = {}
        self.known_pictures: set[str] = set()

    def fault(self, row: int, column: str, problem: str) -> None:
        self.faults.append(Fault(self.file, row, column, problem))

    def products(self) -> Iterator[Product]:
        rows = self._rows()
        _, names = next(rows, (1, []))
        columns = [name.strip().lower() for name in names]
        if not self._columns_are_usable(columns):
            return
        for row, cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                self.fault(row, "", f"has {len(cells)} cells where the first row has {len(columns)}; quote commas")
                continue
            product = self._product(row, dict(zip(columns, (cell.strip() for cell in cells), strict=True)))
            if product is not None:
                yield product

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Give each row with the number of the line on which it starts."""
        try:
            text = self.file.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            row = error.object[: error.start].count(b"\n") + 1
            self.fault(row, "", "is not UTF-8; save the file as UTF-8 (in Excel: 'CSV UTF-8')")
            return
        except OSError as error:
            self.fault(0, "", f"cannot be read: {error.strerror}")
            return
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        start = 1
        try:
            for cells in reader:
                yield start, cells
                start = reader.line_num + 1
        except csv.Error as error:
            self.fault(start, "", f"is not CSV: {error}")

    def _columns_are_usable(self, columns: list[str]) -> bool:
        if self.faults:
            return False
        for name in COLUMNS:
            if name not in columns and name not in OPTIONAL:
                self.fault(1, name, "this column is missing")
        for name in sorted(set(columns)):
            if name not in COLUMNS:
                self.fault(1, name, f"is no known column; known are {', '.join(COLUMNS)}")
            elif columns.count(name) > 1:
                self.fault(1, name, "stands there twice")
        return not self.faults

    def _product(self, row: int, cells: dict[str, str]) -> Product | None:
        faults = len(self.faults)
        sku = self._sku(row, cells["sku"])
        for column, longest in LONGEST.items():
            if not cells[column]:
                self.fault(row, column, "is empty")
            elif len(cells[column]) > longest:
                self.fault(row, column, f"is longer than {longest} characters")
        price = self._price(row, cells["price"])
        self._picture(row, cells["picture"])
        stock = self._stock(row, cells.get("stock", ""))
        if len(self.faults) > faults:
            return None
        # Names are single lines wherever they are shown.
        name, category = (" ".join(cells[column].split()) for column in ("name", "category"))
        return Product(sku, name, price, category, cells["description"], cells["picture"], stock)

    def _sku(self, row: int, sku: str) -> str:
        if not SKU.fullmatch(sku):
            problem = f"{sku!r} is not 1 to 40 capital letters, digits and hyphens, the first not a hyphen"
            self.fault(row, "sku", problem)
        elif sku in self.rows_by_sku:
            self.fault(row, "sku", f"{sku} stands in row {self.rows_by_sku[sku]} already")
        else:
            self.rows_by_sku[sku] = row
        return sku

    def _price(self, row: int, text: str) -> int:
        try:
            return self.money.read(text)
        except ValueError as error:
            self.fault(row, "price", str(error))
            return 0

    def _stock(self, row: int, text: str) -> int | None:
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) <= 9:
            return int(text)
        self.fault(row, "stock", f"{text!r} is not a whole number of pieces; leave it empty if they are not counted")
        return None

    def _picture(self, row: int, name: str) -> None:
        if name in self.known_pictures:
            return
        path = self.pictures / name
        if not name:
            self.fault(row, "picture", "is empty")
        elif not path.resolve().is_relative_to(self.pictures.resolve()):
            self.fault(row, "picture", f"{name!r} is outside the pictures folder {self.pictures}")
        elif not path.is_file():
            self.fault(row, "picture", f"{name!r} is not in the pictures folder {self.pictures}")
        else:
            self.known_pictures.add(name)


@contextmanager
def _giving_way() -> Iterator[None]:
    """Let shoppers' threads interrupt this one soon.

    A run waits for the interpreter some hundred times, each time up to the switch interval; `app.main` makes that long,
    which serves runs and is hard on them beside a thread that works for seconds.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


class WatchedCatalogue:
    """The catalogue of today, with its index. Reading it costs an attribute; a thread of its own watches the file.

    A file that was edited is read as soon as it stopped changing for a second. A broken edit is logged, each fault
    a line, and the last good catalogue stays.
    """

    def __init__(self, read: Callable[[], Catalogue], file: Path) -> None:
        """Read the catalogue for the first time.

        Raises:
            CatalogueError: it cannot be used.
        """
        self._read = read
        self._file = file
        self._seen = self._signature()
        self.current = Finder(read())
        threading.Thread(target=self._watch, name="catalogue", daemon=True).start()

    def _signature(self) -> tuple[int, int, int] | None:
        try:
            status = self._file.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _watch(self) -> None:
        pause = threading.Event()
        before = self._seen
        while not pause.wait(WATCH_SECONDS):
            now = self._signature()
            if now == before and now != self._seen:
                self._seen = now
                self._take_up()
            before = now

    def _take_up(self) -> None:
        try:
            with _giving_way():
                self.current = Finder(self._read())
        except CatalogueError as error:
            log.error("catalogue edit ignored, the last good one stays", extra={"faults": len(error.faults)})  # noqa: TRY400
            for fault in error.faults:
                log.error("catalogue fault", extra={"fault": str(fault)})  # noqa: TRY400 - an edit's fault, no trace
        else:
            log.info("catalogue taken up", extra={"products": len(self.current.catalogue.products)})
