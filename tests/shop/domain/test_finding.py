"""Finding products by words, category, price and order."""

import time
import unicodedata

import pytest

from app.domain.catalogue import Catalogue, Product
from app.domain.finding import Band, Finder, Order, Wish
from app.domain.words import words


def product(sku: str, name: str, price: int, category: str = "Things", description: str = "") -> Product:
    return Product(sku, name, price, category, description, "picture.svg")


CATALOGUE = Catalogue.of(
    [
        product("MONITOR", "Monitor", 8_000, "Screens", "Thin and bright"),
        product("LIGHT", "Light bar", 3_000, "Lamps", "Hangs on a monitor"),
        product("LAMP", "Desk lamp", 2_000, "Lamps", "Warm light for a desk"),
        product("DESK", "Café desk", 9_000, "Desks", "Solid oak"),
        product("KEYS", "Keyboard", 2_000, "Screens", "For people who type"),
    ]
)
FINDER = Finder(CATALOGUE)


def found(
    text: str = "", category: str | None = None, band: Band | None = None, order: Order = Order.FEATURED
) -> list[str]:
    return [product.sku for product in FINDER.find(Wish(text, category, band, order))[0:99]]


def test_without_a_wish_everything_is_found_in_the_shopkeepers_order() -> None:
    assert found() == ["MONITOR", "LIGHT", "LAMP", "DESK", "KEYS"]


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("keyboard", ["KEYS"]),
        ("KEYBOARD!", ["KEYS"]),
        ("keyb", ["KEYS"]),
        ("keybaord", ["KEYS"]),
        ("kyeboard", ["KEYS"]),
        ("kyebo", ["KEYS"]),
        ("cafe", ["DESK"]),
        ("thin monitors", ["MONITOR"]),
        ("scrEEns type", ["KEYS"]),
        ("zzz", []),
        ("ke", ["KEYS"]),
        ("", ["MONITOR", "LIGHT", "LAMP", "DESK", "KEYS"]),
        ("?!", ["MONITOR", "LIGHT", "LAMP", "DESK", "KEYS"]),
    ],
)
def test_words_are_found_begun_without_accents_and_mistyped(text: str, skus: list[str]) -> None:
    answer = FINDER.find(Wish(text))
    assert [product.sku for product in answer[0 : answer.whole]] == skus


