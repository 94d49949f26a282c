"""What a shopper sees for whom there is no place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from testbed.browser.shopper import Shopper
from testbed.servers import Store
from testbed.wire.open_page import OpenPage


@pytest.mark.server
def test_a_page_without_a_place_is_readable_everywhere_and_becomes_the_shop_by_itself(
    start_store: Callable[..., Store], new_shopper: Callable[..., Shopper]
) -> None:
    store = start_store(KEEPCART_WEB__MAX_OPEN_PAGES="1", KEEPCART_STORE__NAME="Teacups")
    with OpenPage(store.url):
        shopper = new_shopper(store, viewport={"width": 320, "height": 640}, color_scheme="dark")
        page = shopper.page
        page.goto(store.url)
        expect(page.get_by_role("heading")).to_have_text("Teacups")
        expect(page.get_by_text("Your cart is safe")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(255, 255, 255)"
        page.emulate_media(color_scheme="light")
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    expect(page.get_by_text("Add to Cart").first).to_be_visible(timeout=30_000)
