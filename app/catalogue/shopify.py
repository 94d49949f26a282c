"""Turns the product export of a Shopify store into rows of our catalogue. Pure: no file is read or written here.

An export has one row a variant or further picture; what belongs to the whole product stands in one of its rows, mostly
the first. Rows of a product are known by their handle, wherever they stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html.parser import HTMLParser

from app.catalogue.csv_file import Row
from app.catalogue.products_file import LONGEST, is_picture_address
from app.domain.catalogue import SKU
from app.domain.money import Currency

OTHER = "Other"
_NO_OPTION = "Default Title"
_OPTIONS = ("option1 value", "option2 value", "option3 value")
_INLINE = {"a", "abbr", "b", "code", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u"}
_LAST = 10**9
_LONGEST_SKU, _HASH = 40, 8


@dataclass(frozen=True, slots=True)
class Remark:
    """What of a row was left out, or is not as it stood there."""

    row: int
    words: str


def is_shopify(columns: Iterable[str]) -> bool:
    """Tell whether a file's columns are those of Shopify's export."""
    return {"handle", "title", "variant price"} <= set(columns)


def from_shopify(rows: Iterable[Row], money: Currency) -> tuple[list[Row], list[Remark]]:
    """Return rows of our catalogue, each with the number of the row it was made of, and what else became of rows."""
    products: dict[str, list[Row]] = {}
    remarks = []
    for number, cells in rows:
        if cells["handle"]:
            products.setdefault(cells["handle"], []).append((number, cells))
        else:
            remarks.append(Remark(number, "left out: it has no handle"))
    skus = _skus(row for group in products.values() for row in group if _is_variant(row[1]))
    converted = []
    for group in products.values():
        product = _Product(group, money)
        converted += product.rows(skus)
        remarks += product.remarks
    return converted, sorted(remarks, key=lambda remark: remark.row)


class _Product:
    """The rows of one product."""

    def __init__(self, rows: Sequence[Row], money: Currency) -> None:
        self._rows = rows
        self._money = money
        self.remarks: list[Remark] = []
        self._left_out: set[int] = set()

    def rows(self, skus: dict[int, str]) -> list[Row]:
        """Return a row of our catalogue for each variant that can be sold."""
        if reason := self._withheld():
            for number, _ in self._rows:
                self._leave_out(number, f"{self._first('title')!r} {reason}")
            return []
        pictures = self._pictures()
        sold = []
        for number, cells in self._rows:
            picture = self._variant_picture(number, cells) or (pictures[0] if pictures else "")
            if not _is_variant(cells):
                continue
            if not cells["variant price"]:
                self._leave_out(number, "it has no price")
            elif not picture:
                self._leave_out(number, "it has no picture with an https address")
            else:
                sold.append((number, {**self._own(number, cells), "sku": skus[number], "picture": picture}))
        self._tell_further_pictures({cells["picture"] for _, cells in sold})
        shared = self._shared() if sold else {}
        return [(number, {**shared, **own}) for number, own in sold]

    def _leave_out(self, number: int, reason: str) -> None:
        self._left_out.add(number)
        self._remark(number, f"left out: {reason}")

    def _remark(self, number: int, words: str) -> None:
        self.remarks.append(Remark(number, words))

    def _first(self, column: str) -> str:
        """Return what stands in a column of the first row that has anything there."""
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
            self._remark(number, "has no description: its name stands there")
        category = self._cut(number, "category", self._category())
        return {"name": name, "description": description or name, "category": category}

    def _category(self) -> str:
        path = self._first("product category") or self._first("google shopping / google product category")
        last = path.rpartition(">")[2].strip()
        return " ".join(self._first("type").split()) or ("" if last.isdigit() else last) or OTHER

    def _cut(self, number: int, column: str, text: str) -> str:
        longest = LONGEST[column]
        if len(text) <= longest:
            return text
        self._remark(number, f"{column} cut to {longest} characters")
        return text[: longest - 1].rpartition(" ")[0] + "…" if " " in text[:longest] else text[: longest - 1] + "…"

    def _own(self, number: int, cells: dict[str, str]) -> dict[str, str]:
        """Return the cells that are a variant's own."""
        option = " / ".join(_options(cells))
        return {
            "price": cells["variant price"],
            "compare_at": self._compare_at(number, cells),
            "stock": _stock(cells),
            "variant_of": cells["handle"] if option else "",
            "option": option,
        }

    def _compare_at(self, number: int, cells: dict[str, str]) -> str:
        text = cells.get("variant compare at price", "")
        try:
            above = not text or self._money.read(text) > self._money.read(cells["variant price"])
        except ValueError:
            return text  # what cannot be read is a fault, found with all others
        if not above:
            self._remark(number, f"compare-at price {text} left out: it is not above the price")
        return text if above else ""

    def _pictures(self) -> list[str]:
        """Return the addresses of the product's pictures, in the order of their positions."""
        found = []
        for number, cells in self._rows:
            address = cells.get("image src", "")
            if address and not is_picture_address(address):
                self._remark(number, f"picture left out: {address[:80]!r} is no https address")
            elif address:
                found.append((_position(cells), address))
            elif not _is_variant(cells):
                self._leave_out(number, "neither a variant nor a picture")
        return [address for _, address in sorted(found, key=lambda pair: pair[0])]

    def _variant_picture(self, number: int, cells: dict[str, str]) -> str:
        address = cells.get("variant image", "")
        if address and not is_picture_address(address):
            self._remark(number, f"variant's picture left out: {address[:80]!r} is no https address")
            return ""
        return address

    def _tell_further_pictures(self, used: set[str]) -> None:
        for number, cells in self._rows:
            address = cells.get("image src", "")
            if number not in self._left_out and is_picture_address(address) and address not in used:
                self._remark(number, "further picture left out: a product shows one")


