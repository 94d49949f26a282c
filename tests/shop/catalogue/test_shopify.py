"""`python -m app catalogue`: what is made of Shopify's export, what is said of the rest, and how it is written."""

from __future__ import annotations

import csv
import os
import random
import shutil
from pathlib import Path

import pytest

from app.__main__ import main
from app.catalogue.commands import LARGE, _shown, differences, write_rows
from app.catalogue.csv_file import CsvFile, Row
from app.catalogue.products_file import COLUMNS, read_catalogue
from app.catalogue.shopify import Remark, from_shopify, is_shopify, plain_text
from app.check import _catalogue
from app.domain.catalogue import SKU, Catalogue, Product
from app.domain.money import Currency
from app.settings import load
from testbed import ROOT

EXPORT = Path(__file__).with_name("data") / "shopify.csv"
EUROS = Currency("EUR", "en_IE")
IMAGES = "https://img.example.com/"


def converted(*rows: dict[str, str]) -> tuple[list[Row], list[Remark]]:
    """Convert the export of these rows, each with what is not said as it usually is."""
    usual = {"handle": "pot", "title": "Pot", "variant price": "5", "image src": f"{IMAGES}pot.jpg"}
    return from_shopify([(number, {**usual, **row}) for number, row in enumerate(rows, 2)], EUROS)


def cells(*rows: dict[str, str]) -> dict[str, str]:
    """Return the one row that is made of these."""
    (row,) = converted(*rows)[0]
    return row[1]


def remarks(*rows: dict[str, str]) -> list[tuple[int, str]]:
    return [(remark.row, remark.words) for remark in converted(*rows)[1]]


# The conversion


def test_an_export_is_known_by_its_columns() -> None:
    assert is_shopify(CsvFile(EXPORT).columns)
    assert not is_shopify(COLUMNS)


def test_every_row_of_an_export_becomes_a_product_or_is_spoken_of() -> None:
    rows, said = from_shopify(CsvFile(EXPORT).rows(), EUROS)
    assert [row for row, _ in rows] == [2, 3, 4, 6, 7]
    assert [(remark.row, remark.words) for remark in said] == [
        (4, "compare-at price 49.50 left out: it is not above the price"),
        (5, "further picture left out: a product shows one"),
        (7, "has no description: its name stands there"),
        (8, "left out: 'Old lamp' is not published"),
        (9, "left out: 'Voucher' is a gift card"),
        (10, "left out: 'Draft rug' is not published"),
        (11, "left out: it has no price"),
        (12, "picture left out: 'http://img.example.com/vase.jpg' is no https address"),
        (12, "left out: it has no picture with an https address"),
        (13, "left out: it has no handle"),
    ]


def test_a_product_with_variants_becomes_choices_of_one_page() -> None:
    small, grey, red = (cells for _, cells in from_shopify(CsvFile(EXPORT).rows(), EUROS)[0][:3])
    assert small == {
        "sku": "FELT-BAG-SMALL-GREY",
        "name": "Felt bag",
        "price": "39.50",
        "category": "Bags",
        "description": "Wool felt, handmade. Two pockets Zip & strap",
        "picture": f"{IMAGES}bag-1.jpg",
        "stock": "4",
        "compare_at": "45.00",
        "variant_of": "felt-bag",
        "option": "Small / Grey",
    }
    assert (grey["option"], grey["picture"], grey["stock"]) == ("Large / Grey", f"{IMAGES}bag-2.jpg", "0")
    assert (red["option"], red["picture"], red["compare_at"]) == ("Large / Red", f"{IMAGES}bag-1.jpg", "")
    assert red["stock"] == "", "it is sold beyond the pieces there are"


def test_a_product_without_variants_is_a_page_of_its_own() -> None:
    row = cells({"option1 name": "Title", "option1 value": "Default Title"})
    assert (row["sku"], row["variant_of"], row["option"]) == ("POT", "", "")


@pytest.mark.parametrize(
    ("row", "category"),
    [
        ({"type": "Pots"}, "Pots"),
        ({"type": "Pots", "product category": "Home > Vases"}, "Pots"),
        ({"product category": "Home & Garden > Decor > Vases"}, "Vases"),
        ({"google shopping / google product category": "602"}, "Other"),
        ({}, "Other"),
    ],
)
def test_the_category_is_the_type_or_the_end_of_the_product_category(row: dict[str, str], category: str) -> None:
    assert cells(row)["category"] == category


