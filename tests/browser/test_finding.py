"""Looking for products: everything chosen is in the address, so it is there again."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from testbed.browser.shopper import Shopper

PLACE = "document.querySelector('[data-testid=stMain]').scrollTop"


def cards(shopper: Shopper) -> Locator:
    return shopper.page.get_by_role("article")


def choose(shopper: Shopper, box: str, option: str) -> None:
    shopper.page.get_by_label(box).click()
    shopper.page.get_by_role("option", name=option).click()


def test_typing_with_mistakes_finds_at_once_and_a_reload_and_back_show_the_same(shopper: Shopper) -> None:
    shopper.open()
    shopper.page.get_by_label("Search").press_sequentially("keybord", delay=20)
    expect(cards(shopper)).to_have_count(1)
    expect(shopper.page).to_have_url(re.compile(r"\?q=keybord$"))
    shopper.reload()
    expect(cards(shopper)).to_have_count(1)
    expect(shopper.page.get_by_label("Search")).to_have_value("keybord")
    shopper.add("KEYBOARD")
    shopper.sees_count(1)
    shopper.go_to_cart()
    shopper.page.go_back()
    expect(cards(shopper)).to_have_count(1)
    expect(shopper.page.get_by_label("Search")).to_have_value("keybord")


def test_a_product_has_a_page_with_its_quantity_and_back_returns_to_the_same_place(shopper: Shopper) -> None:
    shopper.open()
    link = shopper.page.get_by_role("link", name="Corner desk")
    link.scroll_into_view_if_needed()
    place = shopper.page.evaluate(PLACE)
    assert place > 0
    link.click()
    expect(shopper.page.get_by_role("heading", name="Corner desk", level=1)).to_be_visible()
    expect(shopper.page).to_have_url(re.compile(r"/product\?sku=DESK-CORNER$"))
    shopper.page.get_by_label("Quantity").fill("3")
    shopper.page.locator(".st-key-buy").get_by_role("button", name="Add to Cart").click()
    shopper.sees_count(3)
    shopper.sees("3 in your cart")
    shopper.page.go_back()
    expect(cards(shopper)).to_have_count(24)
    shopper.page.wait_for_function(f"{PLACE} === {place}")
    shopper.go_to_cart()
    shopper.page.get_by_role("link", name="Corner desk").click()
    expect(shopper.page.get_by_role("heading", name="Goes well with")).to_be_visible()
    shopper.shows_no_error()


def test_every_card_keeps_its_own_button_whatever_is_chosen(shopper: Shopper) -> None:
    shopper.open()
    agree(shopper, 24)
    shopper.page.get_by_role("radio", name="Desks").click()
    agree(shopper, 4)
    shopper.page.get_by_role("radio", name="All").click()
    agree(shopper, 24)
    choose(shopper, "Sort by", "Name")
    expect(cards(shopper).first).not_to_contain_text("Laptop")
    agree(shopper, 24)
    shopper.page.get_by_label("Search").fill("keybord")
    agree(shopper, 1)
    shopper.page.get_by_label("Search").fill("")
    agree(shopper, 24)
    shopper.add("DESK-STAND")
    shopper.sees_count(1)
    shopper.go_to_cart()
    shopper.page.go_back()
    agree(shopper, 24)


def test_a_chosen_category_is_in_sight_on_a_phone_and_the_page_is_headed_by_it(shopper: Shopper) -> None:
    shopper.page.set_viewport_size({"width": 390, "height": 844})
    shopper.open("/?category=Accessories")
    expect(shopper.page.get_by_role("heading", level=1)).to_have_text("Accessories 4 products")
    pill = shopper.page.get_by_role("radio", name="Accessories")
    expect(pill).to_be_in_viewport(ratio=0.99)
    shopper.page.get_by_role("radiogroup").evaluate("row => row.scrollTo(0, 0)")
    expect(pill).to_be_in_viewport(ratio=0.99)
    shopper.page.get_by_role("radio", name="All").click()
    expect(cards(shopper)).to_have_count(24)
    shopper.page.get_by_role("radiogroup").evaluate("row => row.scrollTo(row.scrollWidth, 0)")
    expect(shopper.page.get_by_role("radio", name="All")).to_be_in_viewport(ratio=0.99)


def test_a_long_search_moves_nothing_on_a_phone(shopper: Shopper) -> None:
    shopper.page.set_viewport_size({"width": 390, "height": 844})
    search = shopper.open().page.get_by_label("Search")
    place = search.bounding_box()
    search.fill("an office chair for somebody who sits for ten hours")
    expect(shopper.page.get_by_text("These come nearest.")).to_be_visible()
    assert search.bounding_box() == place
    assert shopper.page.evaluate("document.documentElement.scrollWidth") == 390


FACES_AND_BUTTONS = """() => [...document.querySelectorAll("[class*='st-key-add-']")].map(
  (box) => [box.querySelector("article")?.dataset.sku, box.className.match(/st-key-add-([A-Z0-9-]+)/)[1]]
)"""


def agree(shopper: Shopper, count: int) -> None:
    """Wait for so many cards and for the end of the run; each must then have its own face above its own button."""
    expect(shopper.page.locator("[class*='st-key-add-']")).to_have_count(count)
    shopper.settled()
    pairs = shopper.page.evaluate(FACES_AND_BUTTONS)
    assert [face for face, _ in pairs] == [button for _, button in pairs]