def _is_variant(cells: dict[str, str]) -> bool:
    """Tell whether a row is a variant and not just a further picture."""
    return any(cells.get(column) for column in ("title", "variant price", "variant sku", *_OPTIONS))


def _options(cells: dict[str, str]) -> list[str]:
    """Return what a variant's options are set to; nothing where the product has just one."""
    values = [" ".join(cells.get(column, "").split()) for column in _OPTIONS]
    return [] if values == [_NO_OPTION, "", ""] else [value for value in values if value]


def _position(cells: dict[str, str]) -> int:
    text = cells.get("image position", "")
    return int(text) if text.isascii() and text.isdigit() else _LAST


def _stock(cells: dict[str, str]) -> str:
    """Return the pieces left where Shopify counts them and stops selling at none; below none there is none."""
    counted = cells.get("variant inventory tracker") and cells.get("variant inventory policy") != "continue"
    pieces = cells.get("variant inventory qty", "") if counted else ""
    return "0" if re.fullmatch(r"-[0-9]+", pieces) else pieces


def _skus(variants: Iterable[Row]) -> dict[int, str]:
    """Return a SKU for each variant by its row: the export's own, or one made of handle and options.

    Where it would be too long, or two would have the same, each gets a hash of its handle and options; so neither the
    order of rows nor other products change it.
    """
    identities, bases = {}, {}
    for number, cells in variants:
        named = [cells["handle"], *_options(cells)]
        identities[number] = "\0".join(named)
        bases[number] = _plain_sku(cells.get("variant sku", "")) or _plain_sku(" ".join(named))
    taken = Counter(bases.values())
    return {
        number: base if taken[base] == 1 and SKU.fullmatch(base) else _hashed_sku(base, identities[number])
        for number, base in bases.items()
    }


def _plain_sku(text: str) -> str:
    if SKU.fullmatch(text):
        return text
    return re.sub(
        "[^A-Z0-9]+", "-", unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    ).strip("-")


def _hashed_sku(base: str, identity: str) -> str:
    end = sha256(identity.encode()).hexdigest()[:_HASH].upper()
    return f"{base[: _LONGEST_SKU - _HASH - 1].strip('-')}-{end}".lstrip("-")


def plain_text(html: str) -> str:
    """Return the words of an HTML text on one line, without what browsers do not show."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    return " ".join("".join(parser.words).split())


class _Words(HTMLParser):
    """Collects text outside scripts and styles; tags that begin a line of their own keep words apart."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the signature
        """Begin what is not shown, or a new line."""
        if tag in ("script", "style"):
            self._hidden = tag
        elif tag not in _INLINE:
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if tag == self._hidden:
            self._hidden = ""
        elif tag not in _INLINE:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        """Keep text that is shown."""
        if not self._hidden:
            self.words.append(data)
