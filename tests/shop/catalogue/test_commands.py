"""`python -m app catalogue`: what the commands print, and what they write."""

from __future__ import annotations

import csv
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.__main__ import main
from app.catalogue.csv_file import Row
from app.catalogue.differences import changes
from app.catalogue.products_file import keep_backup, read_catalogue, write_rows
from app.check import _catalogue
from app.domain.catalogue import Catalogue, Product
from app.domain.money import Currency
from app.settings import load
from app.terminal import LARGE, with_progress
from testbed import ROOT

EXPORT = Path(__file__).with_name("data") / "shopify.csv"
EUROS = Currency("EUR", "en_IE")


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
    assert "12 rows: 5 products on 3 pages, 6 left out, 0 faults; 5 added, 0 changed, 24 removed, 0 as before" in said
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


@pytest.mark.parametrize("command", [("check",), ("import", "--currency", "EUR")])
@pytest.mark.parametrize("place", ["sku,name", "PEN,Pen"])
def test_what_a_hostile_file_holds_does_nothing_to_the_terminal(
    shop: Shop, tmp_path: Path, command: tuple[str, ...], place: str
) -> None:
    hostile = "\x1b]0;owned\x07\x9b31m\u202e"
    columns = "sku,name,price,category,description,picture"
    rows = f"{columns}\nPEN,Pen,1,Pens,Writes.,laptop.svg\n".replace(place, f"{place}{hostile}")
    file = tmp_path / f"new{hostile}.csv"
    file.write_text(rows, encoding="utf-8")
    status, said = shop.runs(command[0], file, *command[1:])
    assert status == 1
    assert "U+001B" in said
    assert [letter for letter in said if not letter.isprintable() and letter != "\n"] == []


def test_a_formula_stays_as_it_is(shop: Shop, tmp_path: Path) -> None:
    text = shop.file.read_text(encoding="utf-8").replace("MOUSE,Mouse,", "MOUSE,=cmd|' /C calc'!A0,")
    (tmp_path / "formula.csv").write_text(text, encoding="utf-8")
    assert shop.runs("import", tmp_path / "formula.csv", "--write")[0] == 0
    assert shop.read().by_sku["MOUSE"].name == "=cmd|' /C calc'!A0"


def test_our_own_files_are_taken_too_and_changes_are_told_field_by_field(shop: Shop, tmp_path: Path) -> None:
    edited = tmp_path / "edited.csv"
    text = shop.file.read_text(encoding="utf-8")
    edited.write_text(text.replace("MOUSE,Mouse,349,", "MOUSE,Wired mouse,299.50,"), encoding="utf-8")
    status, said = shop.runs("import", edited)
    assert status == 0
    assert "Changed (1)\n  MOUSE  name Mouse → Wired mouse; price €349 → €299.50\n" in said
    assert "24 rows: 24 products on 24 pages, 0 left out, 0 faults; 0 added, 1 changed, 0 removed, 23 as before" in said


def test_a_merge_changes_and_adds_and_keeps_what_the_file_does_not_name(shop: Shop, tmp_path: Path) -> None:
    before = shop.read()
    header = "sku,name,price,category,description,picture"
    news = tmp_path / "news.csv"
    rows = ["MOUSE,Wired mouse,299.50,Computers,A mouse.,mouse.svg", "PEN,Pen,3,Office,Writes.,mouse.svg"]
    news.write_text("\n".join([header, *rows]), encoding="utf-8")
    status, said = shop.runs("import", news, "--merge")
    assert status == 0
    assert "2 rows: 25 products on 25 pages, 0 left out, 0 faults; 1 added, 1 changed, 0 removed, 23 as before" in said
    assert shop.read() == before, "nothing is written yet"
    assert shop.runs("import", news, "--merge", "--write")[0] == 0
    after = shop.read()
    assert [product.sku for product in after.products] == [*(product.sku for product in before.products), "PEN"]
    assert (after.by_sku["MOUSE"].name, after.by_sku["MOUSE"].stock) == ("Wired mouse", before.by_sku["MOUSE"].stock)
    assert after.by_sku["LAPTOP"] == before.by_sku["LAPTOP"]


