"""Turns the rows of a catalogue file into products, and checks every cell on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from app.catalogue.columns import LONGEST, OPTIONAL
from app.catalogue.csv_file import CsvFile, Row
from app.catalogue.picture_source import MOST_FURTHER, further_pictures, picture_problem
from app.domain.catalogue import SKU, Product
from app.domain.money import Currency

_ON_ONE_LINE = ("name", "category", "option", "option_name")
MOST_DIGITS = 9
"""Digits of a stock."""


def checked(rows: Iterable[Row], table: CsvFile, pictures: Path, money: Currency) -> Iterator[Product]:
    """Yield the products of good rows. What is wrong with the other rows becomes faults of their file."""
    checking = _Checking(table, pictures, money)
    has_rows = False
    for row, cells in rows:
        has_rows = True
        product = checking.product(row, cells)
        if product is not None:
            yield product
    if not has_rows and not table.faults:
        table.fault(0, "", "has no products")


class _Checking:
    """One pass over the rows of a catalogue."""

    def __init__(self, table: CsvFile, pictures: Path, money: Currency) -> None:
        self._table, self._pictures, self._money = table, pictures, money
        self._fault = table.fault
        self._rows_by_sku: dict[str, int] = {}
        self._good_pictures: set[str] = set()
        self._first_of_group: dict[str, tuple[int, dict[str, str]]] = {}
        self._rows_by_option: dict[tuple[str, str], int] = {}

    def product(self, row: int, cells: dict[str, str]) -> Product | None:
        """Return the product of a row; None if the row has a fault."""
        faults = len(self._table.faults)
        # These are shown on one line, so a line break in them becomes a space.
        line = {column: " ".join(cells.get(column, "").split()) for column in _ON_ONE_LINE}
        self._check_sku(row, cells["sku"])
        self._check_lengths(row, cells)
        price = self._amount(row, "price", cells["price"])
        self._check_picture(row, "picture", cells["picture"])
        further = self._further_pictures(row, cells.get("further_pictures", ""))
        stock = self._stock(row, cells.get("stock", ""))
        compare_at = self._compare_at(row, cells.get("compare_at", ""), price)
        variant_of = cells.get("variant_of", "")
        self._check_variant(row, variant_of, line)
        if len(self._table.faults) > faults or price is None:
            return None
        return Product(
            sku=cells["sku"],
            name=line["name"],
            price=price,
            category=line["category"],
            description=cells["description"],
            picture=cells["picture"],
            stock=stock,
            compare_at=compare_at,
            variant_of=variant_of,
            option=line["option"],
            option_name=line["option_name"],
            further_pictures=further,
        )

    def _check_sku(self, row: int, sku: str) -> None:
        if not SKU.fullmatch(sku):
            problem = f"{sku!r} is not 1 to 40 capital letters, digits and hyphens, the first not a hyphen"
            self._fault(row, "sku", problem)
        elif sku in self._rows_by_sku:
            self._fault(row, "sku", f"{sku} is already in {self._table.place(self._rows_by_sku[sku])}")
        else:
            self._rows_by_sku[sku] = row

    def _check_lengths(self, row: int, cells: dict[str, str]) -> None:
        for column, longest in LONGEST.items():
            if not cells.get(column):
                if column not in OPTIONAL:
                    self._fault(row, column, "is empty")
            elif len(cells[column]) > longest:
                self._fault(row, column, f"is longer than {longest} characters")

    def _amount(self, row: int, column: str, text: str) -> int | None:
        try:
            return self._money.read(text)
        except ValueError as error:
            self._fault(row, column, str(error))
            return None

    def _compare_at(self, row: int, text: str, price: int | None) -> int | None:
        if not text:
            return None
        amount = self._amount(row, "compare_at", text)
        if amount is not None and price is not None and amount <= price:
            self._fault(row, "compare_at", f"{text!r} is not above the price; leave it empty if there is no old price")
        return amount

    def _stock(self, row: int, text: str) -> int | None:
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
            return int(text)
        self._fault(row, "stock", f"{text!r} is not a whole number; leave it empty if you do not count the pieces")
        return None

    def _check_variant(self, row: int, variant_of: str, line: dict[str, str]) -> None:
        """Check a row that is one choice of a page. Choices share name and category; only their options differ."""
        if not variant_of:
            if line["option"]:
                self._fault(
                    row, "variant_of", "is empty, but the row has an option; give all choices of the page one name"
                )
            return
        if not line["option"]:
            self._fault(row, "option", f"is empty; every choice of {variant_of!r} needs an option such as 'Large'")
            return
        first, shared = self._first_of_group.setdefault(variant_of, (row, line))
        for column in ("name", "category", "option_name"):
            if line[column] != shared[column]:
                found = f"{line[column]!r} differs from {shared[column]!r} in {self._table.place(first)}"
                self._fault(row, column, f"{found}; the choices of one page share it")
        earlier = self._rows_by_option.setdefault((variant_of, line["option"].casefold()), row)
        if earlier != row:
            self._fault(
                row, "option", f"{line['option']!r} of {variant_of!r} is already in {self._table.place(earlier)}"
            )

    def _further_pictures(self, row: int, cell: str) -> tuple[str, ...]:
        found = tuple(further_pictures(cell))
        if len(found) > MOST_FURTHER:
            self._fault(row, "further_pictures", f"has {len(found)} pictures; {MOST_FURTHER} are the most")
            return ()
        for source in found:
            self._check_picture(row, "further_pictures", source)
        return found

    def _check_picture(self, row: int, column: str, source: str) -> None:
        if source in self._good_pictures:
            return
        if problem := picture_problem(source, self._pictures):
            self._fault(row, column, problem)
        else:
            self._good_pictures.add(source)
