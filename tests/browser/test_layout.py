"""Nothing falls apart between a phone and a wide window, whatever products are called."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest

from app.catalogue.columns import LONGEST
from testbed import ROOT
from testbed.browser.shopper import Shopper
from testbed.shopkeeper import CATALOGUE, Shopkeeper, shopkeeper

WIDTHS = (320, 390, 480, 560, 640, 768, 820, 900, 1024, 1100, 1280, 1600)
LONG = "Height-adjustable corner standing desk with bamboo top, memory panel and cable tray (left-handed, 180 × 120 cm)"
LONGEST_NAME, LONGEST_CATEGORY = LONG.ljust(LONGEST["name"], "!"), "Kabelkanäle, ".ljust(LONGEST["category"], "x")
"""As long as the file may have them."""

ONE_WORD = "Kabelkanalabdeckungshalterungsschraubenzieheraufbewahrungsbox"
ODD = [
    {"sku": "LONG", "name": LONGEST_NAME, "price": "1299999.50", "stock": "3"},
    {
        "sku": "OPTION-1",
        "name": LONG,
        "variant_of": "a",
        "option": ONE_WORD,
        "price": "1",
        "category": LONGEST_CATEGORY,
    },
    {"sku": "OPTION-2", "name": LONG, "variant_of": "a", "option": "Other", "price": "1", "category": LONGEST_CATEGORY},
    {"sku": "ONE-WORD", "name": ONE_WORD, "price": "1"},
    {"sku": "GONE", "name": "Sold until today", "price": "5"},
]
LINES = ("LAPTOP", "LONG", "MOUSE", "ONE-WORD", "GONE", "MAT-DESK", "OPTION-1")
PAGES = (
    "/",
    "/?category=Desks",
    "/cart",
    "/product?sku=LONG",
    "/product?sku=OPTION-1",
    "/delivery",
    "/privacy",
    "/kept",
)

BOXES = """() => [...document.querySelectorAll('[class*="st-key-line-"]')].map(line => {
  const at = line.getBoundingClientRect()
  return [...line.children].map(part => {
    const box = part.getBoundingClientRect()
    return {left: box.left - at.left, right: at.right - box.right, top: box.top - at.top,
            bottom: at.bottom - box.bottom, width: box.width, height: box.height}
  })
})"""
OVERFLOWS = """() => [...document.querySelectorAll('[class*="st-key-line-"], [class*="st-key-line-"] *')]
  .filter(part => part.checkVisibility() && part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0
          && !['visible', 'clip'].includes(getComputedStyle(part).overflowX))
  .map(part => part.className)"""


def catalogue(without: str = "") -> str:
    """Return the shop's catalogue with products whose names are as long as an imported catalogue's can be."""
    text = StringIO(newline="")
    rows = [
        {"category": "Desks", "description": "Odd.", "picture": "laptop.svg", **row}
        for row in ODD
        if row["sku"] != without
    ]
    rows += csv.DictReader(StringIO(CATALOGUE))
    columns = dict.fromkeys(column for row in rows for column in row)
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shopkeeper]:
    folder = tmp_path_factory.mktemp("shop")
    shutil.copytree(ROOT / "texts", folder / "texts")
    with shopkeeper(folder, catalogue()) as running:
        yield running


@pytest.fixture
def cart(keeper: Shopkeeper, new_shopper: Callable[..., Shopper]) -> Shopper:
    """Give a shopper at a cart of odd lines, one of them no longer sold."""
    keeper.writes(catalogue())
    shopper = new_shopper(keeper.store).fill_unseen(*LINES[:-1])
    shopper.open(f"/product?sku={LINES[-1]}").fill(LINES[-1])
    keeper.writes(catalogue(without="GONE"))
    shopper.open("/cart").settled()
    return shopper


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    apart_sideways = (
        one["left"] + one["width"] <= other["left"] + 0.5 or other["left"] + other["width"] <= one["left"] + 0.5
    )
    apart_in_height = (
        one["top"] + one["height"] <= other["top"] + 0.5 or other["top"] + other["height"] <= one["top"] + 0.5
    )
    return not (apart_sideways or apart_in_height)


def middle(part: dict[str, Any]) -> float:
    return float(part["top"] + part["height"] / 2)


def is_below(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one["top"] >= other["top"] + other["height"] - 0.5)


def test_all_cart_lines_are_alike_at_every_width(cart: Shopper) -> None:
    page = cart.page
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")
        lines = page.evaluate(BOXES)
        assert [len(line) for line in lines] == [5 if sku != "GONE" else 2 for sku in LINES], width
        for line in lines:
            assert all(part["left"] >= 0 and part["right"] >= 0 for part in line), (width, line)
            assert not any(overlap(one, other) for one in line for other in line if one is not other), (width, line)
            assert line[-1]["height"] >= 44, width
        full = [line for line in lines if len(line) == 5]
        for part, near in ((1, "left"), (2, "right"), (3, "left"), (4, "right")):
            assert max(line[part][near] for line in full) - min(line[part][near] for line in full) < 1, (width, part)
        assert all(middle(line[1]) == pytest.approx(middle(line[2]), abs=2) for line in full), width
        assert len({is_below(line[1], line[0]) for line in full}) == 1, ("quantity beside the face or below", width)
        assert len({is_below(line[3], line[1]) for line in full}) == 1, ("move beside the quantity or below", width)
        assert page.evaluate(OVERFLOWS) == [], width


SIGNS = """() => [...document.querySelectorAll("[data-testid=stNumberInputContainer]")].flatMap(field => {
  const {top, height} = field.getBoundingClientRect()
  return [...field.querySelectorAll("input, svg")].map(sign => {
    const box = sign.getBoundingClientRect()
    return box.top + box.height / 2 - top - height / 2
  })
})"""
"""How far number and signs are below the middle of their field, in pixels."""


@pytest.mark.parametrize("path", ["/cart", "/product?sku=LAPTOP"])
def test_the_signs_of_a_stepper_are_in_the_middle_of_its_field(
    keeper: Shopkeeper, new_shopper: Callable[..., Shopper], path: str
) -> None:
    off = new_shopper(keeper.store).fill_unseen("LAPTOP").open(path).page.evaluate(SIGNS)
    assert len(off) >= 3
    assert max(map(abs, off)) <= 1


AT_THE_END = """() => {
  const main = document.querySelector("[data-testid=stMain]")
  main.scrollTop = 1e6
  const header = document.querySelector(".st-key-header")
  const boxes = [...header.children].map(part => {
    const {left, top, width, height} = part.querySelector("p").getBoundingClientRect()
    return {left, top, width, height}
  })
  const {top, bottom, right} = header.querySelector("a[href$=cart]").getBoundingClientRect()
  return {scrolled: main.scrollTop, inSight: top >= 0 && bottom <= 90 && right <= innerWidth, boxes,
          sideways: Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth)}
}"""
"""At the end of a page: is the way to the cart in sight, what is beside it, how far does the page scroll sideways?"""


@pytest.mark.parametrize("path", PAGES)
def test_the_way_to_the_cart_stays_in_sight_and_nothing_is_to_be_scrolled_sideways(
    keeper: Shopkeeper, new_shopper: Callable[..., Shopper], path: str
) -> None:
    shopper = new_shopper(keeper.store).fill_unseen("LAPTOP", "LONG", "MOUSE", "MONITOR")
    page = shopper.open(path).page
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 400})
        page.wait_for_function(f"() => ({AT_THE_END})().sideways <= 0")
        seen = page.evaluate(AT_THE_END)
        assert seen["scrolled"] > 0, width
        assert seen["inSight"], width
        parts = seen["boxes"]
        assert len(parts) == 3
        assert not any(overlap(one, other) for one in parts for other in parts if one is not other), (width, parts)


def test_categories_that_take_more_than_a_row_lie_above_the_cards(
    keeper: Shopkeeper, new_shopper: Callable[..., Shopper]
) -> None:
    page = new_shopper(keeper.store).open().page
    rows = set()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        pills = page.locator(".st-key-category [role=radio]")
        tops = pills.evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
        last, cards = pills.last.bounding_box(), page.locator(".st-key-cards").bounding_box()
        assert last
        assert cards
        assert last["y"] + last["height"] < cards["y"], width
        rows.add(len({round(top) for top in tops}))
    assert 1 in rows, "on a phone"
    assert max(rows) > 1, "or nothing was tried"


def test_a_notice_leaves_the_page_in_sight_however_long_a_name_is(
    keeper: Shopkeeper, new_shopper: Callable[..., Shopper]
) -> None:
    shopper = new_shopper(keeper.store).open("/product?sku=OPTION-1")
    shopper.fill("OPTION-1")
    for width in WIDTHS:
        shopper.page.set_viewport_size({"width": width, "height": 844})
        box = shopper.page.locator(".notice").bounding_box()
        assert box
        assert box["height"] < 844 / 4, width
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        for name in ("View cart", "Dismiss"):
            part = shopper.page.locator(".notice").get_by_text(name).bounding_box()
            assert part
            assert box["y"] <= part["y"] <= box["y"] + box["height"] - 44, width
