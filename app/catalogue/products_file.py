"""Reads the shopkeeper's catalogue file, and takes up an edited one while the shop runs."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from app.catalogue.csv_file import CsvFile, Fault, Row
from app.domain.catalogue import SKU, Catalogue, Product
from app.domain.finding import Finder
from app.domain.money import Currency

log = logging.getLogger(__name__)

COLUMNS = (
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
)
OPTIONAL = ("stock", "compare_at", "variant_of", "option")
LONGEST = {"name": 120, "category": 60, "description": 2_000, "variant_of": 255, "option": 120}
LONGEST_ADDRESS = 2_000
WATCH_SECONDS = 1.0


class CatalogueError(Exception):
    """A catalogue file cannot be used; `faults` has everything that is wrong with it, in the file's order."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def read_catalogue(file: Path, pictures: Path, money: Currency) -> Catalogue:
    """Read a catalogue: UTF-8 CSV with the columns of `COLUMNS` in any order, those of `OPTIONAL` if need be.

    Raises:
        CatalogueError: with every fault of the file at once.
    """
    table = CsvFile(file)
    rows = table.rows() if columns_are_usable(table) else ()
    products = list(checked(rows, table, pictures, money))
    if table.faults:
        raise CatalogueError(table.faults)
    return Catalogue.of(products)


def columns_are_usable(table: CsvFile) -> bool:
    """Tell whether a file has the columns of a catalogue; what is wrong with them is noted as its faults."""
    if table.faults:
        return False
    for name in COLUMNS:
        if name not in table.columns and name not in OPTIONAL:
            table.fault(1, name, "this column is missing")
    for name in sorted(set(table.columns)):
        if name not in COLUMNS:
            table.fault(1, name, f"is no known column; known are {', '.join(COLUMNS)}")
        elif table.columns.count(name) > 1:
            table.fault(1, name, "stands there twice")
    return not table.faults


def checked(rows: Iterable[Row], table: CsvFile, pictures: Path, money: Currency) -> Iterator[Product]:
    """Give the products of good rows; what is wrong with the others is noted as faults of the file they are from."""
    checking = _Checking(table, pictures, money)
    none = True
    for row, cells in rows:
        none = False
        product = checking.product(row, cells)
        if product is not None:
            yield product
    if none and not table.faults:
        table.fault(0, "", "has no products")


class _Checking:
    """One pass over the rows of a catalogue."""

    def __init__(self, table: CsvFile, pictures: Path, money: Currency) -> None:
        self.table, self.pictures, self.money = table, pictures, money
        self.fault = table.fault
        self.rows_by_sku: dict[str, int] = {}
        self.known_pictures: set[str] = set()
        self.groups: dict[str, tuple[int, dict[str, str]]] = {}
        self.rows_by_option: dict[tuple[str, str], int] = {}

    def product(self, row: int, cells: dict[str, str]) -> Product | None:
        faults = len(self.table.faults)
        # Names are single lines wherever they are shown.
        line = {column: " ".join(cells.get(column, "").split()) for column in ("name", "category", "option")}
        sku = self._sku(row, cells["sku"])
        for column, longest in LONGEST.items():
            if not cells.get(column):
                if column not in OPTIONAL:
                    self.fault(row, column, "is empty")
            elif len(cells[column]) > longest:
                self.fault(row, column, f"is longer than {longest} characters")
        price = self._amount(row, "price", cells["price"])
        self._picture(row, cells["picture"])
        stock = self._stock(row, cells.get("stock", ""))
        compare_at = self._compare_at(row, cells.get("compare_at", ""), price)
        variant_of = cells.get("variant_of", "")
        if variant_of or line["option"]:
            self._variant(row, variant_of, line)
        if len(self.table.faults) > faults or price is None:
            return None
        description, picture = cells["description"], cells["picture"]
        return Product(
            sku,
            line["name"],
            price,
            line["category"],
            description,
            picture,
            stock,
            compare_at,
            variant_of,
            line["option"],
        )

    def _sku(self, row: int, sku: str) -> str:
        if not SKU.fullmatch(sku):
            problem = f"{sku!r} is not 1 to 40 capital letters, digits and hyphens, the first not a hyphen"
            self.fault(row, "sku", problem)
        elif sku in self.rows_by_sku:
            self.fault(row, "sku", f"{sku} stands in row {self.rows_by_sku[sku]} already")
        else:
            self.rows_by_sku[sku] = row
        return sku

    def _amount(self, row: int, column: str, text: str) -> int | None:
        try:
            return self.money.read(text)
        except ValueError as error:
            self.fault(row, column, str(error))
            return None

    def _compare_at(self, row: int, text: str, price: int | None) -> int | None:
        if not text:
            return None
        amount = self._amount(row, "compare_at", text)
        if amount is not None and price is not None and amount <= price:
            self.fault(row, "compare_at", f"{text!r} is not above the price; leave it empty if there is no old price")
        return amount

    def _stock(self, row: int, text: str) -> int | None:
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) <= 9:
            return int(text)
        self.fault(row, "stock", f"{text!r} is not a whole number of pieces; leave it empty if they are not counted")
        return None

    def _variant(self, row: int, variant_of: str, line: dict[str, str]) -> None:
        """Check a row that is one choice of a page: they are told apart by their options and by nothing else."""
        if not variant_of:
            self.fault(row, "variant_of", "is empty beside an option; name what its choices share")
            return
        if not line["option"]:
            self.fault(row, "option", f"is empty; say what tells this choice of {variant_of!r} apart")
            return
        first, same = self.groups.setdefault(variant_of, (row, line))
        for column in ("name", "category"):
            if line[column] != same[column]:
                problem = f"{line[column]!r} is not {same[column]!r} as in row {first}; choices of one page share it"
                self.fault(row, column, problem)
        earlier = self.rows_by_option.setdefault((variant_of, line["option"].casefold()), row)
        if earlier != row:
            self.fault(row, "option", f"{line['option']!r} stands in row {earlier} already, for {variant_of!r}")

    def _picture(self, row: int, name: str) -> None:
        if name in self.known_pictures:
            return
        problem = self._wrong_address(name) if "://" in name else self._wrong_file(name)
        if problem:
            self.fault(row, "picture", problem)
        else:
            self.known_pictures.add(name)

    def _wrong_address(self, address: str) -> str:
        if not is_picture_address(address):
            return f"{address[:80]!r} is no https address; a picture from elsewhere must have one"
        return ""

    def _wrong_file(self, name: str) -> str:
        path = self.pictures / name
        if not name:
            return "is empty"
        try:
            if not path.resolve().is_relative_to(self.pictures.resolve()):
                return f"{name!r} is outside the pictures folder {self.pictures}"
            found = path.is_file()
        except (OSError, ValueError):  # too long for a name of a file, or with a NUL in it
            found = False
        return "" if found else f"{name[:80]!r} is not in the pictures folder {self.pictures}"


def is_picture_address(text: str) -> bool:
    """Tell whether a picture can be fetched from an address: https, with a host, not too long, nothing blank in it."""
    if not text.startswith("https://") or len(text) > LONGEST_ADDRESS or not text.isprintable() or " " in text:
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


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