def test_a_merge_that_would_make_a_faulty_catalogue_writes_nothing(shop: Shop, tmp_path: Path) -> None:
    header = "sku,name,price,category,description,picture,variant_of,option"
    for name, sku, category in (("a", "POT-S", "Pots"), ("b", "POT-L", "Vases")):
        row = f"{sku},Pot,1,{category},Clay.,mouse.svg,pot,{sku}"
        (tmp_path / f"{name}.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    assert shop.runs("import", tmp_path / "a.csv", "--merge", "--write")[0] == 0
    before = shop.file.read_bytes()
    status, said = shop.runs("import", tmp_path / "b.csv", "--merge", "--write")
    assert status == 1
    assert "row 27, category: 'Vases' differs from 'Pots' in row 26" in said
    assert shop.file.read_bytes() == before


def test_the_catalogue_of_before_is_kept_beside_it_and_no_backup_is_overwritten(shop: Shop, tmp_path: Path) -> None:
    before, now = shop.file.read_bytes(), datetime(2026, 11, 21, 19, 45, tzinfo=UTC)
    first, second = keep_backup(shop.file, now), keep_backup(shop.file, now)
    assert first
    assert second
    assert (first.name, second.name) == ("products.2026-11-21-194500.csv", "products.2026-11-21-194500-2.csv")
    assert first.read_bytes() == second.read_bytes() == before
    assert keep_backup(tmp_path / "none.csv", now) is None
    _, said = shop.runs("import", EXPORT, "--currency", "EUR", "--write")
    (third,) = set(shop.file.parent.glob("products.*.csv")) - {first, second}
    assert third.read_bytes() == before
    assert f"The catalogue of before is kept as {third}\n" in said


def test_long_texts_are_named_but_not_shown_among_the_changes() -> None:
    old = Product("A", "A", 100, "C", "long", "a.svg", 3)
    new = Product("A", "A", 100, "C", "longer", "a.svg", None, 150)
    assert changes(old, new, EUROS) == ["description", "stock 3 → none", "compare_at none → €1.50"]


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


def test_an_import_calls_rows_as_the_spreadsheet_does(shop: Shop, tmp_path: Path) -> None:
    tall = tmp_path / "tall.csv"
    text = EXPORT.read_text(encoding="utf-8")
    tall.write_text(text.replace("<p>Solid oak.</p>", '"<p>Solid\noak.</p>"'), encoding="utf-8")
    _, said = shop.runs("import", tall, "--currency", "EUR")
    assert "  row 9 (line 10): left out: 'Voucher' is a gift card\n" in said
    assert "  row 4: compare-at price" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "names no currency; add the currency of its prices, such as --currency EUR"),
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


def test_check_can_watch_a_file_and_prints_the_faults_of_each_edit(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    good = shop.file.read_bytes()
    contents = iter([good, good.replace(b",349,", b",-1,"), b"", good])

    def passes(_seconds: float) -> None:
        if (content := next(contents, None)) is None:
            raise KeyboardInterrupt
        shop.file.write_bytes(content) if content else shop.file.unlink()

    monkeypatch.setattr("app.catalogue.check_command.time.sleep", passes)
    status, said = shop.runs("check", "--watch")
    assert (status, said.splitlines()) == (
        0,
        [
            f"{shop.file}: 24 products on 24 pages, 0 faults",
            "",
            f"{shop.file}, row 3, price: '-1' is negative",
            f"{shop.file}: 23 products on 23 pages, 1 fault",
            "",
            f"{shop.file}: 24 products on 24 pages, 0 faults",
        ],
    )


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
    assert list(with_progress(rows, lines)) == rows
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