@pytest.mark.parametrize(
    ("tracker", "policy", "quantity", "stock"),
    [
        ("shopify", "deny", "3", "3"),
        ("shopify", "deny", "-3", "0"),
        ("shopify", "continue", "3", ""),
        ("shopify", "deny", "", ""),
        ("", "deny", "3", ""),
        ("shopify", "deny", "many", "many"),
    ],
)
def test_stock_counts_where_it_is_tracked(tracker: str, policy: str, quantity: str, stock: str) -> None:
    row = {
        "variant inventory tracker": tracker,
        "variant inventory policy": policy,
        "variant inventory qty": quantity,
    }
    assert cells(row)["stock"] == stock


def test_the_first_picture_by_position_is_shown_and_the_others_are_spoken_of() -> None:
    further = {"title": "", "variant price": ""}
    rows = (
        {"image src": f"{IMAGES}b.jpg", "image position": "2"},
        {**further, "image src": f"{IMAGES}a.jpg", "image position": "1"},
        {**further, "image src": ""},
    )
    assert cells(*rows)["picture"] == f"{IMAGES}a.jpg"
    assert remarks(*rows) == [
        (2, "further picture left out: a product shows one"),
        (2, "has no description: its name stands there"),
        (4, "left out: neither a variant nor a picture"),
    ]


def test_long_texts_are_cut_at_a_word_and_it_is_said() -> None:
    rows = ({"title": "pot " * 50, "body (html)": "x" * 2_001},)
    row = cells(*rows)
    assert len(row["name"]) <= 120
    assert row["name"].endswith("pot…")
    assert len(row["description"]) == 2_000
    assert remarks(*rows) == [(2, "name cut to 120 characters"), (2, "description cut to 2000 characters")]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain\n  words", "plain words"),
        ("<p>One.</p><p>Two<br>lines, <em>one</em>s</p>", "One. Two lines, ones"),
        ("<script>if (a < b) { x() }</script>Seen<style>p { }</style>", "Seen"),
        ("5 &lt; 6 &amp;&nbsp;7 <!-- hidden -->", "5 < 6 & 7"),
        ("<p>never closed", "never closed"),
    ],
)
def test_html_becomes_words_on_a_line(html: str, text: str) -> None:
    assert plain_text(html) == text


# SKUs


def skus(rows: list[Row]) -> dict[tuple[str, str], str]:
    """Return the SKU of each product by its name and option."""
    return {(cells["name"], cells["option"]): cells["sku"] for _, cells in from_shopify(rows, EUROS)[0]}


def test_skus_stay_the_same_in_whatever_order_the_rows_come() -> None:
    table = CsvFile(EXPORT)
    rows = list(table.rows())
    before = skus(rows)
    assert len(set(before.values())) == 5
    for seed in range(20):
        random.Random(seed).shuffle(rows)
        assert skus(rows) == before


@pytest.mark.parametrize(
    ("row", "sku"),
    [
        ({"variant sku": "SHELF-90"}, "SHELF-90"),
        ({"variant sku": "shelf_oak 90"}, "SHELF-OAK-90"),
        ({"variant sku": "'4711"}, "4711"),
        ({"handle": "crème-brûlée"}, "CREME-BRULEE"),
        ({"handle": "bag", "option1 value": "Größe 4"}, "BAG-GROE-4"),
    ],
)
def test_a_sku_is_the_exports_own_or_made_of_handle_and_options(row: dict[str, str], sku: str) -> None:
    assert cells(row)["sku"] == sku


@pytest.mark.parametrize("row", [{"handle": "a-very-long-handle-of-a-product-in-a-shop"}, {"handle": "花瓶"}])
def test_a_sku_that_would_be_too_long_or_empty_has_a_hash(row: dict[str, str]) -> None:
    made = cells(row)["sku"]
    assert SKU.fullmatch(made)
    assert len(made) <= 40
    assert cells(row)["sku"] == made


def test_skus_that_would_be_the_same_are_told_apart_by_a_hash_each() -> None:
    rows, _ = converted({"handle": "tea-pot"}, {"handle": "tea_pot"}, {"handle": "cup", "variant sku": "CUP"})
    made = [cells["sku"] for _, cells in rows]
    assert len(set(made)) == 3
    assert all(sku.startswith("TEA-POT-") for sku in made[:2])
    assert made[2] == "CUP"


