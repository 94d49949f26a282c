"""Being forgotten as a browser shows it: its cookies, its other tabs, its keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from testbed.browser.shopper import Shopper
from testbed.servers import Store

NOTED = "Object.keys(localStorage).join()"
DELETED = "Everything that was kept for you is deleted."
STREAMLIT = ("-m", "streamlit", "run", "app/store.py", "--server.headless", "true")
OPTIONS = ("--server.address", "127.0.0.1", "--server.port")


def cookies(shopper: Shopper) -> dict[str, str]:
    found = shopper.page.context.cookies()
    return {cookie["name"]: cookie["value"] for cookie in found if cookie["name"].startswith("keepcart")}


def forget(shopper: Shopper) -> None:
    shopper.button("forget-me").click()
    shopper.button("forget-me-yes").click()
    shopper.sees(DELETED)


@pytest.fixture
def regular(mortal_store: Store, new_shopper: Callable[..., Shopper]) -> Shopper:
    """Give a shopper with a laptop, at the page."""
    return new_shopper(mortal_store).fill_unseen("LAPTOP").open("/privacy")


def test_forgetting_in_one_tab_makes_a_stranger_of_the_whole_browser(regular: Shopper) -> None:
    before = cookies(regular)
    regular.open("/product?sku=LAPTOP").open("/privacy")
    looking = regular.another_tab().open("/cart")
    looking.sees_lines({"LAPTOP": 1})
    assert "/product" in regular.page.evaluate(NOTED), "or this would show nothing"
    forget(regular)
    expect(regular.page).to_have_url(regular.url + "/privacy?forgotten")
    looking.sees("Your cart is empty")
    looking.settled()
    regular.settled()
    assert "/product" not in regular.page.evaluate(NOTED)
    after = cookies(regular)
    assert not set(before.values()) & set(after.values())
    regular.reload().sees_count(0)
    looking.page.goto(looking.url)
    looking.settled().fill("MOUSE")
    regular.sees_count(1)
    regular.reload().sees_count(1)
    assert not set(before.values()) & set(cookies(regular).values())


def test_what_is_kept_is_seen_taken_away_and_deleted_by_keyboard_alone(regular: Shopper, tmp_path: Path) -> None:
    page, keyboard = regular.page, regular.page.keyboard
    page.locator("summary").focus()
    keyboard.press("Enter")
    expect(page.get_by_role("region", name="cart as it is stored")).to_be_visible()
    page.get_by_role("link", name="Download (JSON)").focus()
    with page.expect_download() as started:
        keyboard.press("Enter")
    started.value.save_as(tmp_path / started.value.suggested_filename)
    taken = json.loads((tmp_path / "kept-for-me.json").read_text(encoding="utf-8"))
    assert taken == {"documents": {"cart": [1, [["LAPTOP", 1, 2_500_000]]]}}
    regular.button("forget-me").focus()
    keyboard.press("Enter")
    expect(regular.button("forget-me-yes")).to_be_visible()
    keyboard.press("Tab")
    expect(regular.button("forget-me-yes")).to_be_focused()
    keyboard.press("Enter")
    regular.sees(DELETED)


def test_the_foot_leads_there_without_loading_the_page_again(shopper: Shopper) -> None:
    shopper.open().page.evaluate("window.same = true")
    shopper.page.get_by_role("link", name="Privacy").click()
    expect(shopper.page.get_by_role("heading", name="Privacy", level=1)).to_be_visible()
    expect(shopper.page).to_have_url(shopper.url + "/privacy")
    assert shopper.page.evaluate("window.same")


def test_the_bare_script_gives_the_browser_a_new_number(
    start_store: Callable[..., Store], new_shopper: Callable[..., Shopper]
) -> None:
    store = start_store((*STREAMLIT, *OPTIONS))
    shopper = new_shopper(store).open()
    shopper.fill("LAPTOP")
    shopper.reload().sees_count(1)
    before = cookies(shopper)
    shopper.open("/privacy")
    expect(shopper.page.get_by_role("link", name="Download (JSON)")).to_have_count(0)
    forget(shopper)
    shopper.sees_count(0)
    shopper.settled()
    shopper.page.wait_for_function("old => !document.cookie.includes(old)", arg=before["keepcart"])
    shopper.reload().sees_count(0)
    assert set(cookies(shopper)) == {"keepcart"}
    assert cookies(shopper) != before
