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


def test_typing_with_mistakes_finds_at_once_and_a_reload_a_second_tab_and_back_show_the_same(shopper: Shopper) -> None:
    shopper.open()
    shopper.page.get_by_label("Search").press_sequentially("keybord", delay=20)
    expect(cards(shopper)).to_have_count(1)
    expect(shopper.page).to_have_url(re.compile(r"\?q=keybord$"))
    shopper.reload()
    expect(cards(shopper)).to_have_count(1)
    expect(shopper.page.get_by_label("Search")).to_have_value("keybord")
    other = shopper.another_tab().open("/?q=keybord")
    expect(cards(other)).to_have_count(1)
    shopper.add("KEYBOARD")
    shopper.sees_count(1)
    shopper.go_to_cart()
    shopper.page.go_back()
    expect(cards(shopper)).to_have_count(1)
    expect(shopper.page.get_by_label("Search")).to_have_value("keybord")


def test_category_price_and_order_are_joined_and_counted(shopper: Shopper) -> None:
    shopper.open()
    shopper.page.get_by_role("radio", name="Desks (4)").click()
    expect(cards(shopper)).to_have_count(4)
    choose(shopper, "Price", "₹5,000 to ₹15,000")
    expect(cards(shopper)).not_to_have_count(4)
    found = cards(shopper).count()
    expect(shopper.page.get_by_role("radio", name=f"Desks ({found})")).to_be_checked()
    choose(shopper, "Sort by", "Price, high to low")
    expect(shopper.page).to_have_url(re.compile(r"category=Desks&price=500000-1500000&sort=-price$"))
    shopper.reload()
    expect(cards(shopper)).to_have_count(found)
    prices = [int(re.sub(r"\D", "", text)) for text in shopper.page.locator(".price").all_inner_texts()]
    assert prices == sorted(prices, reverse=True)


def test_what_is_not_there_is_said_with_a_way_out(shopper: Shopper) -> None:
    shopper.open("/?q=zzzz&sort=nonsense&price=1-2&category=None")
    shopper.sees("Nothing found")
    shopper.page.get_by_role("link", name="Show everything").click()
    expect(cards(shopper)).to_have_count(24)
    expect(shopper.page.get_by_label("Search")).to_have_value("")


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


def test_an_unknown_product_gets_a_page_that_helps(shopper: Shopper) -> None:
    shopper.open("/product?sku=NO-SUCH")
    shopper.sees("We don't sell this, or not any more")
    shopper.page.get_by_role("link", name="Go to the shop").click()
    expect(cards(shopper)).to_have_count(24)


def test_no_more_than_there_is_can_be_chosen_or_added(shopper: Shopper) -> None:
    shopper.open("/product?sku=WEBCAM")
    expect(shopper.page.locator(".st-key-buy").get_by_role("button", name="Sold out")).to_be_disabled()
    shopper.open("/product?sku=MONITOR-WIDE")
    shopper.page.get_by_label("Quantity").fill("3")
    shopper.page.locator(".st-key-buy").get_by_role("button", name="Add to Cart").click()
    shopper.sees_count(3)
    shopper.page.locator(".st-key-buy").get_by_role("button", name="Add to Cart").click()
    shopper.sees("There are only 3 left.")
    shopper.sees_count(3)
    shopper.go_to_cart()
    expect(shopper.step_up("MONITOR-WIDE")).to_be_disabled()


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


FACES_AND_BUTTONS = """() => [...document.querySelectorAll("[class*='st-key-add-']")].map(
  (box) => [box.querySelector("article")?.dataset.sku, box.className.match(/st-key-add-([A-Z0-9-]+)/)[1]]
)"""


def agree(shopper: Shopper, count: int) -> None:
    """Wait for so many cards and for the end of the run; each must then have its own face above its own button."""
    expect(shopper.page.locator("[class*='st-key-add-']")).to_have_count(count)
    shopper.settled()
    pairs = shopper.page.evaluate(FACES_AND_BUTTONS)
    assert [face for face, _ in pairs] == [button for _, button in pairs]
