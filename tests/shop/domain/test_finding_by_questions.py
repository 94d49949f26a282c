"""Questions as shoppers type them, and what they must find: in the shop's own catalogue, and among 100,000 products."""

from __future__ import annotations

import itertools

import pytest

from app.catalogue.products_file import read_catalogue
from app.domain.catalogue import Catalogue, Product
from app.domain.finding import Finder, Wish
from app.domain.money import Currency
from testbed import ROOT

CHAIRS = ["CHAIR-MESH", "CHAIR-KNEEL", "CHAIR-LEATHER", "STOOL-PERCH"]
IN_THE_SHOP = [
    # question, how many have all of its words, what comes first
    ("wireless mouse", 0, ["MOUSE"]),
    ("27 inch monitor", 0, ["MONITOR", "MONITOR-WIDE", "LAMP-BAR"]),
    ("24 inch monitor", 1, ["MONITOR"]),
    ("chairs for office", 1, CHAIRS),
    ("office chairs", 1, CHAIRS),
    ("gaming chair", 0, CHAIRS),
    ("chair", 4, CHAIRS),
    ("stools", 1, ["STOOL-PERCH"]),
    ("mice", 1, ["MOUSE"]),
    ("mose", 1, ["MOUSE"]),
    ("keybord", 1, ["KEYBOARD"]),
    ("headfones", 1, ["HEADPHONES"]),
    ("organizer", 1, ["ORGANISER"]),
    ("lapotp stand", 1, ["STAND-LAPTOP"]),
    ("mechanical keyboards", 0, ["KEYBOARD"]),
    ("noise cancelling headphones", 0, ["HEADPHONES"]),
    ("leather sofa", 0, ["CHAIR-LEATHER"]),
    ("lamp for the desk", 1, ["LAMP-DESK"]),
    ("white desk lamp", 1, ["LAMP-DESK"]),
    ("monitr light", 1, ["LAMP-BAR"]),
    ("desk with drawers", 3, ["DESK-OAK", "DESK-CORNER", "ORGANISER"]),
    ("wooden desk 120 cm", 0, ["DESK-OAK", "DESK-CORNER"]),
    ("16 gb laptop", 1, ["LAPTOP"]),
    ("1080p webcam", 1, ["WEBCAM"]),
    ("usb cable", 1, ["MOUSE", "BOX-CABLE"]),
    ("oak lamp", 1, ["LAMP-FLOOR", "DESK-OAK"]),
    ("ipad stand", 0, ["STAND-LAPTOP", "DESK-STAND"]),
    ("the laptop and a mouse", 0, ["MOUSE", "LAPTOP", "STAND-LAPTOP"]),
]
NOT_IN_THE_SHOP = ["table", "fork", "oven", "rack", "sofa", "gift", "bookshelf", "27 inch", "with 5k", "1921"]


@pytest.fixture(scope="module")
def shop() -> Finder:
    folder = ROOT / "catalogue"
    return Finder(read_catalogue(folder / "products.csv", folder / "pictures", Currency("INR", "en_IN")))


@pytest.mark.parametrize(("question", "whole", "first"), IN_THE_SHOP)
def test_a_question_finds_in_the_shop(shop: Finder, question: str, whole: int, first: list[str]) -> None:
    found = shop.find(Wish(question))
    assert (found.whole, [shown.sku for shown in found[0 : len(first)]]) == (whole, first)


@pytest.mark.parametrize("question", NOT_IN_THE_SHOP)
def test_a_question_about_what_the_shop_does_not_have_finds_nothing(shop: Finder, question: str) -> None:
    assert [product.sku for product in shop.find(Wish(question))[0:9]] == []


SIZE = 100_000
MAKERS = [first + last for first in ("Nor", "Bel", "Kas", "Tri", "Ule") for last in ("da", "mo", "vik", "sen", "tra")]
LOOKS = ["black", "white", "red", "green", "blue", "grey", "oak", "walnut", "beech", "steel", "leather", "glass"]
LOOKS += ["cotton", "bamboo", "wireless"]
THINGS = {
    "Chairs": ["office chair", "dining chair", "bar stool", "armchair"],
    "Tables": ["coffee table", "dining table", "writing desk", "standing desk"],
    "Computers": ["monitor", "keyboard", "mouse", "laptop stand"],
    "Lamps": ["desk lamp", "floor lamp", "light bar", "clip lamp"],
    "Kitchen": ["knife", "serving dish", "bread box", "tablecloth"],
}
SIZES = ["21", "24", "27", "32", "60", "80", "120", "140", "160", "180", "200", "210", "240", "270"]


def generated() -> list[Product]:
    """Return products named by maker, look, thing and size. Each mentions another category in its description."""
    things = [(thing, category) for category, group in THINGS.items() for thing in group]
    names = itertools.islice(itertools.product(SIZES, MAKERS, LOOKS, things), SIZE)
    return [
        Product(
            f"P{number}",
            f"{maker} {look} {thing} {size}",
            100 + number,
            category,
            f"Goes with any {things[number % 7][0]}",
            "picture.svg",
        )
        for number, (size, maker, look, (thing, category)) in enumerate(names)
    ]


@pytest.fixture(scope="module")
def large() -> Finder:
    finder = Finder(Catalogue.of(generated()))
    assert len(finder.find(Wish())) == SIZE
    return finder


@pytest.mark.parametrize(
    ("question", "names_hold"),
    [
        ("27 inch monitor", ("monitor", "27")),
        ("wireless mouse", ("wireless mouse",)),
        ("chairs for the office", ("office chair",)),
        ("dining tables", ("dining table",)),
        ("mose", ("mouse",)),
        ("keybord in walnut", ("walnut keyboard",)),
        ("knives", ("knife",)),
        ("serving dishes", ("serving dish",)),
        ("norda oak desk lamp 80 cm", ("Norda oak desk lamp 80",)),
    ],
)
def test_what_100_000_products_have_is_found_first(large: Finder, question: str, names_hold: tuple[str, ...]) -> None:
    found = large.find(Wish(question))
    assert found.whole
    for shown in found[0 : min(found.whole, 24)]:
        assert all(part in shown.name for part in names_hold), shown.name


@pytest.mark.parametrize(
    ("question", "names_hold"),
    [
        ("mouse wireless pink", ("wireless mouse",)),
        ("logitec keybord", ("keyboard",)),
        ("velvet armchair", ("armchair",)),
        ("titanium knife 27", ("knife", "27")),
        ("ergonomic chair with armrests", ("chair",)),
    ],
)
def test_what_no_product_has_leads_to_the_nearest(large: Finder, question: str, names_hold: tuple[str, ...]) -> None:
    found = large.find(Wish(question))
    assert (found.whole, len(found) >= 24) == (0, True)
    for shown in found[0:24]:
        assert all(part in shown.name for part in names_hold), shown.name


@pytest.mark.parametrize("question", ["cable", "fork", "horse", "28", "2", "velvet"])
def test_a_question_about_what_100_000_products_do_not_have_finds_nothing(large: Finder, question: str) -> None:
    assert [product.name for product in large.find(Wish(question))[0:9]] == []
