"""Looking for products: everything chosen is in the address, so it is there again."""

from __future__ import annotations

import re
from collections.abc import Callable

from testbed.wire.shopper import WireShopper


def cards(shopper: WireShopper) -> int:
    return len(re.findall("<article ", shopper.page.shown.html()))


def heading(shopper: WireShopper) -> str:
    """Return the heading as it is read: without the marks of Markdown."""
    (title,) = [part.content.body for part in shopper.page.shown.parts if part.kind == "heading"]
    return re.sub(r"\\(.)", r"\1", re.sub(r":small\[(.*)\]", r"\1", title))


def test_what_was_typed_is_in_the_address_and_found_in_another_tab_and_after_a_reload(shopper: WireShopper) -> None:
    shopper.open().types("search", "keybord")
    assert (cards(shopper), shopper.page.address) == (1, "?q=keybord")
    for tab in (shopper.reload(), shopper.another_tab().open("/?q=keybord")):
        assert (cards(tab), tab.value("search")) == (1, "keybord")
        tab.add("KEYBOARD")
    tab.sees_count(2)
    tab.types("search", "")
    assert (cards(tab), tab.page.address) == (24, "")


def test_the_nearest_products_are_shown_and_said_to_be_the_nearest(shopper: WireShopper) -> None:
    nearest = "No product has all of these words. These come nearest."
    shopper.open().types("search", "wireless mouse")
    assert (cards(shopper), shopper.page.address) == (1, "?q=wireless+mouse")
    shopper.sees(nearest)
    shopper.add("MOUSE")
    shopper.sees_count(1)
    shopper.types("search", "mouse")
    assert cards(shopper) == 1
    shopper.lacks(nearest)


def test_the_heading_names_what_is_shown_and_how_many(shopper: WireShopper) -> None:
    for path, words in (
        ("/", "Furnish your home office 24 products"),
        ("/?category=Chairs", "Chairs 4 products"),
        ("/?q=desk", "Results for “desk” 7 products"),
        ("/?q=*desk*&category=Lamps", "Results for “*desk*” in Lamps 1 product"),
    ):
        assert heading(shopper.open(path)) == words


def test_a_search_is_in_the_order_of_the_best_match_unless_another_is_chosen(shopper: WireShopper) -> None:
    options = shopper.open("/?q=light").page.shown.widget("sort").options
    assert (options[0], shopper.value("sort")) == ("Best match", "Best match")
    shopper.chooses("sort", "Name")
    assert shopper.page.address == "?q=light&sort=name"
    shopper.chooses("sort", "Best match")
    assert shopper.page.address == "?q=light"
    shopper.types("search", "")
    assert shopper.value("sort") == "Featured"


def test_category_price_and_order_are_joined_and_counted(shopper: WireShopper) -> None:
    shopper.open().picks("category", "Desks (4)")
    assert cards(shopper) == 4
    (price,) = [text for text in shopper.page.shown.widget("price").options if text.startswith("₹5,000 to ₹15,000")]
    shopper.chooses("price", price)
    found = cards(shopper)
    assert 0 < found < 4
    assert shopper.value("category") == [f"Desks ({found})"]
    shopper.chooses("sort", "Price, high to low")
    assert shopper.page.address == "?category=Desks&price=500000-1500000&sort=-price"
    shopper.reload()
    assert cards(shopper) == found
    prices = [int(re.sub(r"\D", "", text)) for text in re.findall(r'class="price">([^<]+)', shopper.page.shown.html())]
    assert prices == sorted(prices, reverse=True)


def test_a_category_is_there_again_after_a_reload_and_all_leaves_no_trace_of_it(shopper: WireShopper) -> None:
    shopper.open()
    assert cards(shopper) == 24
    shopper.picks("category", "Desks")
    assert shopper.page.address == "?category=Desks"
    shopper.reload()
    assert (cards(shopper), shopper.value("category")) == (4, ["Desks (4)"])
    shopper.picks("category", "All")
    assert (cards(shopper), shopper.page.address) == (24, "")


def test_what_is_not_there_is_said_with_a_way_out(shopper: WireShopper) -> None:
    shopper.open("/?q=zzzz&sort=nonsense&price=1-2&category=None").sees("Nothing found")
    shopper.sees("Show everything", "empty")
    shopper.follow("")
    assert (cards(shopper), shopper.value("search")) == (24, "")


def test_an_unknown_product_gets_a_page_that_helps(shopper: WireShopper) -> None:
    shopper.open("/product?sku=NO-SUCH").sees("We don't sell this, or not any more")
    shopper.sees("Go to the shop", "empty")
    shopper.follow("")
    assert cards(shopper) == 24


def test_a_product_has_a_page_with_its_quantity(shopper: WireShopper) -> None:
    shopper.open().follow("product?sku=DESK-CORNER").sees("Corner desk")
    shopper.set_number("pieces-DESK-CORNER", 3)
    shopper.add("DESK-CORNER")
    shopper.sees_count(3)
    shopper.sees("3 in your cart", "in-cart")
    shopper.go_to_cart().follow("product?sku=DESK-CORNER").sees("Goes well with")
    shopper.shows_no_error()


def test_no_more_than_there_is_can_be_chosen_or_added(shopper: WireShopper) -> None:
    shopper.open("/product?sku=WEBCAM")
    sold_out = shopper.page.shown.widget("add-WEBCAM")
    assert (sold_out.label, sold_out.disabled) == ("Sold out", True)
    assert not shopper.page.shown.has("pieces-WEBCAM")
    shopper.open("/product?sku=MONITOR-WIDE")
    assert shopper.page.shown.widget("pieces-MONITOR-WIDE").max == 3
    shopper.set_number("pieces-MONITOR-WIDE", 3)
    shopper.add("MONITOR-WIDE")
    shopper.sees_count(3)
    shopper.add("MONITOR-WIDE")
    shopper.sees("There are only 3 left.")
    shopper.sees_count(3)
    shopper.go_to_cart()
    assert shopper.page.shown.widget("quantity-MONITOR-WIDE").max == 3


def test_each_card_has_its_own_button_in_the_order_of_the_faces(shopper: WireShopper) -> None:
    shopper.open()
    acts: list[Callable[[], None]] = [
        lambda: shopper.picks("category", "Desks"),
        lambda: shopper.picks("category", "All"),
        lambda: shopper.chooses("sort", "Name"),
        lambda: shopper.types("search", "keybord"),
        lambda: shopper.types("search", ""),
    ]
    for act in acts:
        act()
        faces = re.findall(r'<article class="card" data-sku="([^"]+)"', shopper.page.shown.html())
        assert faces == shopper.page.shown.keys("add-")
        assert faces


def test_a_price_chosen_on_a_page_that_is_two_searches_behind_counts(shopper: WireShopper) -> None:
    shopper.open("/")
    seen = shopper.page.shown.widget("price").options[1]
    for text in ("des", "desk"):
        shopper.types("search", text)
    assert seen not in shopper.page.shown.widget("price").options, "it had another count"
    shopper.page.change("price", string_value=seen)
    assert "price=" in shopper.page.address
    assert "q=desk" in shopper.page.address
