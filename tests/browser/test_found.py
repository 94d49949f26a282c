"""What the tab is called, the page for what isn't there, and the foot, in Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from testbed.browser.axe import grave
from testbed.browser.shopper import Shopper

NOTE_TITLES = """() => {
  window.titles = []
  new MutationObserver(() => window.titles.push(document.title)).observe(document, {childList: true, subtree: true})
}"""

HIGHEST_FOOT = """() => {
  window.highest = innerHeight
  const look = () => {
    const foot = document.querySelector(".foot")
    if (foot) window.highest = Math.min(window.highest, foot.getBoundingClientRect().bottom)
    requestAnimationFrame(look)
  }
  look()
}"""


def test_the_tab_is_called_after_its_page_from_the_first_byte_on_and_after_each_page_switch(shopper: Shopper) -> None:
    shopper.page.add_init_script(f"({NOTE_TITLES})()")
    shopper.open("/product?sku=LAPTOP")
    expect(shopper.page.get_by_role("heading", name="Laptop", level=1)).to_be_visible()
    shopper.settled()
    assert set(shopper.page.evaluate("window.titles")) - {""} == {"Laptop · Keepcart"}
    shopper.go_to_cart()
    expect(shopper.page).to_have_title("Cart · Keepcart")
    shopper.page.go_back()
    expect(shopper.page).to_have_title("Laptop · Keepcart")


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_not_there_has_a_page_that_everybody_can_use(shopper: Shopper, width: int) -> None:
    page = shopper.page
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{shopper.url}/old/lamp")
    expect(page).to_have_title("Page not found · Keepcart")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert grave(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("searchbox").fill("oak desk")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Results for “oak desk” · Keepcart")
    expect(page).to_have_url(f"{shopper.url}/?q=oak+desk")


def test_the_foot_stays_below_while_pages_switch(shopper: Shopper) -> None:
    """It was at the top for some frames, and the page looked as if it had nothing to show."""
    shopper.open()
    expect(shopper.button("add-LAPTOP")).to_be_visible()
    shopper.settled()
    shopper.page.evaluate(HIGHEST_FOOT)
    shopper.go_to_cart()
    shopper.settled()
    viewport = shopper.page.viewport_size
    assert viewport
    assert shopper.page.evaluate("window.highest") > viewport["height"] * 0.8
