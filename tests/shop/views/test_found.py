"""What the shop page says about what it shows."""

import pytest

from app.domain.catalogue import Catalogue, Product
from app.domain.finding import Band, Finder, Wish
from app.views.parts.found import counted, heading, remark

NAMES = ("Oak desk", "Steel desk", "Oak shelf", "Lamp")
FINDER = Finder(Catalogue.of(Product(name, name, 100, "All", "", "picture.svg") for name in NAMES))
NONE = "No product has all of these words. These come nearest."


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(), "Welcome"),
        (Wish(band=Band(0, 5)), "Welcome"),
        (Wish(category="Chairs"), "Chairs"),
        (Wish("desk"), "Results for “desk”"),
        (Wish("desk", "Chairs"), "Results for “desk” in Chairs"),
    ],
)
def test_the_heading_names_the_search_and_the_category(wish: Wish, words: str) -> None:
    assert heading(wish, "Welcome") == words


def test_products_are_counted_in_words() -> None:
    assert [counted(number) for number in (0, 1, 2, 1_234)] == [
        "0 products",
        "1 product",
        "2 products",
        "1,234 products",
    ]


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(), ""),
        (Wish("oak"), ""),
        (Wish("zzzz"), ""),
        (Wish("steel lamp"), NONE),
        (Wish("steel lamp", "All"), "No product here has all of these words. These come nearest."),
        (Wish("oak desk"), "1 product has all of these words. The others come nearest."),
        (Wish("deks"), "No product has “deks”, so words spelt like it count."),
        (Wish("deks lamp"), "No product has “deks”, so words spelt like it count. " + NONE),
    ],
)
def test_what_was_not_asked_for_is_told(wish: Wish, words: str) -> None:
    assert remark(wish, FINDER.find(wish)) == words
