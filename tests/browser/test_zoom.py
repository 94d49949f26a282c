"""A product's picture opens large over the page: by keyboard, on a phone, without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from testbed.browser.axe import grave
from testbed.browser.shopper import Shopper

WINDOW: ViewportSize = {"width": 1280, "height": 844}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def on_page(shopper: Shopper) -> Shopper:
    return shopper.open("/product?sku=MOUSE")


def picture(shopper: Shopper) -> Locator:
    return shopper.page.get_by_role("link", name="Enlarge: Mouse")


def dialog(shopper: Shopper) -> Locator:
    return shopper.page.get_by_role("dialog", name="Mouse")


def box(shopper: Shopper) -> Any:
    return dialog(shopper).get_by_role("img", name="Mouse").bounding_box()


def test_it_opens_and_closes_by_keyboard_and_the_focus_returns(on_page: Shopper) -> None:
    keyboard, address = on_page.page.keyboard, on_page.page.url
    for closes in (["Escape"], ["Tab", "Enter"]):
        picture(on_page).press("Enter")
        expect(dialog(on_page)).to_be_visible()
        for key in closes:
            keyboard.press(key)
        expect(dialog(on_page)).to_have_count(0)
        expect(picture(on_page)).to_be_focused()
    assert on_page.page.url == address


def test_the_whole_picture_fills_a_window_and_is_as_high_as_a_phone_to_be_moved(on_page: Shopper) -> None:
    page = on_page.page
    page.set_viewport_size(WINDOW)
    picture(on_page).click()
    wide = box(on_page)
    assert wide["x"] >= 0
    assert wide["x"] + wide["width"] <= WINDOW["width"]
    assert wide["height"] > 800
    page.set_viewport_size(PHONE)
    expect(dialog(on_page).get_by_role("group")).to_be_focused()
    assert box(on_page)["width"] > 2 * PHONE["width"]
    before = box(on_page)["x"]
    page.keyboard.press("ArrowRight", delay=300)
    assert box(on_page)["x"] < before
    dialog(on_page).get_by_role("img").click()
    expect(dialog(on_page)).to_have_count(0)


def test_the_next_page_is_not_below_it(on_page: Shopper) -> None:
    on_page.open().page.locator("article a").first.click()
    expect(on_page.page.locator(".enlarge")).to_be_visible()
    on_page.settled().page.locator(".enlarge").click()
    expect(on_page.page.locator("dialog")).to_be_visible()
    on_page.page.go_back()
    expect(on_page.button("add-LAPTOP")).to_be_visible()
    expect(on_page.page.locator("dialog")).to_have_count(0)


def test_without_scripts_it_is_a_link_to_the_picture_in_full(on_page: Shopper) -> None:
    answer = on_page.page.request.get(picture(on_page).evaluate("link => link.href"))
    assert answer.headers["content-type"] == "image/svg+xml"


def test_a_large_picture_has_no_serious_or_critical_finding(on_page: Shopper) -> None:
    picture(on_page).click()
    for scheme in ("light", "dark"):
        on_page.page.emulate_media(color_scheme=scheme)
        assert grave(on_page.page) == [], scheme