# The commands


class Shop:
    """A shop's folder of its own, and its command line."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        shutil.copytree(ROOT / "catalogue", folder / "catalogue")
        shutil.copy(ROOT / "config.toml", folder)
        monkeypatch.setenv("KEEPCART_CONFIG", str(folder / "config.toml"))
        monkeypatch.setenv("KEEPCART_STORE__CURRENCY", "EUR")
        self.folder = folder
        self.file = folder / "catalogue" / "products.csv"
        self._capsys = capsys

    def runs(self, *arguments: str | Path) -> tuple[int, str]:
        """Return the exit status, and everything that was printed."""
        status = main(["catalogue", *map(str, arguments)])
        printed = self._capsys.readouterr()
        return status, printed.out + printed.err

    def read(self) -> Catalogue:
        return read_catalogue(self.file, self.folder / "catalogue" / "pictures", EUROS)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shop:
    return Shop(tmp_path, monkeypatch, capsys)


def test_a_dry_run_says_what_would_be_and_writes_nothing(shop: Shop) -> None:
    before = shop.file.read_bytes()
    status, said = shop.runs("import", EXPORT, "--currency", "EUR")
    assert status == 0
    assert "Added (5)\n  FELT-BAG-SMALL-GREY  Felt bag, Small / Grey  €39.50\n" in said
    assert "Removed (24)\n  LAPTOP  Laptop\n" in said
    assert "  row 9: left out: 'Voucher' is a gift card\n" in said
    assert "12 rows: 5 products on 3 pages, 7 left out, 0 faults; 5 added, 0 changed, 24 removed, 0 as before" in said
    assert "Nothing is written" in said
    assert shop.file.read_bytes() == before


def test_a_catalogue_that_was_written_is_what_the_dry_run_said(shop: Shop) -> None:
    status, said = shop.runs("import", EXPORT, "--currency", "eur", "--write")
    assert (status, said.splitlines()[-1]) == (0, f"Written: {shop.file}")
    products = shop.read().products
    assert [product.sku for product in products][3:] == ["SHELF-OAK-90", "TT-1"]
    assert (products[0].compare_at, products[0].price, products[1].stock) == (4_500, 3_950, 0)
    assert [path.name for path in shop.file.parent.iterdir() if path.name.startswith(".")] == []
    status, said = shop.runs("import", EXPORT, "--currency", "EUR")
    assert "0 added, 0 changed, 0 removed, 5 as before" in said


def test_our_own_files_are_taken_too_and_changes_are_told_field_by_field(shop: Shop, tmp_path: Path) -> None:
    edited = tmp_path / "edited.csv"
    text = shop.file.read_text(encoding="utf-8")
    edited.write_text(text.replace("MOUSE,Mouse,349,", "MOUSE,Wired mouse,299.50,"), encoding="utf-8")
    status, said = shop.runs("import", edited)
    assert status == 0
    assert "Changed (1)\n  MOUSE  name Mouse → Wired mouse; price €349 → €299.50\n" in said
    assert "24 rows: 24 products on 24 pages, 0 left out, 0 faults; 0 added, 1 changed, 0 removed, 23 as before" in said


def test_long_texts_are_named_but_not_shown_among_the_changes() -> None:
    old = Product("A", "A", 100, "C", "long", "a.svg", 3)
    new = Product("A", "A", 100, "C", "longer", "a.svg", None, 150)
    assert differences(old, new, EUROS) == ["description", "stock 3 → none", "compare_at none → €1.50"]


def test_faults_stop_the_writing_and_are_named_by_the_rows_of_the_file(shop: Shop, tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    text = EXPORT.read_text(encoding="utf-8").replace(",80,", ",eighty,").replace("Tea towel", "")
    broken.write_text(text + "too,few,cells\n", encoding="utf-8")
    before = shop.file.read_bytes()
    status, said = shop.runs("import", broken, "--currency", "EUR", "--write")
    assert status == 1
    for place in ("row 6, price: 'eighty' is not a number", "row 7, name: is empty", "row 14: has 3 cells"):
        assert f"  {broken}, {place}" in said
    assert "stays as it is" in said
    assert shop.file.read_bytes() == before


def test_another_encoding_is_named_with_its_row(shop: Shop, tmp_path: Path) -> None:
    latin = tmp_path / "latin.csv"
    latin.write_bytes(EXPORT.read_text(encoding="utf-8").replace("Oak shelf", "Étagère").encode("latin-1"))
    status, said = shop.runs("import", latin, "--currency", "EUR")
    assert status == 1
    assert f"{latin}, row 6: is not UTF-8" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "names no currency; say which its prices are in, such as --currency EUR"),
        (
            ("--currency", "USD"),
            "--currency USD is not EUR, the one currency of this shop; to sell in USD set store.currency",
        ),
    ],
)
def test_an_export_is_taken_in_the_shops_one_currency(shop: Shop, arguments: tuple[str, ...], said: str) -> None:
    status, printed = shop.runs("import", EXPORT, *arguments)
    assert status == 1
    assert said in printed


def test_another_catalogue_than_the_shops_can_be_written(shop: Shop, tmp_path: Path) -> None:
    status, said = shop.runs("import", EXPORT, "--currency", "EUR", "--to", tmp_path / "new.csv", "--write")
    assert status == 0
    assert "No catalogue to compare with" in said
    assert (tmp_path / "new.csv").stat().st_mode & 0o777 == 0o644
    assert shop.runs("check", tmp_path / "new.csv") == (
        0,
        f"{tmp_path / 'new.csv'}: 5 products on 3 pages, 0 faults\n",
    )


def test_the_operators_check_does_not_look_for_pictures_from_elsewhere(shop: Shop) -> None:
    shop.runs("import", EXPORT, "--currency", "EUR", "--write")
    found = _catalogue(load())
    assert (found.state, found.found) == ("ok", "5 products, every picture is there")


def test_a_folder_that_is_not_there_is_said_in_a_line(shop: Shop, tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "new.csv"
    status, said = shop.runs("import", EXPORT, "--currency", "EUR", "--to", target, "--write")
    assert status == 1
    assert f"keepcart: {target} cannot be written: No such file or directory" in said


def test_a_writing_that_fails_leaves_the_old_file_and_nothing_else(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    before = shop.file.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_rows(shop.file, [(2, {"sku": "A"})])
    assert shop.file.read_bytes() == before
    assert sorted(path.name for path in shop.file.parent.iterdir()) == ["pictures", "products.csv"]


def test_check_prints_every_fault_and_says_so_by_its_status(shop: Shop) -> None:
    assert shop.runs("check") == (0, f"{shop.file}: 24 products on 24 pages, 0 faults\n")
    text = shop.file.read_text(encoding="utf-8")
    shop.file.write_text(text.replace(",349,", ",-1,").replace("laptop.svg", "none.svg"), encoding="utf-8")
    status, said = shop.runs("check")
    assert status == 1
    assert said.splitlines() == [
        f"{shop.file}, row 2, picture: 'none.svg' is not in the pictures folder {shop.folder}/catalogue/pictures",
        f"{shop.file}, row 3, price: '-1' is negative",
        f"{shop.file}: 22 products on 22 pages, 2 faults",
    ]


def test_a_wrong_setting_is_said_in_a_line(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEPCART_STORE__CURRENCY", "XYZW")
    status, said = shop.runs("check")
    assert status == 1
    assert said.startswith("keepcart: KEEPCART_STORE__CURRENCY: store.currency 'XYZW'")


@pytest.mark.parametrize(
    ("terminal", "lines", "drawn"), [(True, LARGE, True), (True, 10, False), (False, LARGE, False)]
)
def test_a_bar_is_drawn_for_a_large_file_where_a_person_looks_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, terminal: bool, lines: int, drawn: bool
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
    rows: list[Row] = [(number, {}) for number in range(2, lines + 2)]
    assert list(_shown(rows, lines)) == rows
    printed = capsys.readouterr()
    assert printed.out == ""
    assert (" 50%" in printed.err) == drawn
    assert bool(printed.err) == drawn


def test_what_is_written_is_read_again_as_it_was(tmp_path: Path) -> None:
    awkward = {"sku": "A", "name": 'A "quoted", name', "description": "two\nlines, ₹"}
    write_rows(tmp_path / "new.csv", [(2, awkward)])
    with (tmp_path / "new.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert {column: cell for column, cell in row.items() if cell} == awkward
