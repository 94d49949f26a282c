"""For people who can't see, point or tell pale from paler: axe-core on every page, and a cart by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from testbed.browser.axe import grave
from testbed.browser.shopper import Shopper
from testbed.servers import Store

PAGES = ("/", "/?q=zzzz", "/cart", "/kept", "/product?sku=LAPTOP", "/product?sku=WEBCAM", "/product?sku=NO-SUCH")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_has_a_serious_or_critical_finding(
    shared_store: Store, new_shopper: Callable[..., Shopper], width: int, scheme: str
) -> None:
    shopper = new_shopper(shared_store, viewport={"width": width, "height": 844}, color_scheme=scheme)
    shopper.open("/cart")
    assert grave(shopper.page) == []
    shopper.open().fill("LAPTOP", "MONITOR-WIDE")
    for path in PAGES:
        shopper.open(path)
        shopper.page.get_by_role("heading", level=1).or_(shopper.page.get_by_text("Nothing found")).first.wait_for()
        shopper.page.wait_for_load_state("networkidle")
        assert grave(shopper.page) == [], path


def test_from_landing_to_a_filled_cart_by_keyboard_alone(shopper: Shopper) -> None:
    shopper.open()
    expect(shopper.button("add-LAPTOP")).to_be_visible()  # else Tab goes round a page that is still loading
    keyboard = shopper.page.keyboard
    to_focus(shopper.page, ".st-key-add-LAPTOP button")
    expect(shopper.page.locator(":focus")).to_have_attribute("aria-description", "Laptop")
    keyboard.press("Shift+Tab")
    expect(shopper.page.locator(":focus")).to_have_attribute("href", "product?sku=LAPTOP")
    keyboard.press("Tab")
    keyboard.press("Enter")
    shopper.sees_count(1)
    keyboard.press("Enter")
    shopper.sees_count(2)
    shopper.page.keyboard.press("Control+Home")
    shopper.page.evaluate("document.activeElement.blur()")
    to_focus(shopper.page, ".st-key-header a[href$=cart]")
    keyboard.press("Enter")
    expect(shopper.page.get_by_role("heading", name="Shopping Cart")).to_be_visible()
    shopper.settled()
    to_focus(shopper.page, ".st-key-quantity-LAPTOP input")
    keyboard.press("Control+A")
    keyboard.type("5")
    keyboard.press("Enter")
    shopper.sees_lines({"LAPTOP": 5})
    to_focus(shopper.page, ".st-key-remove-LAPTOP button")
    expect(shopper.page.locator(":focus")).to_have_attribute("aria-description", "Laptop")
    keyboard.press("Enter")
    shopper.sees("Your cart is empty")


def to_focus(page: Page, selector: str) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(80):
        if page.evaluate("selector => !!document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {selector}")
