"""A quote as a file that spreadsheets read, and in which nothing acts."""

from __future__ import annotations

import csv
import io

import pytest

from app.domain.cart import Line, priced
from app.domain.catalogue import Product
from app.domain.money import Currency
from app.domain.quote import COLUMNS, defused, in_csv

RUPEES = Currency("INR", "en_IN")


def product(sku: str, name: str, price: int) -> Product:
    return Product(sku, name, price, "Desks", "", "desk.svg", None)


def test_a_quote_has_a_row_for_each_line_and_the_total() -> None:
    products = {"DESK": product("DESK", 'Desk, "oak"', 1_890_050), "LAMP": product("LAMP", "Lamp", 100)}
    lines = (Line("DESK", 2, 5), Line("GONE", 1, 5), Line("LAMP", 3, 5))
    rows = list(csv.reader(in_csv(priced(lines, products), RUPEES).splitlines()))
    assert rows == [
        list(COLUMNS),
        ["DESK", 'Desk, "oak"', "2", "18900.50", "37801.00", "INR"],
        ["GONE", "no longer sold", "1", "", "", "INR"],
        ["LAMP", "Lamp", "3", "1.00", "3.00", "INR"],
        ["", "Total", "5", "", "37804.00", "INR"],
    ]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_text(name: str) -> None:
    assert defused(name) == f"'{name}"
    written = in_csv(priced((Line("DESK", 1, 5),), {"DESK": product("DESK", name, 5)}), RUPEES)
    row = list(csv.reader(io.StringIO(written, newline="")))[1]
    assert row[1] == f"'{name}"


@pytest.mark.parametrize("name", ["Desk", "3-seat sofa", "Lamp =", "", "'quoted'"])
def test_other_texts_stay_as_they_are(name: str) -> None:
    assert defused(name) == name
