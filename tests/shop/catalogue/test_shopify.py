"""What is made of the rows of Shopify's product export, and what is said of the rest."""

from __future__ import annotations

import random
import time
import unicodedata
from pathlib import Path

import pytest

from app.catalogue.columns import COLUMNS
from app.catalogue.csv_file import CsvFile, Row
from app.catalogue.plain_text import plain_text
from app.catalogue.shopify import Remark, from_shopify
from app.catalogue.shopify_rows import is_shopify
from app.domain.catalogue import SKU
from app.domain.money import Currency

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


def test_every_row_of_an_export_becomes_a_product_or_is_remarked_on() -> None:
    rows, said = from_shopify(CsvFile(EXPORT).rows(), EUROS)
    assert [row for row, _ in rows] == [2, 3, 4, 6, 7]
    assert [(remark.row, remark.words) for remark in said] == [
        (4, "compare-at price 49.50 left out: it is not above the price"),
        (7, "has no description: its name is used instead"),
        (8, "left out: 'Old lamp' is not published"),
        (9, "left out: 'Voucher' is a gift card"),
        (10, "left out: 'Draft rug' is not published"),
        (11, "left out: it has no price"),
        (12, "picture left out: 'http://img.example.com/vase.jpg' is not an https address"),
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
        "option_name": "Size / Colour",
        "further_pictures": f"{IMAGES}bag-2.jpg | {IMAGES}bag-3.jpg",
    }
    assert grey["further_pictures"] == f"{IMAGES}bag-1.jpg | {IMAGES}bag-3.jpg", "its own is the first"
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


def test_more_pictures_than_a_product_may_have_are_left_out_and_it_is_said() -> None:
    further = [{"title": "", "variant price": "", "image src": f"{IMAGES}{number}.jpg"} for number in range(25)]
    assert len(cells({}, *further)["further_pictures"].split(" | ")) == 20
    assert (2, "pictures beyond the first 21 left out") in remarks({}, *further)


def test_without_a_type_the_category_is_the_tag_that_most_products_share_and_it_is_said() -> None:
    rows = (
        {"handle": "a", "tags": "New, Pots"},
        {"handle": "b", "tags": "Blue , Pots"},
        {"handle": "c", "tags": "Cups,Blue", "type": "Mugs"},
        {"handle": "d"},
    )
    assert [row["category"] for _, row in converted(*rows)[0]] == ["Pots", "Blue", "Mugs", "Other"]
    assert (2, "has no type: its category is 'Pots', the tag that most products share") in remarks(*rows)


def test_options_that_only_one_of_three_has_are_named_without_gaps() -> None:
    named = {"option1 name": "Size", "option2 name": "Colour", "option1 value": "S"}
    assert cells(named)["option_name"] == "Size"


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


def test_pictures_come_by_their_position_and_none_is_dropped() -> None:
    further = {"title": "", "variant price": ""}
    rows = (
        {"image src": f"{IMAGES}b.jpg", "image position": "2"},
        {**further, "image src": f"{IMAGES}a.jpg", "image position": "1"},
        {**further, "image src": ""},
    )
    assert cells(*rows)["picture"] == f"{IMAGES}a.jpg"
    assert cells(*rows)["further_pictures"] == f"{IMAGES}b.jpg"
    assert remarks(*rows) == [
        (2, "has no description: its name is used instead"),
        (4, "left out: it is neither a variant nor a picture"),
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
        ("a < b, 2<3 & c", "a < b, 2<3 & c"),
        ("<a title='5 > 4' href=x>Link</a>", "Link"),
        ("<a title=it's>Link</a>", "Link"),
        ("<a title='never closed>Link", ""),
        ("Seen<!-- <b>not</b> --> too<!doctype html><?php echo 1 ?></>", "Seen too"),
        ("<STYLE>p::before { content: '</p>' }</sTyle >Seen", "Seen"),
        ("<script>never closed", ""),
        ("One<br/>two<hr class='x'/>three", "One two three"),
        ("&#8377;5 &#x20B9;6 &euro;7 &nosuch;", "₹5 ₹6 €7 &nosuch;"),
        ("&#x202e;&#27;[2J&#155;Pot\x1b", "[2J\u203aPot"),
        ("&#" + "9" * 5_000 + ";", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_html_becomes_words_on_a_line(html: str, text: str) -> None:
    assert plain_text(html) == text


HOSTILE = (
    *(
        "<a ",
        "<a/",
        "<a\n",
        "<a b",
        "<a =",
        "<a b='",
        '<a b="',
        "<a b=''",
        "= ",
        "=",
        "<",
        "</",
        "<!",
        "<!-",
        "<!--",
        "<?",
    ),
    *(
        "<![CDATA[",
        "<script",
        "<script>",
        "</script",
        "</script ",
        "<style>a</",
        "<p>",
        "<b><a x",
        "&",
        "&#",
        "&#9",
        "&#x1",
    ),
    *("&amp", "&a", " \n", "\x1b", "\u202e"),
)
"""Beginnings, of which a text holds very many; Python's own parser needs minutes for some."""


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("before", ["", "&#", "<a ", "<script>"])
def test_a_million_hostile_characters_become_words_in_linear_time(before: str, piece: str) -> None:
    started = time.monotonic()
    plain_text(before + piece * (1_000_000 // len(piece)))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("piece", ["\u0301\u0316", "\u0f73", "\ufdfa", "-", "é", "9"])
@pytest.mark.parametrize("column", ["variant sku", "handle", "title", "option1 value", "image position", "type"])
def test_a_hostile_cell_is_converted_in_linear_time(column: str, piece: str) -> None:
    started = time.monotonic()
    converted({column: "a" * (piece != "9") + piece * (130_000 // len(unicodedata.normalize("NFKD", piece)))})
    assert time.monotonic() - started < 5


def test_very_many_rows_of_one_product_that_is_not_sold_take_linear_time() -> None:
    started = time.monotonic()
    rows, said = converted(*[{"title": "", "published": "false"}] * 30_000)
    assert (rows, len(said)) == ([], 30_000)
    assert time.monotonic() - started < 5


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