@pytest.mark.parametrize("piece", ["\u0301\u0316", "\u0f73", "\ufdfa", "a", "·", " a"])
def test_the_words_of_a_hostile_text_are_found_in_linear_time(piece: str) -> None:
    started = time.monotonic()
    list(words("a" + piece * (150_000 // len(unicodedata.normalize("NFKD", piece)))))
    assert time.monotonic() - started < 5


def test_a_name_fits_better_than_a_category_and_that_better_than_a_description() -> None:
    assert found("monitor") == ["MONITOR", "LIGHT"]
    assert found("desk") == ["LAMP", "DESK"]
    assert found("light") == ["LIGHT", "LAMP"]


@pytest.mark.parametrize(
    ("text", "whole", "skus"),
    [
        ("oak lamp", 0, ["LAMP", "DESK", "LIGHT"]),
        ("oak desk", 1, ["DESK", "LAMP"]),
        ("ergonomic keybord", 0, ["KEYS"]),
        ("thin for", 1, ["MONITOR"]),
        ("zzz and keyboard", 0, ["KEYS"]),
        ("zzz and yyy", 0, []),
    ],
)
def test_if_few_have_all_words_the_nearest_follow_them(text: str, whole: int, skus: list[str]) -> None:
    answer = FINDER.find(Wish(text))
    assert (answer.whole, [product.sku for product in answer[0:9]]) == (whole, skus)


def test_if_many_have_all_words_nothing_else_is_shown() -> None:
    names = [*(f"Oak desk {number}" for number in range(9)), "Oak shelf", "Steel desk"]
    finder = Finder(Catalogue.of(product(f"P{place}", name, 100) for place, name in enumerate(names)))
    answer = finder.find(Wish("oak desk"))
    assert (answer.whole, len(answer)) == (9, 9)


def test_products_with_all_words_come_first_in_every_order() -> None:
    for order in Order:
        assert found("oak desk", order=order) == ["DESK", "LAMP"]


def test_the_nearest_are_counted_by_category_and_price_like_all_that_is_found() -> None:
    answer = FINDER.find(Wish("oak lamp", "Desks"))
    assert (answer.whole, [product.sku for product in answer[0:9]]) == (0, ["DESK"])
    assert answer.by_category == {"Lamps": 2, "Desks": 1}
    assert sum(answer.by_band.values()) == 1


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    names = [*(f"Desk {number}" for number in range(20)), "Oak bench"]
    finder = Finder(Catalogue.of(product(f"P{place}", name, 100) for place, name in enumerate(names)))
    assert finder.find(Wish("oak desk"))[0:1][0].name == "Oak bench"


def test_words_that_only_like_ones_were_found_for_are_told() -> None:
    assert FINDER.find(Wish("keybord oak")).misspelt == ("keybord",)
    assert FINDER.find(Wish("keyboard zzzz")).misspelt == ()


def test_a_known_word_is_not_taken_for_a_mistyped_one() -> None:
    finder = Finder(Catalogue.of([product("A", "Lamp", 1), product("B", "Damp", 1)]))
    assert [product.sku for product in finder.find(Wish("damp"))[0:9]] == ["B"]


@pytest.mark.parametrize(
    ("order", "skus"),
    [
        (Order.PRICE_UP, ["LAMP", "KEYS", "LIGHT", "MONITOR", "DESK"]),
        (Order.PRICE_DOWN, ["DESK", "MONITOR", "LIGHT", "LAMP", "KEYS"]),
        (Order.NAME, ["DESK", "LAMP", "KEYS", "LIGHT", "MONITOR"]),
        (Order.NEWEST, ["KEYS", "DESK", "LAMP", "LIGHT", "MONITOR"]),
    ],
)
def test_products_are_ordered(order: Order, skus: list[str]) -> None:
    assert found(order=order) == skus
    assert found("light", order=order) == [sku for sku in skus if sku in ("LIGHT", "LAMP")]


def test_category_and_price_are_joined_and_counted_each_without_itself() -> None:
    cheap = Band(0, 3_000)
    assert found(category="Lamps", band=cheap) == ["LAMP"]
    answer = FINDER.find(Wish(category="Lamps", band=cheap))
    assert answer.by_category == {"Lamps": 1, "Screens": 1}
    assert sum(answer.by_band.values()) == 2
    assert found(category="No such") == found()


def test_the_bands_hold_every_product_once_and_have_round_limits() -> None:
    finder = Finder(Catalogue.of(product(f"P{price}", "Thing", price * 137) for price in range(1, 500)))
    assert sum(finder.find(Wish()).by_band.values()) == 499
    assert finder.bands[0].low == 0
    assert finder.bands[-1].high is None
    for band in finder.bands[1:]:
        assert len(str(band.low).rstrip("0")) <= 2


def choice(sku: str, option: str, price: int, description: str = "") -> Product:
    return Product(sku, "Clay pot", price, "Pots", description, "picture.svg", None, None, "clay-pot", option)


def test_choices_of_one_page_are_found_once_by_the_words_of_all_and_by_their_lowest_price() -> None:
    pots = [choice("POT-L", "Large", 900, "Round"), choice("POT-S", "Small / Red", 400, "Square")]
    finder = Finder(Catalogue.of([pots[0], product("VASE", "Vase", 500), pots[1]]))

    def skus(wish: Wish) -> list[str]:
        return [product.sku for product in finder.find(wish)[0:9]]

    assert skus(Wish()) == ["POT-L", "VASE"]
    for text in ("pot", "red", "large", "round", "square pot"):
        assert skus(Wish(text)) == ["POT-L"], text
    assert skus(Wish(order=Order.PRICE_UP)) == ["POT-L", "VASE"]
    assert skus(Wish(band=Band(0, 450))) == ["POT-L"]
    assert skus(Wish(band=Band(800, None))) == []
    assert finder.find(Wish()).by_category == {"Pots": 1, "Things": 1}


@pytest.mark.parametrize("prices", [[], [5], [7, 7, 7], [0, 0], [0, 1]])
def test_few_or_equal_prices_are_no_trouble(prices: list[int]) -> None:
    finder = Finder(Catalogue.of(product(f"P{place}", "Thing", price) for place, price in enumerate(prices)))
    answer = finder.find(Wish())
    assert len(answer) == len(prices)
    assert sum(answer.by_band.values()) == len(prices)
