"""What a shopper would miss besides the cart: the products looked at last, and the quick-add form half filled in."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from testbed.browser.shopper import Shopper, restart_under
from testbed.servers import Store


def looks_at(shopper: Shopper, *skus: str) -> None:
    for sku in skus:
        shopper.open(f"/product?sku={sku}")
        expect(shopper.button(f"add-{sku}")).to_be_visible()


def viewed(shopper: Shopper) -> list[str | None]:
    links = shopper.page.locator(".looked-at a")
    expect(links.first).to_be_visible()
    return [link.get_attribute("href") for link in links.all()]


def test_what_was_looked_at_last_is_shown_after_a_reload_and_in_another_tab_newest_first(shopper: Shopper) -> None:
    looks_at(shopper, "LAPTOP", "MOUSE", "DESK-STAND", "LAPTOP")
    assert viewed(shopper) == ["product?sku=DESK-STAND", "product?sku=MOUSE"]
    shopper.open("/cart")
    assert viewed(shopper) == ["product?sku=LAPTOP", "product?sku=DESK-STAND", "product?sku=MOUSE"]
    shopper.reload()
    assert viewed(shopper) == ["product?sku=LAPTOP", "product?sku=DESK-STAND", "product?sku=MOUSE"]
    other = shopper.another_tab().open("/cart")
    other.page.get_by_role("link", name="Mouse").click()
    expect(other.page).to_have_url(re.compile(r"/product\?sku=MOUSE$"))
    expect(other.button("add-MOUSE")).to_be_visible()
    shopper.reload()
    assert viewed(shopper)[0] == "product?sku=MOUSE"


def test_who_has_looked_at_nothing_sees_no_empty_strip(shopper: Shopper) -> None:
    shopper.open("/cart").sees("Your cart is empty")
    expect(shopper.page.locator(".looked-at")).to_have_count(0)


def fill_in(shopper: Shopper, product: str, quantity: int) -> None:
    choice = shopper.page.get_by_label("Choose a product:")
    choice.fill("")
    choice.press_sequentially(product)
    shopper.page.get_by_role("option", name=product, exact=True).click()
    shopper.settled()
    shopper.page.get_by_label("Quantity:").fill(str(quantity))
    shopper.page.get_by_label("Quantity:").press("Enter")
    shopper.settled()


def sees_form(shopper: Shopper, product: str, quantity: int) -> None:
    expect(shopper.page.get_by_label("Quantity:")).to_have_value(str(quantity))
    expect(shopper.page.locator(".st-key-quick-add-product input")).to_have_value(product)


def test_the_quick_add_form_half_filled_in_is_there_after_a_reload_a_page_switch_and_in_another_tab(
    shopper: Shopper,
) -> None:
    shopper.open("/cart")
    fill_in(shopper, "Keyboard", 3)
    shopper.reload()
    sees_form(shopper, "Keyboard", 3)
    shopper.page.get_by_role("link", name="Go to the shop").click()
    expect(shopper.button("add-LAPTOP")).to_be_visible()
    shopper.go_to_cart()
    sees_form(shopper, "Keyboard", 3)
    other = shopper.another_tab().open("/cart")
    sees_form(other, "Keyboard", 3)
    other.button("quick-add").click()
    other.sees("Added 3 × Keyboard to cart")
    other.sees_lines({"KEYBOARD": 3})


def test_the_quick_add_form_survives_a_restart_under_the_open_page(store: Store, new_shopper: object) -> None:
    assert callable(new_shopper)
    shopper: Shopper = new_shopper(store).open("/cart")
    fill_in(shopper, "Mouse", 2)
    restart_under(store, shopper)
    fill_in(shopper, "Monitor", 4)
    sees_form(shopper, "Monitor", 4)
    shopper.reload()
    sees_form(shopper, "Monitor", 4)
    restart_under(store, shopper)
    shopper.button("quick-add").click()
    shopper.sees_lines({"MONITOR": 4})
