"""A shopper: one tab of the store, what she does in it and what she sees."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, Protocol

from playwright.sync_api import Locator, Page, expect

from testbed.browser.witness import Witness
from testbed.servers import Store
from testbed.wire.shopper import WireShopper

CART_LINK = re.compile(r"^Cart \(\d+\)$")
CONNECTED = '[data-testid="stApp"][data-test-connection-state="CONNECTED"]'
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
PATIENCE_MS = 15_000
"""Tells hanging from working, on a busy machine."""

LINK_THEN_BUTTONS = """([link, keys]) => {
  document.querySelector(link).click();
  for (const key of keys) document.querySelector(`.st-key-${key} button`).click();
}"""
"""Follows a link and clicks widgets' buttons at once: before the browser can have heard of the new page."""

QUICK_CLICKS = """async ([selectors, pause]) => {
  for (const selector of selectors) {
    while (!document.querySelector(selector)) await new Promise(resume => setTimeout(resume, 5));  // being redrawn
    document.querySelector(selector).click();
    await new Promise(resume => setTimeout(resume, pause));
  }
}"""

DEAF = "window.BroadcastChannel = class { postMessage() {} close() {} }"


class Shopper:
    """Keeps to one tab; `another_tab` gives a second one of the same browser."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        page.set_default_timeout(PATIENCE_MS)
        self.witness = Witness(page)

    def another_tab(self, *, deaf: bool = False) -> Shopper:
        """Open another tab; a deaf one hears nothing of the others, as one that the browser has put to sleep."""
        page = self.page.context.new_page()
        if deaf:
            page.add_init_script(DEAF)
        return Shopper(page, self.url)

    # Getting somewhere

    def open(self, path: str = "/") -> Shopper:
        self.page.goto(self.url + path)
        return self.settled()

    def reload(self) -> Shopper:
        self.page.reload()
        return self.settled()

    def go_to_cart(self) -> None:
        self.cart_link.click()
        expect(self.page.get_by_role("heading", name="Shopping Cart")).to_be_visible()
        self.settled()

    def settled(self) -> Shopper:
        """Wait until the page is connected, its script has run, and every part of it is fetched and drawn."""
        expect(self.page.locator(CONNECTED)).to_be_attached()
        expect(self.cart_link).to_be_visible()
        expect(self.page.locator(IDLE)).to_be_attached()
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0)
        return self

    # Without a browser, which takes milliseconds

    def keep_unseen(self, name: str) -> Shopper:
        """Keep the cart as a setup, in another tab."""
        with closing(self._tab_on_the_wire()) as tab:
            tab.open("/setups").types("kept-setup-name", name)
            tab.press("keep-cart")
        return self

    def fill_unseen(self, *skus: str) -> Shopper:
        """Add pieces in a tab that has closed since."""
        with closing(self._tab_on_the_wire()) as tab:
            tab.open().fill(*skus)
        self.page.context.add_cookies(
            [{"name": name, "value": value, "url": self.url} for name, value in tab.cookies.items()]
        )
        return self

    def kept_lines(self) -> dict[str, int]:
        """Return the quantities by SKU that another tab of this browser would show."""
        with closing(self._tab_on_the_wire()) as tab:
            return tab.open("/cart").lines()

    def kept_value(self, path: str, widget: str) -> Any:
        """Return what a widget would hold in another tab of this browser that is opened at a page."""
        with closing(self._tab_on_the_wire()) as tab:
            return tab.open(path).value(widget)

    def _tab_on_the_wire(self) -> WireShopper:
        return WireShopper(self.url, {cookie["name"]: cookie["value"] for cookie in self.page.context.cookies()})

    # What she sees

    @property
    def cart_link(self) -> Locator:
        return self.page.get_by_role("link", name=CART_LINK).filter(visible=True)

    def button(self, key: str) -> Locator:
        return self.page.locator(f".st-key-{key}").get_by_role("button")

    def quantity(self, sku: str) -> Locator:
        return self.page.locator(f".st-key-quantity-{sku}").get_by_label("Quantity")

    def sees_count(self, count: int) -> None:
        expect(self.cart_link).to_have_text(re.compile(rf"Cart \({count}\)$"))

    def sees_lines(self, lines: Mapping[str, int]) -> None:
        """On the cart page: exactly these quantities by SKU, and the link's count agrees."""
        self.sees_count(sum(lines.values()))
        # First their number: until a run is over, lines of the run before stand below those that have moved up.
        expect(self.page.get_by_label("Quantity", exact=True)).to_have_count(len(lines))
        for sku, quantity in lines.items():
            expect(self.quantity(sku)).to_have_value(str(quantity))

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible(timeout=PATIENCE_MS)

    def shows_no_error(self) -> None:
        self.settled()
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        expect(self.page.get_by_test_id("stAlertContentError")).to_have_count(0)

    # What she does

    def add(self, sku: str) -> None:
        self.button(f"add-{sku}").click()

    def fill(self, *skus: str) -> None:
        """Add one piece after another, each acknowledged."""
        for sku in skus:
            count = self.count()
            self.add(sku)
            self.sees_count(count + 1)
        self.settled()

    def count(self) -> int:
        return int(re.sub(r"\D", "", self.cart_link.inner_text()))

    def set_quantity(self, sku: str, quantity: int) -> None:
        self.quantity(sku).fill(str(quantity))
        self.quantity(sku).press("Enter")

    def remove(self, sku: str) -> None:
        self.button(f"remove-{sku}").click()

    def step_up(self, sku: str) -> Locator:
        return self.page.locator(f".st-key-quantity-{sku}").get_by_test_id("stNumberInputStepUp")

    def quick_clicks(self, keys: Sequence[str], *, button: str = "button", pause_ms: int = 40) -> None:
        """Click one widget's button after another, faster than the store can draw its page in between."""
        selectors = [f".st-key-{key} {button}" for key in keys]
        self.page.wait_for_selector(selectors[-1])
        self.page.evaluate(QUICK_CLICKS, [selectors, pause_ms])

    def quick_add(self, product: str, quantity: int) -> None:
        """Use the form of the cart page."""
        choice = self.page.get_by_label("Choose a product:")
        choice.fill("")
        choice.press_sequentially(product)
        self.page.get_by_role("option", name=product, exact=True).click()
        self.page.get_by_label("Quantity:").fill(str(quantity))
        self.button("quick-add").click()

    def clear(self) -> None:
        self.button("clear-cart").click()
        self.button("clear-cart-yes").click()


class Tab(Protocol):
    """Whoever has a page open."""

    page: Page


def restart_under(store: Store, *tabs: Tab) -> None:
    """Kill the store and start it again, while these pages stay open; return once they are connected again."""
    store.kill()
    for tab in tabs:
        expect(tab.page.locator(CONNECTED)).not_to_be_attached()
    store.start()
    for tab in tabs:
        expect(tab.page.locator(CONNECTED)).to_be_attached(timeout=60_000)
