"""Nothing falls apart between a phone and a wide window, whatever products are called."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest

from testbed.browser.shopper import Shopper
from testbed.shopkeeper import CATALOGUE, Shopkeeper, shopkeeper

WIDTHS = (320, 390, 480, 560, 640, 768, 820, 900, 1024, 1100, 1280, 1600)
LONG = "Height-adjustable corner standing desk with bamboo top, memory panel and cable tray (left-handed, 180 × 120 cm)"
ONE_WORD = "Kabelkanalabdeckungshalterungsschraubenzieheraufbewahrungsbox"
ODD = [
    {"sku": "LONG", "name": LONG, "price": "1299999.50", "stock": "3"},
    {"sku": "ONE-WORD", "name": ONE_WORD, "price": "1"},
    {"sku": "GONE", "name": "Sold until today", "price": "5"},
]
LINES = ("LAPTOP", "LONG", "MOUSE", "ONE-WORD", "GONE", "MAT-DESK")

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


def catalogue() -> str:
    """Return the shop's catalogue with products whose names are as long as an imported catalogue's."""
    text = StringIO(newline="")
    heads, others = CATALOGUE.split("\n", 1)
    writer = csv.DictWriter(text, heads.split(","), restval="", lineterminator="\n")
    writer.writerows({"category": "Desks", "description": "Odd.", "picture": "laptop.svg", **row} for row in ODD)
    return f"{heads}\n{text.getvalue()}{others}"


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shopkeeper]:
    with shopkeeper(tmp_path_factory.mktemp("shop"), catalogue()) as running:
        yield running


@pytest.fixture
def cart(keeper: Shopkeeper, new_shopper: Callable[..., Shopper]) -> Shopper:
    """Give a shopper at a cart of odd lines, one of them no longer sold."""
    keeper.writes(catalogue())
    shopper = new_shopper(keeper.store).fill_unseen(*LINES)
    keeper.writes("".join(line for line in catalogue().splitlines(keepends=True) if not line.startswith("GONE,")))
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


def test_all_cart_lines_are_alike_at_every_width(cart: Shopper) -> None:
    page = cart.page
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
        lines = page.evaluate(BOXES)
        assert [len(line) for line in lines] == [4 if sku != "GONE" else 2 for sku in LINES], width
        for line in lines:
            assert all(part["left"] >= 0 and part["right"] >= 0 for part in line), (width, line)
            assert not any(overlap(one, other) for one in line for other in line if one is not other), (width, line)
            assert line[-1]["height"] >= 44, width
        full = [line for line in lines if len(line) == 4]
        for part, near in ((1, "left"), (2, "right"), (3, "left")):
            assert max(line[part][near] for line in full) - min(line[part][near] for line in full) < 1, (width, part)
        assert len({middle(line[1]) == pytest.approx(middle(line[3]), abs=2) for line in full}) == 1, (
            "in one row or not"
        )
        assert page.evaluate(OVERFLOWS) == [], width


@pytest.mark.parametrize("path", ["/", "/cart", "/product?sku=LONG", "/kept"])
def test_the_way_to_the_cart_stays_in_sight(keeper: Shopkeeper, new_shopper: Callable[..., Shopper], path: str) -> None:
    shopper = new_shopper(keeper.store).fill_unseen("LAPTOP", "MOUSE", "MAT-DESK", "MONITOR")
    shopper.open(path).settled()
    page = shopper.page
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 400})
        scrolled = page.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]'); m.scrollTop = 1e6; return m.scrollTop }"
        )
        assert scrolled > 0, width
        page.wait_for_function(
            "() => { const box = document.querySelector('.st-key-header a[href$=cart]').getBoundingClientRect();"
            " return box.top >= 0 && box.bottom <= 90 && box.right <= innerWidth }"
        )
