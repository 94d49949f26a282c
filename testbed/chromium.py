"""Chromium for the benchmarks, and what a page is given to measure itself with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

TOOLS = """
window.seen = (selector) => {
  const element = document.querySelector(selector);
  return !!element?.checkVisibility({opacityProperty: true, visibilityProperty: true})
    && element.getClientRects().length > 0;
};
window.texts = (selector, pattern) =>
  [...document.querySelectorAll(selector)].map(element => element.textContent).find(text => pattern.test(text));
window.when = (condition) => new Promise(done => {
  let over = false;
  const look = () => {
    if (over || !condition()) return;
    over = true;
    observer.disconnect();
    done(performance.now());
  };
  const observer = new MutationObserver(look);
  observer.observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
  const frame = () => { look(); if (!over) requestAnimationFrame(frame); };
  frame();
});
"""
"""`seen(selector)`, `texts(selector, pattern)`, and `when(condition)`: the page's own clock once it holds."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium, or Playwright's own where the system has none."""
    with sync_playwright() as driver:
        path = os.environ.get("KEEPCART_CHROMIUM") or shutil.which("chromium")
        browser = driver.chromium.launch(args=ARGUMENTS, executable_path=path)
        yield browser
        browser.close()
