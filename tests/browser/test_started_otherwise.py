"""The store's bare script, started with `streamlit run`: the script itself writes the cookie."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright

from testbed.browser.shopper import Shopper
from testbed.servers import Store

STREAMLIT = ("-m", "streamlit", "run")
OPTIONS = ("--server.headless", "true", "--server.address", "127.0.0.1", "--server.port")


def test_the_bare_script_keeps_the_cart_over_a_reload_and_a_closed_browser(
    start_store: Callable[..., Store], playwright: Playwright, launch_options: dict[str, Any], tmp_path: Path
) -> None:
    store = start_store((*STREAMLIT, "app/store.py", *OPTIONS))
    with playwright.chromium.launch_persistent_context(tmp_path, **launch_options) as browser:
        shopper = Shopper(browser.new_page(), store.url).open()
        shopper.fill("LAPTOP", "MOUSE")
        shopper.reload().sees_count(2)
        shopper.page.wait_for_timeout(1000)
        assert shopper.witness.runs() <= 2, "a component of the cookie controller may cost one more"
        (cookie,) = [cookie for cookie in browser.cookies() if cookie["name"] == "keepcart"]
        assert not cookie["httpOnly"], "the script has set it"
    with playwright.chromium.launch_persistent_context(tmp_path, **launch_options) as browser:
        shopper = Shopper(browser.new_page(), store.url).open("/cart")
        shopper.sees_lines({"LAPTOP": 1, "MOUSE": 1})
