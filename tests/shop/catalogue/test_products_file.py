import csv
import logging
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from app.catalogue.columns import COLUMNS
from app.catalogue.csv_file import CsvFile
from app.catalogue.products_file import CatalogueError, read_catalogue
from app.catalogue.watched import WatchedCatalogue
from app.domain.catalogue import Catalogue
from app.domain.money import Currency
from testbed import ROOT

RUPEES = Currency("INR", "en_IN")
PLAIN = COLUMNS[:7]
"""The columns of a shop without choices and old prices."""

GOOD = {
    "sku": "LAPTOP",
    "name": "Laptop",
    "price": "25000",
    "category": "Computers",
    "description": "A laptop.",
    "picture": "laptop.svg",
    "stock": "4",
}


class Folder:
    """A shopkeeper's folder with one picture."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "products.csv"
        self.pictures = folder / "pictures"
        self.pictures.mkdir()
        (self.pictures / "laptop.svg").write_text("<svg/>", encoding="utf-8")

    def write(self, *rows: dict[str, str], columns: tuple[str, ...] = PLAIN) -> None:
        with self.file.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)

    def read(self) -> Catalogue:
        return read_catalogue(self.file, self.pictures, RUPEES)

    def faults(self) -> list[tuple[int, str, str]]:
        with pytest.raises(CatalogueError) as error:
            self.read()
        assert all(fault.file == self.file for fault in error.value.faults)
        return [(fault.row, fault.column, fault.problem) for fault in error.value.faults]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_the_catalogue_of_the_repository_furnishes_a_home_office() -> None:
    catalogue = read_catalogue(ROOT / "catalogue/products.csv", ROOT / "catalogue/pictures", RUPEES)
    assert len(catalogue.products) >= 24
    assert len(catalogue.by_category) == 6
    named = {
        "LAPTOP": ("Laptop", 2_500_000),
        "MOUSE": ("Mouse", 34_900),
        "KEYBOARD": ("Keyboard", 49_900),
        "MONITOR": ("Monitor", 799_900),
        "HEADPHONES": ("Headphones", 79_900),
    }
    assert {sku: (catalogue.by_sku[sku].name, catalogue.by_sku[sku].price) for sku in named} == named
    assert len({product.picture for product in catalogue.products}) == len(catalogue.products)


def test_a_good_row_becomes_a_product(folder: Folder) -> None:
    folder.write(GOOD)
    (product,) = folder.read().products
    assert (product.sku, product.price, product.stock, product.picture) == ("LAPTOP", 2_500_000, 4, "laptop.svg")


def test_a_name_is_one_line_however_the_cell_is_broken(folder: Folder) -> None:
    folder.write({**GOOD, "name": "Lap\n\n  top"})
    assert folder.read().products[0].name == "Lap top"


def test_stock_may_be_empty_or_left_out(folder: Folder) -> None:
    folder.write({**GOOD, "stock": ""})
    assert folder.read().products[0].stock is None
    folder.write(GOOD, columns=PLAIN[:-1])
    assert folder.read().products[0].stock is None


def test_columns_come_in_any_order_and_blank_lines_are_passed_over(folder: Folder) -> None:
    folder.write(GOOD, columns=tuple(reversed(PLAIN)))
    folder.file.write_text(folder.file.read_text(encoding="utf-8") + "\n\n,,,,,,\n", encoding="utf-8")
    assert [product.sku for product in folder.read().products] == ["LAPTOP"]


def test_a_byte_order_mark_as_spreadsheets_write_it_is_no_fault(folder: Folder) -> None:
    folder.write(GOOD)
    folder.file.write_bytes(b"\xef\xbb\xbf" + folder.file.read_bytes())
    assert len(folder.read().products) == 1


@pytest.mark.parametrize(
    ("cell", "value", "problem"),
    [
        ("sku", "", "is not 1 to 40 capital letters"),
        ("sku", "laptop", "is not 1 to 40 capital letters"),
        ("sku", "-A", "is not 1 to 40 capital letters"),
        ("sku", "A" * 41, "is not 1 to 40 capital letters"),
        ("name", "", "is empty"),
        ("name", "n" * 121, "is longer than 120 characters"),
        ("price", "-5", "'-5' is negative"),
        ("price", "cheap", "'cheap' is not a number"),
        ("price", "", "'' is not a number"),
        ("price", "1.234", "more than the 2 decimal digits"),
        ("category", "", "is empty"),
        ("description", "", "is empty"),
        ("picture", "", "is empty"),
        ("picture", "nowhere.svg", "'nowhere.svg' is not in the pictures folder"),
        ("picture", "../products.csv", "is outside the pictures folder"),
        ("picture", "/etc/hostname", "is outside the pictures folder"),
        ("stock", "-1", "'-1' is not a whole number"),
        ("stock", "some", "'some' is not a whole number"),
        ("stock", "1.5", "'1.5' is not a whole number"),
        ("compare_at", "cheap", "'cheap' is not a number"),
        ("compare_at", "25000", "'25000' is not above the price"),
        ("compare_at", "24000", "'24000' is not above the price"),
        ("option", "Large", "is empty, but the row has an option"),
        ("variant_of", "laptop", "is empty; every choice of 'laptop' needs an option"),
        ("picture", "http://example.com/a.jpg", "is not an https address"),
        ("picture", "ftp://example.com/a.jpg", "is not an https address"),
        ("picture", "https:///a.jpg", "is not an https address"),
        ("picture", "https://example.com/a b.jpg", "is not an https address"),
        ("picture", "https://[example.com/a.jpg", "is not an https address"),
        ("picture", "n" * 300, "is not in the pictures folder"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(folder: Folder, cell: str, value: str, problem: str) -> None:
    folder.write({**GOOD, "sku": "FIRST"}, {**GOOD, cell: value}, columns=COLUMNS)
    ((row, column, found),) = folder.faults()
    assert row == 3
    assert {column, cell} in ({cell}, {"option", "variant_of"})
    assert problem in found


@pytest.mark.parametrize("control", ["\0", "\b", "\x0b", "\x1b[2J", "\x1f", "\x7f", "\x85", "\x9b", "\u202e", "\u2066"])
@pytest.mark.parametrize("column", ["name", "description", "picture", "sku"])
def test_a_control_character_is_refused_by_row_and_column(folder: Folder, column: str, control: str) -> None:
    folder.write({**GOOD, "sku": "FIRST"}, {**GOOD, column: f"Ab{control}c"}, columns=COLUMNS)
    ((row, found, problem),) = folder.faults()
    if control == "\0" and not found:
        assert "is not CSV" in problem, "Python 3.11 refuses it itself"
        return
    assert (row, found) == (3, column)
    assert f"a control character, U+{ord(control[0]):04X} as character 3; type the cell anew" in problem


def test_a_control_character_at_the_end_of_a_cell_is_refused_too(folder: Folder) -> None:
    folder.write({**GOOD, "name": "Laptop\x1f"})
    assert [fault[:2] for fault in folder.faults()] == [(2, "name")]


def test_a_control_character_in_a_columns_name_is_refused(folder: Folder) -> None:
    folder.write({**GOOD, "st\x1bock": ""}, columns=(*PLAIN, "st\x1bock"))
    (fault,) = folder.faults()
    assert fault[:2] == (1, "")
    assert f"column {len(PLAIN) + 1} has a control character" in fault[2]


def test_joiners_of_indian_scripts_and_emoji_and_broken_lines_are_no_control_characters(folder: Folder) -> None:
    words = "\u0915\u094d\u200d\u0937 \u2068".replace("\u2068", "\U0001f469\u200d\U0001f4bb")
    folder.write({**GOOD, "name": words, "description": "One.\r\nTwo.\tThree."})
    assert folder.read().products[0].name == words


def test_a_picture_may_be_an_https_address_and_is_not_looked_for_in_the_folder(folder: Folder) -> None:
    folder.write({**GOOD, "picture": "https://example.com/a.jpg?width=900&x=1"})
    assert folder.read().products[0].picture == "https://example.com/a.jpg?width=900&x=1"


def test_an_old_price_is_above_the_price(folder: Folder) -> None:
    folder.write({**GOOD, "compare_at": "26000.50"}, columns=COLUMNS)
    assert folder.read().products[0].compare_at == 2_600_050


CHOICES = [
    {**GOOD, "sku": "LAPTOP-S", "variant_of": "laptop", "option": "Small"},
    {**GOOD, "sku": "MOUSE", "name": "Mouse", "category": "Peripherals"},
    {**GOOD, "sku": "LAPTOP-L", "variant_of": "laptop", "option": "Large", "price": "30000"},
]


def test_a_product_has_further_pictures_each_checked_as_the_first(folder: Folder) -> None:
    (folder.pictures / "back.svg").write_text("<svg/>", encoding="utf-8")
    columns = (*PLAIN, "further_pictures")
    folder.write({**GOOD, "further_pictures": "back.svg | https://img.example.com/a.jpg|"}, columns=columns)
    (product,) = folder.read().products
    assert product.pictures == ("laptop.svg", "back.svg", "https://img.example.com/a.jpg")
    assert product.picture_files == ("laptop.svg", "back.svg")
    folder.write({**GOOD, "further_pictures": "back.svg | none.svg | http://x/a.jpg"}, columns=columns)
    assert [(row, column, problem.split()[0]) for row, column, problem in folder.faults()] == [
        (2, "further_pictures", "'none.svg'"),
        (2, "further_pictures", "'http://x/a.jpg'"),
    ]
    folder.write({**GOOD, "further_pictures": "|".join(["back.svg"] * 21)}, columns=columns)
    assert folder.faults() == [(2, "further_pictures", "has 21 pictures; 20 are the most")]


def test_choices_are_called_by_the_name_of_their_options(folder: Folder) -> None:
    columns = (*PLAIN, "variant_of", "option", "option_name")
    choice = {**GOOD, "variant_of": "lap", "option": "13", "option_name": "Inches"}
    folder.write(choice, {**choice, "sku": "B", "option": "15"}, columns=columns)
    assert [product.option_name for product in folder.read().products] == ["Inches", "Inches"]
    folder.write(choice, {**choice, "sku": "B", "option": "15", "option_name": "Size"}, columns=columns)
    ((row, column, _),) = folder.faults()
    assert (row, column) == (3, "option_name")


def test_rows_that_share_a_name_are_choices_of_one_page_in_the_files_order(folder: Folder) -> None:
    folder.write(*CHOICES, columns=COLUMNS)
    catalogue = folder.read()
    small, mouse, large = catalogue.products
    assert (small.full_name, mouse.full_name, large.full_name) == ("Laptop, Small", "Mouse", "Laptop, Large")
    for choice in (small, large):
        assert catalogue.variants(choice) == (small, large)
        assert catalogue.companions(choice) == [mouse]
    assert catalogue.variants(mouse) == (mouse,)
    assert catalogue.pages == (small, mouse)
    assert catalogue.by_category == {"Computers": (small,), "Peripherals": (mouse,)}
    assert set(catalogue.by_sku) == {"LAPTOP-S", "LAPTOP-L", "MOUSE"}


def test_choices_of_one_page_differ_in_their_options_and_share_name_and_category(folder: Folder) -> None:
    small, _, large = CHOICES
    folder.write(
        small, {**large, "option": "small "}, {**large, "sku": "X", "name": "Lap", "category": "C"}, columns=COLUMNS
    )
    assert folder.faults() == [
        (3, "option", "'small' of 'laptop' is already in row 2"),
        (4, "name", "'Lap' differs from 'Laptop' in row 2; the choices of one page share it"),
        (4, "category", "'C' differs from 'Computers' in row 2; the choices of one page share it"),
    ]


def test_every_fault_is_reported_at_once(folder: Folder) -> None:
    folder.write(GOOD, GOOD, {**GOOD, "sku": "x", "price": "-1"}, {**GOOD, "sku": "OK"}, {**GOOD, "picture": "no.svg"})
    faults = folder.faults()
    assert [(row, column) for row, column, _ in faults] == [
        (3, "sku"),
        (4, "sku"),
        (4, "price"),
        (6, "sku"),
        (6, "picture"),
    ]
    assert faults[0][2] == "LAPTOP is already in row 2"


def test_a_fault_reads_as_one_line_with_file_row_and_column(folder: Folder) -> None:
    folder.write({**GOOD, "price": "-5"})
    with pytest.raises(CatalogueError) as error:
        folder.read()
    assert str(error.value) == f"{folder.file}, row 2, price: '-5' is negative"


def test_missing_unknown_and_doubled_columns_are_named(folder: Folder) -> None:
    folder.file.write_text("sku,name,name,colour\n", encoding="utf-8")
    assert [(column, problem.split(";")[0]) for _, column, problem in folder.faults()] == [
        ("price", "this column is missing"),
        ("category", "this column is missing"),
        ("description", "this column is missing"),
        ("picture", "this column is missing"),
        ("colour", "unknown column"),
        ("name", "this column appears more than once"),
    ]


def test_a_row_is_called_by_its_number_in_a_spreadsheet_and_by_its_line_where_that_differs(folder: Folder) -> None:
    tall = {**GOOD, "description": "One.\nTwo.\r\nThree."}
    folder.write(tall, {**GOOD, "sku": "B", "price": "-5"}, {**GOOD, "sku": "B"})
    folder.file.write_bytes(folder.file.read_bytes().replace(b"\r\nB,", b"\r\n\r\nB,"))
    with pytest.raises(CatalogueError) as error:
        folder.read()
    assert str(error.value).splitlines() == [
        f"{folder.file}, row 4 (line 6), price: '-5' is negative",
        f"{folder.file}, row 6 (line 8), sku: B is already in row 4 (line 6)",
    ]


def test_what_is_no_utf_8_or_no_csv_is_called_by_its_row_and_line_too(folder: Folder) -> None:
    folder.write({**GOOD, "description": "One.\nTwo."}, {**GOOD, "sku": "B", "name": "Caf?", "description": "A\nb."})
    good = folder.file.read_bytes()
    folder.file.write_bytes(good.replace(b"Caf?", b"Caf\xe9"))
    assert CsvFile(folder.file).faults[0].place == "row 3 (line 4)"
    folder.file.write_bytes(good.replace(b"\r\nB,", b"\r\n\xe9,"))
    assert CsvFile(folder.file).faults[0].place == "row 3 (line 4)"
    folder.file.write_bytes(good.replace(b"Caf?", b'"Caf"s'))
    with pytest.raises(CatalogueError) as error:
        folder.read()
    assert str(error.value).startswith(f"{folder.file}, row 3 (line 4): is not CSV")


@pytest.mark.parametrize(("mark", "named"), [(";", "semicolons (;)"), ("\t", "tabs")])
def test_another_separator_than_the_comma_is_one_fault_that_says_what_to_do(
    folder: Folder, mark: str, named: str
) -> None:
    folder.write(GOOD, {**GOOD, "sku": "B"})
    plain = folder.file.read_text(encoding="utf-8").replace(",", mark)
    quoted = "\n".join(mark.join(f'"{cell}"' for cell in line.split(mark)) for line in plain.splitlines())
    for text in (plain, quoted):
        folder.file.write_text(text, encoding="utf-8")
        ((row, column, problem),) = folder.faults()
        assert (row, column) == (1, "")
        assert problem.startswith(f"the columns are separated by {named}, not by commas; ")


def test_a_semicolon_in_a_name_of_a_column_is_no_separator(folder: Folder) -> None:
    folder.write(GOOD)
    text = folder.file.read_text(encoding="utf-8").replace("sku,", "sku;\t,", 1)
    folder.file.write_text(text, encoding="utf-8")
    assert {problem.partition(";")[0] for *_, problem in folder.faults()} == {
        "this column is missing",
        "unknown column",
    }


def test_a_row_with_too_few_or_too_many_cells_is_named(folder: Folder) -> None:
    folder.write(GOOD)
    folder.file.write_text(folder.file.read_text(encoding="utf-8") + "MOUSE,Mouse, a small one,349\n", encoding="utf-8")
    assert folder.faults() == [
        (3, "", "has 4 cells, but the first row has 7; put quotes around a cell that contains a comma")
    ]


def test_another_encoding_is_named_with_its_row(folder: Folder) -> None:
    folder.write(GOOD)
    folder.file.write_bytes(folder.file.read_bytes() + "CAFE,Café,1,A,B,laptop.svg,\n".encode("latin-1"))
    ((row, _, problem),) = folder.faults()
    assert row == 3
    assert "is not UTF-8" in problem


def test_broken_quoting_is_named_with_its_row(folder: Folder) -> None:
    folder.write(GOOD)
    folder.file.write_text(folder.file.read_text(encoding="utf-8") + 'MOUSE,"Mouse\n', encoding="utf-8")
    ((row, _, problem),) = folder.faults()
    assert row == 3
    assert "is not CSV" in problem


def test_a_missing_file_is_named(folder: Folder) -> None:
    assert folder.faults() == [(0, "", "cannot be read: No such file or directory")]


@pytest.mark.parametrize("text", ["", ",".join(COLUMNS) + "\n"])
def test_an_empty_catalogue_is_a_fault(folder: Folder, text: str) -> None:
    folder.file.write_text(text, encoding="utf-8")
    assert folder.faults()


def test_ten_thousand_products_are_read_in_seconds(folder: Folder) -> None:
    folder.write(*({**GOOD, "sku": f"P-{number}", "category": f"C{number % 40}"} for number in range(10_000)))
    begun = time.monotonic()
    catalogue = folder.read()
    assert time.monotonic() - begun < 5
    assert len(catalogue.products) == 10_000
    assert len(catalogue.by_category["C7"]) == 250


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def watched(folder: Folder) -> WatchedCatalogue:
    folder.write(GOOD)
    return WatchedCatalogue(partial(read_catalogue, folder.file, folder.pictures, RUPEES), folder.file)


def test_an_edited_file_is_taken_up(folder: Folder, watched: WatchedCatalogue) -> None:
    folder.write({**GOOD, "price": "24000"})
    assert eventually(lambda: watched.current.catalogue.by_sku["LAPTOP"].price == 2_400_000)


def test_a_file_that_is_replaced_as_editors_do_it_is_taken_up(folder: Folder, watched: WatchedCatalogue) -> None:
    kept = folder.file
    folder.file = kept.with_suffix(".new")
    folder.write({**GOOD, "price": "24000"})
    folder.file.replace(kept)
    assert eventually(lambda: watched.current.catalogue.by_sku["LAPTOP"].price == 2_400_000)


def test_a_broken_edit_keeps_the_last_good_catalogue_and_says_so(
    folder: Folder, watched: WatchedCatalogue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    folder.write({**GOOD, "price": "-1"})
    assert eventually(lambda: any(record.message == "catalogue fault" for record in caplog.records))
    (fault,) = [vars(record)["fault"] for record in caplog.records if record.message == "catalogue fault"]
    assert fault == f"{folder.file}, row 2, price: '-1' is negative"
    assert watched.current.catalogue.by_sku["LAPTOP"].price == 2_500_000
    folder.write({**GOOD, "price": "26000"})
    assert eventually(lambda: watched.current.catalogue.by_sku["LAPTOP"].price == 2_600_000)


def test_a_catalogue_that_vanishes_stays_as_it_was(
    folder: Folder, watched: WatchedCatalogue, caplog: pytest.LogCaptureFixture
) -> None:
    folder.file.unlink()
    assert eventually(lambda: any("cannot be read" in str(vars(record).get("fault")) for record in caplog.records))
    assert "LAPTOP" in watched.current.catalogue.by_sku


@pytest.mark.parametrize("name", ["notes.txt", "logo.svg.bak", ".laptop.svg"])
def test_a_file_that_the_store_would_not_serve_is_no_picture(folder: Folder, name: str) -> None:
    (folder.pictures / name).write_text("<svg/>", encoding="utf-8")
    folder.write({**GOOD, "picture": name})
    ((row, column, problem),) = folder.faults()
    assert (row, column) == (2, "picture")
    assert "is not served: a picture's name ends in" in problem
