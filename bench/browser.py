"""What a shopper waits for in Chromium: the store, its carts in Redis, against the plain shop.

    .venv/bin/python -m bench.browser

Reload to the visible cart, and a click on an add button to the new total. The shops take turns; times are taken inside
the page, from the page's own clock, when the element that is waited for is there and visible.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from bench.report import Target, judge, print_table
from bench.shops import plain_shop, store
from testbed.browser.chromium import TOOLS, chromium
from testbed.servers import redis_server

TURNS = 17
LOOK_MS = 150
"""A shopper's pause before each click."""
LINES = ("LAPTOP", "MOUSE", "KEYBOARD")
PAGE = """
window.total = () => texts('h2, h3', /^Total:/);
window.count = () => texts('a', /^Cart \\(\\d+\\)$/);
window.shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""

LOADED = "window.loaded = when(() => [{selectors}].every(seen));"
CLICK = """async ([selector, name]) => {
  const before = window[name]();
  const started = performance.now();
  document.querySelector(selector).click();
  return await when(() => window[name]() !== undefined && window[name]() !== before) - started;
}"""


class Tab:
    """A tab that measures itself."""

    def __init__(self, browser: Browser, url: str, *awaited: str) -> None:
        """Open a tab of a new visitor; `awaited` are the selectors that make its page visible."""
        self._url = url
        self.page: Page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        selectors = ", ".join(f"'{selector}'" for selector in awaited)
        self.page.add_init_script(TOOLS + PAGE + LOADED.format(selectors=selectors))

    def open(self, path: str) -> float:
        """Go to a page; return the milliseconds until it is visible."""
        self.page.goto(self._url + path, wait_until="commit")
        return self._loaded()

    def reload(self) -> float:
        """Reload; return the milliseconds until the page is visible."""
        self.page.reload(wait_until="commit")
        return self._loaded()

    def click(self, selector: str, changes: str) -> float:
        """Click; return the milliseconds until `total` or `count` changes."""
        elapsed: float = self.page.evaluate(CLICK, [selector, changes])
        self._settle()
        return elapsed

    def shift(self) -> float:
        """Return the sum of the page's layout shifts since it was loaded."""
        total: float = self.page.evaluate("shift")
        return total

    def _loaded(self) -> float:
        elapsed: float = self.page.evaluate("loaded")
        self._settle()
        return elapsed

    def _settle(self) -> None:
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
        self.page.wait_for_timeout(LOOK_MS)


Figures = dict[str, list[float]]


def turn_in_plain_shop(tab: Tab, figures: Figures) -> None:
    """Reload, which loses the basket, and fill it with as many lines as the store's cart has."""
    figures["reload"].append(tab.reload())
    for _ in LINES:
        added = tab.click('[data-testid="stFormSubmitButton"] button', "total")
    figures["add"].append(added)


def turn_in_store(cart: Tab, shop: Tab, figures: Figures) -> None:
    """Reload the cart of three lines, add in its form, and add on the shop page."""
    figures["reload"].append(cart.reload())
    figures["cart shift"].append(cart.shift())
    figures["quick add"].append(cart.click(".st-key-quick-add button", "total"))
    figures["first card"].append(shop.reload())
    figures["shop shift"].append(shop.shift())
    figures["shop add"].append(shop.click(f".st-key-add-{LINES[1]} button", "count"))


def cart_parts() -> list[str]:
    """Return what must be seen for the cart to be visible: each line's name and total, and the sum."""
    lines = [f".st-key-line-{sku} {part}" for sku in LINES for part in ("a", "> :nth-child(3) p")]
    return [*lines, ".st-key-summary h2"]


def measure(browser: Browser, plain_url: str, store_url: str) -> tuple[Figures, Figures]:
    """Let the shops take turns; return the figures of both in milliseconds."""
    plain = Tab(
        browser, plain_url, *(f'[data-testid="st{part}"]' for part in ("Selectbox", "NumberInput", "FormSubmitButton"))
    )
    shop = Tab(browser, store_url, '[class*="st-key-add-"] button')
    cart = Tab(browser, store_url, *cart_parts())
    plain.open("/")
    for tab in (shop, cart):
        tab.page.goto(store_url)
    for tab in (shop, cart):
        for sku in LINES:
            tab.page.wait_for_selector(f".st-key-add-{sku} button")
            tab.click(f".st-key-add-{sku} button", "count")
    cart.open("/cart")
    ours: Figures = {name: [] for name in ("reload", "quick add", "shop add", "first card", "cart shift", "shop shift")}
    theirs: Figures = {name: [] for name in ("reload", "add")}
    for _ in range(TURNS):
        turn_in_plain_shop(plain, theirs)
        turn_in_store(cart, shop, ours)
    return theirs, ours


def report(theirs: Figures, ours: Figures) -> int:
    """Print the figures; return the exit status."""
    pairs = (
        ("reload to visible cart; plain shop: to its form", "reload", "reload"),
        ("add in the cart page's form to new total", "add", "quick add"),
        ("add on the shop page to new count", "add", "shop add"),
    )
    targets = [Target(name, ratio(theirs[left], ours[right]), 1.0) for name, left, right in pairs]
    rows = [
        (name, f"{median(theirs[left]):.0f}", f"{median(ours[right]):.0f}", f"{target.measured:.2f}")
        for (name, left, right), target in zip(pairs, targets, strict=True)
    ]
    rows.append(("shop page, load to first card", "", f"{median(ours['first card']):.0f}", ""))
    print_table(f"Medians of {TURNS} turns, milliseconds", ("", "plain shop", "store", "ratio"), rows)
    shifts = [(name, f"{median(ours[name]):.3f}", f"{max(ours[name]):.3f}") for name in ("shop shift", "cart shift")]
    print_table("Layout shift of the store's pages", ("", "median", "largest"), shifts)
    return judge(targets)


def ratio(theirs: Sequence[float], ours: Sequence[float]) -> float:
    """Return the median over the turns of ours in parts of theirs."""
    return median(right / left for left, right in zip(theirs, ours, strict=True))


def main() -> int:
    """Measure and report."""
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        redis = ending.enter_context(redis_server(folder))
        plain = ending.enter_context(plain_shop(folder))
        ours = ending.enter_context(store(folder, redis.url))
        figures = measure(ending.enter_context(chromium()), plain.url, ours.url)
    return report(*figures)


if __name__ == "__main__":
    sys.exit(main())
