"""How Chromium is launched, and what a page is given to measure itself with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Playwright, sync_playwright

PLAYWRIGHTS_OWN = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
    "TcpPortRandomizationWin,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,"
    "msForceBrowserSignIn,msEdgeUpdateLaunchServicesPreferredVersion"
)
"""What Playwright 1.60 disables. Of several lists Chromium takes the last, which is ours."""

TOOLBAR = (
    "PreloadTopChromeWebUI,InitialWebUI,WebUIReloadButton,WebUIToolbar,WebUISplitTabsButton,WebUIHomeButton,"
    "WebUIBackForwardButton,WebUILocationBar,WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup"
)
"""Chromium 156 draws its toolbar as a web page of each window, also of one that nobody sees. It took a third of the
processor time of a page load."""

ARGUMENTS = [
    f"--disable-features={PLAYWRIGHTS_OWN},{TOOLBAR}",
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


def launch_options(driver: Playwright) -> dict[str, Any] | None:
    """Return what starts Chromium: the one that KEEPCART_CHROMIUM names, the system's, or Playwright's own.

    None: there is none.
    """
    own = driver.chromium.executable_path
    path = os.environ.get("KEEPCART_CHROMIUM") or shutil.which("chromium") or (own if Path(own).exists() else None)
    return {"args": ARGUMENTS, "executable_path": path} if path else None


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium, for a benchmark; tests have fixtures."""
    with sync_playwright() as driver:
        options = launch_options(driver)
        assert options, "there is no Chromium"
        browser = driver.chromium.launch(**options)
        yield browser
        browser.close()
