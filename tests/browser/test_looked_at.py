"""The quick-add form half filled in, which a shopper would miss."""

from __future__ import annotations

from playwright.sync_api import expect

from testbed.browser.shopper import Shopper
from testbed.waiting import until


def fill_in(shopper: Shopper, product: str, quantity: int) -> None:
    choice = shopper.page.get_by_label("Choose a product:")
    choice.fill("")
    choice.press_sequentially(product)
    shopper.page.get_by_role("option", name=product, exact=True).click()
    shopper.settled()
    shopper.page.get_by_label("Quantity:").fill(str(quantity))
    shopper.page.get_by_label("Quantity:").press("Enter")
    until(lambda: shopper.kept_value("/cart", "quick-add-quantity") == quantity)  # a busy browser sends it late


def sees_form(shopper: Shopper, product: str, quantity: int) -> None:
    expect(shopper.page.get_by_label("Quantity:")).to_have_value(str(quantity))
    expect(shopper.page.locator(".st-key-quick-add-product input")).to_have_value(product)


def test_the_quick_add_form_half_filled_in_is_there_after_a_reload_and_a_page_switch(shopper: Shopper) -> None:
    shopper.open("/cart")
    fill_in(shopper, "Keyboard", 3)
    shopper.reload()
    sees_form(shopper, "Keyboard", 3)
    shopper.page.get_by_role("link", name="Go to the shop").click()
    expect(shopper.button("add-LAPTOP")).to_be_visible()
    shopper.go_to_cart()
    sees_form(shopper, "Keyboard", 3)
    shopper.button("quick-add").click()
    shopper.sees_lines({"KEYBOARD": 3})
