"""A shopper without a browser: one open page of the store, in the words of `testbed.browser.shopper`.

What she does is answered when the call returns, so what she sees is asserted at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from testbed.servers import Store
from testbed.wire.connection import Cookies
from testbed.wire.open_page import OpenPage

CART_LINK = re.compile(r"Cart \((\d+)\)$")


class WireShopper:
    """Keeps to one tab; `another_tab` gives a second one of the same browser.

    Attributes:
        cookies: the browser's.
        page: the page that is open.
    """

    def __init__(self, url: str, cookies: Cookies | None = None) -> None:
        self.url = url
        self.cookies: Cookies = {} if cookies is None else cookies
        self.page: OpenPage
        self._tabs: list[WireShopper] = []

    def another_tab(self) -> WireShopper:
        self._tabs.append(WireShopper(self.url, self.cookies))
        return self._tabs[-1]

    # Getting somewhere

    def open(self, path: str = "/", answer: Cookies | None = None) -> WireShopper:
        """Open a page; `answer` as of OpenPage."""
        self._close_page()
        self.page = OpenPage(self.url, self.cookies, path, answer)
        return self

    def reload(self) -> WireShopper:
        return self.open(self.page.address)

    def follow(self, address: str) -> WireShopper:
        """Follow a link within the shop, such as `product?sku=LAPTOP`."""
        self.page.follow(address)
        return self

    def go_to_cart(self) -> WireShopper:
        return self.follow("cart")

    def close(self) -> None:
        """Close every tab."""
        for tab in self._tabs:
            tab.close()
        self._close_page()

    def _close_page(self) -> None:
        if hasattr(self, "page"):
            self.page.__exit__(None, None, None)

    # What she sees

    def text(self, key: str = "") -> str:
        return self.page.shown.text(key)

    def sees(self, text: str | re.Pattern[str], key: str = "") -> None:
        """Assert that the page, or a container in it, says so."""
        assert re.search(re.escape(text) if isinstance(text, str) else text, self.text(key)), self.text(key)

    def lacks(self, text: str) -> None:
        assert text not in self.text()

    def value(self, widget: str) -> Any:
        """Return what a widget holds."""
        return self.page.value(widget)

    def count(self) -> int:
        found = [CART_LINK.match(part.text) for part in self.page.shown.parts if part.kind == "page_link"]
        (link,) = filter(None, found)
        return int(link[1])

    def lines(self) -> dict[str, int]:
        """Return the quantities that the cart page shows, by SKU."""
        return {sku: int(self.value(f"quantity-{sku}")) for sku in self.page.shown.keys("quantity-")}

    def sees_count(self, count: int) -> None:
        assert self.count() == count

    def sees_lines(self, lines: Mapping[str, int]) -> None:
        """On the cart page: exactly these quantities by SKU, and the link's count agrees."""
        assert self.lines() == lines
        self.sees_count(sum(lines.values()))

    def shows_no_error(self) -> None:
        for part in self.page.shown.parts:
            assert part.kind != "exception", part.content
            assert part.kind != "alert" or part.content.format != part.content.ERROR, part.text

    # What she does

    def press(self, *keys: str) -> None:
        """Click buttons; several are clicked faster than the store answers."""
        self.page.press(*keys)

    def add(self, sku: str) -> None:
        self.press(f"add-{sku}")

    def fill(self, *skus: str) -> WireShopper:
        """Add one piece after another, each acknowledged."""
        for sku in skus:
            count = self.count()
            self.add(sku)
            self.sees_count(count + 1)
        return self

    def set_number(self, key: str, number: int) -> None:
        self.page.change(key, int_value=number)

    def set_quantity(self, sku: str, quantity: int) -> None:
        self.set_number(f"quantity-{sku}", quantity)

    def step_up(self, sku: str) -> None:
        self.set_quantity(sku, int(self.value(f"quantity-{sku}")) + 1)

    def types(self, key: str, text: str) -> None:
        self.page.change(key, string_value=text)

    def chooses(self, key: str, option: str) -> None:
        """Choose an option of a select box."""
        assert option in self.page.shown.widget(key).options
        self.page.change(key, string_value=option)

    def picks(self, key: str, option: str) -> None:
        """Click one of several pills, by how its text begins."""
        (text,) = [one.content for one in self.page.shown.widget(key).options if one.content.startswith(option)]
        self.page.change(key, string_array_value={"data": [text]})

    def remove(self, sku: str) -> None:
        self.press(f"remove-{sku}")

    def clear(self) -> None:
        self.press("clear-cart-yes")

    def fill_in(self, product: str, quantity: int) -> None:
        """Fill in the form of the cart page."""
        self.chooses("quick-add-product", product)
        self.set_number("quick-add-quantity", quantity)

    def quick_add(self, product: str, quantity: int) -> None:
        """Use the form of the cart page."""
        self.fill_in(product, quantity)
        self.press("quick-add")


def restart_under(store: Store, *shoppers: WireShopper) -> None:
    """Kill the store and start it again, while these pages stay open; return once they are connected again."""
    store.restart()
    for shopper in shoppers:
        shopper.page.reconnect()
