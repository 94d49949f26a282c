"""What the pages show: names that outsiders rely on, money, messages, the address, and every width."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from testbed.browser.shopper import CART_LINK, Shopper
from testbed.servers import Store

# How wide the widest thing is that scrolls by itself: Streamlit's page is such a thing inside the document. The
# strip of categories is meant to, on a phone.
WIDEST = """Math.max(0, ...[...document.querySelectorAll('[data-testid=stMain], [data-testid=stMain] *')]
  .filter(part => ['auto', 'scroll'].includes(getComputedStyle(part).overflowX) && part.scrollWidth > part.clientWidth)
  .filter(part => !part.closest('.st-key-category'))
  .map(part => part.scrollWidth))"""


@pytest.mark.parametrize("width", [1280, 768, 390, 320])
def test_every_page_has_one_cart_link_and_never_scrolls_sideways(
    shared_store: Store, new_shopper: Callable[..., Shopper], width: int
) -> None:
    shopper = new_shopper(shared_store, viewport={"width": width, "height": 800}).open()
    for count in (0, 2):
        for path in ("/", "/cart"):
            shopper.open(path).sees_count(count)
            expect(shopper.page.get_by_role("link", name=CART_LINK).filter(visible=True)).to_have_count(1)
            expect(shopper.cart_link).to_be_in_viewport()
            shopper.page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
            shopper.page.wait_for_function(f"({WIDEST}) === 0")
        if count == 0:
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


def test_the_cart_page_shows_names_prices_totals_and_its_form(shopper: Shopper) -> None:
    shopper.open().fill("LAPTOP", "MOUSE")
    shopper.go_to_cart()
    expect(shopper.page.get_by_role("heading", name="Shopping Cart")).to_be_visible()
    for sku, name, price in (("LAPTOP", "Laptop", "₹25,000"), ("MOUSE", "Mouse", "₹349")):
        line = shopper.page.locator(f".st-key-line-{sku}")
        expect(line).to_contain_text(name)
        expect(line).to_contain_text(price)
        expect(shopper.quantity(sku)).to_have_value("1")
        expect(shopper.button(f"remove-{sku}")).to_have_text(re.compile("Remove$"))
    shopper.sees("Total: ₹25,349")
    expect(shopper.button("clear-cart").first).to_contain_text("Clear Cart")
    shopper.sees("Add Product to Cart")
    expect(shopper.page.get_by_label("Choose a product:")).to_be_visible()
    form_quantity = shopper.page.get_by_label("Quantity:")
    expect(form_quantity).to_have_value("1")
    expect(form_quantity).to_have_attribute("min", "1")
    expect(form_quantity).to_have_attribute("max", "10")
    expect(shopper.button("quick-add")).to_have_text("Add to Cart")


def test_amounts_are_written_as_in_india(shopper: Shopper) -> None:
    shopper.open().fill("LAPTOP")
    shopper.go_to_cart()
    shopper.set_quantity("LAPTOP", 5)
    shopper.sees("Total: ₹1,25,000")
    shopper.quick_add("Desk mat", 1)
    shopper.sees("Total: ₹1,25,349.50")


def test_the_form_adds_what_was_chosen_and_says_so(shopper: Shopper) -> None:
    shopper.open("/cart")
    shopper.quick_add("Laptop", 2)
    shopper.sees("Added 2 × Laptop to cart")
    shopper.sees_lines({"LAPTOP": 2})
    shopper.quick_add("Keyboard", 3)
    shopper.sees_lines({"LAPTOP": 2, "KEYBOARD": 3})


def test_removing_the_last_line_and_clearing_leave_an_empty_cart(shopper: Shopper) -> None:
    shopper.open().fill("LAPTOP", "MOUSE")
    shopper.go_to_cart()
    shopper.remove("LAPTOP")
    shopper.sees_lines({"MOUSE": 1})
    shopper.clear()
    shopper.sees("Your cart is empty")
    shopper.reload().sees("Your cart is empty")
    shopper.quick_add("Mouse", 1)
    shopper.sees_lines({"MOUSE": 1})
    shopper.remove("MOUSE")
    shopper.sees("Your cart is empty")


def test_clear_cart_does_nothing_until_it_is_confirmed(shopper: Shopper) -> None:
    shopper.open().fill("LAPTOP")
    shopper.go_to_cart()
    shopper.button("clear-cart").click()
    expect(shopper.button("clear-cart-yes")).to_be_visible()
    shopper.page.keyboard.press("Escape")
    shopper.reload().sees_lines({"LAPTOP": 1})


def test_no_more_than_the_limit_of_one_product_fit_in_a_cart(shopper: Shopper) -> None:
    shopper.open().fill("MOUSE")
    shopper.go_to_cart()
    shopper.set_quantity("MOUSE", 99)
    shopper.sees_lines({"MOUSE": 99})
    shopper.quick_add("Mouse", 1)
    shopper.sees("At most 99 of a product fit in one cart.")
    shopper.reload().sees_lines({"MOUSE": 99})


def test_a_category_lives_in_the_address(shopper: Shopper) -> None:
    shopper.open()
    expect(shopper.page.get_by_role("article")).to_have_count(24)
    shopper.page.get_by_role("radio", name="Desks").click()
    expect(shopper.page).to_have_url(re.compile(r"\?category=Desks$"))
    expect(shopper.page.get_by_role("article")).to_have_count(4)
    shopper.reload()
    expect(shopper.page.get_by_role("article")).to_have_count(4)
    expect(shopper.page.get_by_role("radio", name="Desks")).to_be_checked()
    shopper.page.get_by_role("radio", name="Lamps").click()
    expect(shopper.page).to_have_url(re.compile(r"\?category=Lamps$"))
    expect(shopper.page.get_by_role("article").first).to_contain_text("Desk lamp")
    shopper.go_to_cart()
    shopper.page.go_back()
    expect(shopper.page).to_have_url(re.compile(r"\?category=Lamps$"))
    expect(shopper.page.get_by_role("article").first).to_contain_text("Desk lamp")
    expect(shopper.page.get_by_role("article")).to_have_count(4)
    expect(shopper.page.get_by_role("radio", name="Lamps")).to_be_checked()
    shopper.page.get_by_role("radio", name="All").click()
    expect(shopper.page.get_by_role("article")).to_have_count(24)


def test_back_returns_to_the_category_before(shopper: Shopper) -> None:
    shopper.open()
    for category in ("Desks", "Lamps"):
        shopper.page.get_by_role("radio", name=category).click()
        expect(shopper.page).to_have_url(re.compile(rf"\?category={category}$"))
        shopper.settled()
    shopper.page.go_back()
    expect(shopper.page).to_have_url(re.compile(r"\?category=Desks$"))
    expect(shopper.page.get_by_role("radio", name="Desks")).to_be_checked()
    expect(shopper.page.get_by_role("article")).to_have_count(4)


@pytest.mark.parametrize("path", ["/", "/cart", "/?category=Desks"])
def test_pictures_really_load(shopper: Shopper, path: str) -> None:
    shopper.open().fill("LAPTOP")
    shopper.open(path)
    pictures = shopper.page.locator("article img, [class*=st-key-line-] img")
    expect(pictures.first).to_be_visible()
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate("picture => picture.naturalWidth") > 0
