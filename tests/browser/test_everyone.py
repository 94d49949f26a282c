"""For people who can't see, point or tell pale from paler: axe-core on every page, and a cart by keyboard alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from testbed.browser.axe import grave
from testbed.browser.shopper import Shopper

PAGES = (
    "/",
    "/?q=zzzz",
    "/?q=standng+oak+desk&category=Desks",
    "/cart",
    "/setups",
    "/compare",
    "/take-along",
    "/combination?is=1.LAPTOP.GONE_2",
    "/kept",
    "/privacy",
    "/delivery",
    "/product?sku=LAPTOP",
    "/product?sku=WEBCAM",
    "/product?sku=NO-SUCH",
)
LOOKS = """scheme => {
  const [red] = getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor.match(/\\d+/)
  return (red > 127) === (scheme === "light")
}"""


LOOKED_AT: Sequence[tuple[Literal["light", "dark"], int]] = (("light", 1280), ("dark", 390))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_serious_or_critical_finding_at_any_width_light_or_dark(shopper: Shopper, path: str) -> None:
    shopper.fill_unseen("LAPTOP", "MONITOR-WIDE").keep_unseen("Standing desk")
    assert_sound(shopper.open(path))


def test_the_empty_cart_has_no_serious_or_critical_finding(shopper: Shopper) -> None:
    assert_sound(shopper.open("/cart"))


def assert_sound(shopper: Shopper) -> None:
    """Let axe-core look at the page, wide and light, narrow and dark: colours follow the one, places the other."""
    page = shopper.page
    page.get_by_role("heading", level=1).or_(page.get_by_text("Nothing found")).first.wait_for()
    page.wait_for_load_state("networkidle")
    for scheme, width in LOOKED_AT:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(LOOKS, arg=scheme)
        page.set_viewport_size({"width": width, "height": 844})
        assert grave(page) == [], (width, scheme)


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
