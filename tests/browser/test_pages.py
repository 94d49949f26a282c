"""What the pages show: one cart link, at every width; pictures; the form, the menu and the address at work."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from testbed.browser.shopper import CART_LINK, Shopper

# How wide the widest thing is that scrolls by itself: Streamlit's page is such a thing inside the document. The
# strip of categories is meant to, on a phone.
WIDEST = """Math.max(0, ...[...document.querySelectorAll('[data-testid=stMain], [data-testid=stMain] *')]
  .filter(part => ['auto', 'scroll'].includes(getComputedStyle(part).overflowX) && part.scrollWidth > part.clientWidth)
  .filter(part => !part.closest('.st-key-category'))
  .map(part => part.scrollWidth))"""


def test_every_page_has_one_cart_link_and_never_scrolls_sideways_at_any_width(shopper: Shopper) -> None:
    for count in (0, 2):
        if count:
            shopper.fill_unseen("LAPTOP", "MOUSE")
        for path in ("/", "/cart"):
            shopper.open(path).sees_count(count)
            for width in (1280, 768, 390, 320):
                shopper.page.set_viewport_size({"width": width, "height": 800})
                expect(shopper.page.get_by_role("link", name=CART_LINK).filter(visible=True)).to_have_count(1)
                expect(shopper.cart_link).to_be_in_viewport()
                shopper.page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")
                shopper.page.wait_for_function(f"({WIDEST}) === 0")


def test_a_message_makes_a_narrow_page_no_wider(shopper: Shopper) -> None:
    shopper.page.set_viewport_size({"width": 320, "height": 800})
    shopper.open().fill("LAPTOP", "MOUSE")
    shopper.page.wait_for_function(f"({WIDEST}) === 0")


def test_the_empty_cart_says_so_and_leads_back(shopper: Shopper) -> None:
    shopper.open("/cart").sees("Your cart is empty")
    shopper.sees_count(0)
    assert shopper.witness.saw_an_empty_cart(), "or it would be no witness elsewhere"
    assert shopper.witness.counts() == [0]
    expect(shopper.page.get_by_role("heading", name="Shopping Cart")).to_be_visible()
    expect(shopper.button("clear-cart")).to_have_count(0)
    shopper.page.get_by_role("link", name="Go to the shop").click()
    expect(shopper.button("add-MOUSE")).to_be_visible()


def test_the_form_adds_what_was_chosen_and_says_so(shopper: Shopper) -> None:
    shopper.open("/cart")
    shopper.quick_add("Laptop", 2)
    shopper.sees("Added 2 × Laptop to cart")
    shopper.sees_lines({"LAPTOP": 2})
    shopper.quick_add("Keyboard", 3)
    shopper.sees_lines({"LAPTOP": 2, "KEYBOARD": 3})


def test_clear_cart_does_nothing_until_it_is_confirmed(shopper: Shopper) -> None:
    shopper.fill_unseen("LAPTOP").open("/cart")
    shopper.button("clear-cart").click()
    expect(shopper.button("clear-cart-yes")).to_be_visible()
    shopper.page.keyboard.press("Escape")
    expect(shopper.button("clear-cart-yes")).to_have_count(0)
    assert shopper.kept_lines() == {"LAPTOP": 1}
    shopper.clear()
    shopper.sees("Your cart is empty")
    assert shopper.kept_lines() == {}


def test_a_category_lives_in_the_address_and_back_returns_to_the_one_before(shopper: Shopper) -> None:
    shopper.open()
    for category, product in (("Desks", "Standing desk"), ("Lamps", "Desk lamp")):
        shopper.page.get_by_role("radio", name=category).click()
        expect(shopper.page).to_have_url(re.compile(rf"\?category={category}$"))
        expect(shopper.page.get_by_role("article").first).to_contain_text(product)
        shopper.settled()
    shopper.go_to_cart()
    for category, product in (("Lamps", "Desk lamp"), ("Desks", "Standing desk")):
        shopper.page.go_back()
        expect(shopper.page).to_have_url(re.compile(rf"\?category={category}$"))
        expect(shopper.page.get_by_role("article").first).to_contain_text(product)
        expect(shopper.page.get_by_role("article")).to_have_count(4)
        expect(shopper.page.get_by_role("radio", name=category)).to_be_checked()
        shopper.settled()
    shopper.page.get_by_role("radio", name="All").click()
    expect(shopper.page.get_by_role("article")).to_have_count(24)


@pytest.mark.parametrize("path", ["/", "/cart"])
def test_pictures_really_load(shopper: Shopper, path: str) -> None:
    pictures = shopper.fill_unseen("LAPTOP").open(path).page.locator("article img, [class*=st-key-line-] img")
    expect(pictures.first).to_be_visible()
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate("picture => picture.naturalWidth") > 0
