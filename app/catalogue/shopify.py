"""Turns the product export of a Shopify store into rows of our catalogue. Reads and writes no file.

An export has one row for each variant or further picture. What belongs to the whole product is in one of its rows,
usually the first. The rows of a product share its handle; they need not be next to each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.catalogue.columns import LONGEST
from app.catalogue.csv_file import Row
from app.catalogue.picture_source import BETWEEN, MOST_FURTHER, SHOWN, is_picture_address
from app.catalogue.plain_text import plain_text
from app.catalogue.shopify_rows import Cells, is_variant, option_names, options, picture_position, stock, tags
from app.catalogue.shopify_skus import skus
from app.domain.money import Currency

LEFT_OUT = "left out: "
"""How a remark begins on a row of which nothing is taken."""

OTHER = "Other"
"""The category of a product that names none."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What of a row was left out or altered."""

    row: int
    words: str


def from_shopify(rows: Iterable[Row], money: Currency) -> tuple[list[Row], list[Remark]]:
    """Return rows of our catalogue, each with the number of its row in the export, and what was left out or altered."""
    products: dict[str, list[Row]] = {}
    remarks = []
    for number, cells in rows:
        if cells["handle"]:
            products.setdefault(cells["handle"], []).append((number, cells))
        else:
            remarks.append(Remark(number, f"{LEFT_OUT}it has no handle"))
    made_skus = skus(row for group in products.values() for row in group if is_variant(row[1]))
    common = Counter(tag for group in products.values() for tag in {tag for _, cells in group for tag in tags(cells)})
    converted = []
    for group in products.values():
        product = _Product(group, money, common)
        converted += product.rows(made_skus)
        remarks += product.remarks
    return converted, sorted(remarks, key=lambda remark: remark.row)


class _Product:
    """The rows of one product."""

    def __init__(self, rows: Sequence[Row], money: Currency, common: Counter[str]) -> None:
        self._rows = rows
        self._money = money
        self._common = common
        self._option_names = option_names([cells for _, cells in rows])
        self.remarks: list[Remark] = []
        self._left_out: set[int] = set()

    def rows(self, made_skus: dict[int, str]) -> list[Row]:
        """Return a row of our catalogue for each variant that can be sold."""
        if reason := self._withheld():
            title = self._first("title")
            for number, _ in self._rows:
                self._leave_out(number, f"{title!r} {reason}")
            return []
        sold = self._sold(made_skus)
        shared = self._shared() if sold else {}
        return [(number, {**shared, **own}) for number, own in sold]

    def _sold(self, made_skus: dict[int, str]) -> list[Row]:
        """Return the rows of the variants that can be sold, each with the cells that are its own."""
        pictures = self._pictures()
        self._remark_many(len(pictures))
        sold = []
        for number, cells in self._rows:
            picture = self._variant_picture(number, cells) or (pictures[0] if pictures else "")
            if not is_variant(cells):
                continue
            if not cells["variant price"]:
                self._leave_out(number, "it has no price")
            elif not picture:
                self._leave_out(number, "it has no picture with an https address")
            else:
                further = self._further(picture, pictures)
                own = {**self._own(number, cells), "picture": picture, "further_pictures": further}
                sold.append((number, {**own, "sku": made_skus[number]}))
        return sold

    def _leave_out(self, number: int, reason: str) -> None:
        self._left_out.add(number)
        self._remark(number, f"{LEFT_OUT}{reason}")

    def _remark(self, number: int, words: str) -> None:
        self.remarks.append(Remark(number, words))

    def _first(self, column: str) -> str:
        """Return the first cell of a column that is not empty."""
        return next((cells[column] for _, cells in self._rows if cells.get(column)), "")

    def _withheld(self) -> str:
        if self._first("gift card").lower() == "true":
            return "is a gift card"
        if self._first("published").lower() == "false" or self._first("status").lower() in ("draft", "archived"):
            return "is not published"
        return ""

    def _shared(self) -> dict[str, str]:
        """Return the cells that all variants share."""
        number = self._rows[0][0]
        name = self._cut(number, "name", " ".join(self._first("title").split()))
        description = self._cut(number, "description", plain_text(self._first("body (html)")))
        if name and not description:
            self._remark(number, "has no description: its name is used instead")
        category = self._cut(number, "category", self._category() or self._category_of_tags(number) or OTHER)
        return {"name": name, "description": description or name, "category": category}

    def _category(self) -> str:
        path = self._first("product category") or self._first("google shopping / google product category")
        last = path.rpartition(">")[2].strip()
        return " ".join(self._first("type").split()) or ("" if last.isdigit() else last)

    def _category_of_tags(self, number: int) -> str:
        """Return the tag that most products of the file share; the first of several."""
        own = [tag for _, cells in self._rows for tag in tags(cells)]
        if not own:
            return ""
        found = max(own, key=self._common.__getitem__)
        self._remark(number, f"has no type: its category is {found!r}, the tag that most products share")
        return found

    def _cut(self, number: int, column: str, text: str) -> str:
        longest = LONGEST[column]
        if len(text) <= longest:
            return text
        self._remark(number, f"{column} cut to {longest} characters")
        return text[: longest - 1].rpartition(" ")[0] + "…" if " " in text[:longest] else text[: longest - 1] + "…"

    def _own(self, number: int, cells: Cells) -> dict[str, str]:
        """Return the cells that are a variant's own."""
        option = " / ".join(options(cells))
        named = self._cut(number, "option_name", " / ".join(self._option_names))
        return {
            "price": cells["variant price"],
            "compare_at": self._compare_at(number, cells),
            "stock": stock(cells),
            "variant_of": cells["handle"] if option else "",
            "option": option,
            "option_name": named if option else "",
        }

    def _compare_at(self, number: int, cells: Cells) -> str:
        text = cells.get("variant compare at price", "")
        try:
            above = not text or self._money.read(text) > self._money.read(cells["variant price"])
        except ValueError:
            return text  # becomes a fault when the rows are checked
        if not above:
            self._remark(number, f"compare-at price {text} left out: it is not above the price")
        return text if above else ""

    def _pictures(self) -> list[str]:
        """Return the addresses of the product's pictures, in the order of their positions."""
        found = []
        for number, cells in self._rows:
            address = cells.get("image src", "")
            if address and not is_picture_address(address):
                self._remark(number, f"picture left out: {address[:SHOWN]!r} is not an https address")
            elif address:
                found.append((picture_position(cells), address))
            elif not is_variant(cells):
                self._leave_out(number, "it is neither a variant nor a picture")
        return [address for _, address in sorted(found, key=lambda pair: pair[0])]

    def _variant_picture(self, number: int, cells: Cells) -> str:
        address = cells.get("variant image", "")
        if address and not is_picture_address(address):
            self._remark(number, f"variant's picture left out: {address[:SHOWN]!r} is not an https address")
            return ""
        return address

    def _further(self, picture: str, pictures: Sequence[str]) -> str:
        """Return the cell `further_pictures` of a variant: the product's pictures but its own."""
        others = [other for other in dict.fromkeys(pictures) if other != picture]
        return f" {BETWEEN} ".join(others[:MOST_FURTHER])

    def _remark_many(self, pictures: int) -> None:
        if pictures > MOST_FURTHER + 1:
            self._remark(self._rows[0][0], f"pictures beyond the first {MOST_FURTHER + 1} left out")
