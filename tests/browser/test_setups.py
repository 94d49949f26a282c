"""Setups in a browser: the journey by hand and by keyboard, what is narrow, what is printed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from testbed.browser.shopper import Shopper

SIDEWAYS = """() => {
  const main = document.querySelector('[data-testid=stMain]')
  return main.scrollWidth - main.clientWidth
}"""
"""Pixels by which the page itself can be scrolled sideways."""


def keep(shopper: Shopper, name: str) -> None:
    """Keep the cart as a setup, on the page of setups."""
    shopper.page.get_by_label("Name of the setup").fill(name)
    shopper.page.get_by_role("button", name="Keep what is in the cart").click()
    shopper.sees(f"Kept as “{name}”")
    shopper.settled()


def follow(shopper: Shopper, name: str) -> None:
    shopper.page.get_by_role("link", name=name, exact=True).first.click()
    shopper.settled()


@pytest.mark.parametrize("width", [1280, 390])
def test_from_a_cart_to_two_setups_side_by_side_and_back_into_the_cart(shopper: Shopper, width: int) -> None:
    page = shopper.page
    page.set_viewport_size({"width": width, "height": 844})
    shopper.fill_unseen("LAPTOP", "MOUSE", "DESK-OAK").open("/cart")
    shopper.button("move-MOUSE").click()
    shopper.sees("Mouse is saved for later")
    follow(shopper, "Setups")
    keep(shopper, "Sitting desk")
    shopper.go_to_cart()
    shopper.button("remove-DESK-OAK").click()
    shopper.sees("Removed Oak writing desk")
    page.locator(".st-key-keep-setup button").click()
    page.get_by_label("Name of the setup").fill("No desk")
    page.get_by_role("button", name="Keep it").click()
    shopper.sees("Kept as “No desk”")
    page.keyboard.press("Escape")
    follow(shopper, "Setups (2)")
    follow(shopper, "Compare side by side")
    expect(page.get_by_role("heading", name="Compare setups")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Sitting desk").first).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Oak writing desk")).first).to_contain_text("added")
    page.get_by_role("link", name=re.compile("^Cart ?, compared")).click()
    expect(page.get_by_role("columnheader", name="Cart")).to_have_count(0)
    expect(page).to_have_url(re.compile("compare\\?of=[a-z0-9]{6},[a-z0-9]{6}$"))
    follow(shopper, "Sitting desk")
    expect(page.get_by_role("heading", name="Sitting desk")).to_be_visible()
    page.get_by_role("button", name="Use as cart").click()
    shopper.sees("“Sitting desk” is your cart now")
    shopper.sees_count(2)
    shopper.reload().go_to_cart()
    shopper.sees_lines({"LAPTOP": 1, "DESK-OAK": 1})
    shopper.button("move-later-MOUSE").click()
    shopper.sees_lines({"LAPTOP": 1, "DESK-OAK": 1, "MOUSE": 1})


def test_a_setup_is_kept_used_and_deleted_by_keyboard_alone(shopper: Shopper) -> None:
    page, keyboard = shopper.page, shopper.page.keyboard
    shopper.fill_unseen("LAPTOP", "MOUSE").open("/setups")
    page.get_by_label("Name of the setup").focus()
    keyboard.type("Standing desk")
    keyboard.press("Tab")
    expect(page.get_by_role("button", name="Keep what is in the cart")).to_be_focused()
    keyboard.press("Enter")
    shopper.sees("Kept as “Standing desk”")
    page.get_by_role("button", name="Delete").focus()
    keyboard.press("Enter")
    shopper.sees("Deleted “Standing desk”")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.locator(".st-key-undo button").focus()
    keyboard.press("Enter")
    shopper.sees("“Standing desk” is there again")


def test_after_saving_for_later_the_keyboard_is_at_the_next_lines_button(shopper: Shopper) -> None:
    shopper.fill_unseen("LAPTOP", "MOUSE").open("/cart")
    button = shopper.button("move-LAPTOP")
    button.focus()
    expect(button).to_have_attribute("aria-description", "Laptop")
    shopper.page.keyboard.press("Enter")
    shopper.sees_count(1)
    expect(shopper.button("move-MOUSE")).to_be_focused()


def test_four_setups_with_long_names_scroll_sideways_under_their_first_column_and_nothing_else_does(
    shopper: Shopper,
) -> None:
    page = shopper.page
    shopper.fill_unseen("LAPTOP", "MOUSE", "DESK-OAK").open("/setups")
    for name in ("Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww", "Höhenverstellbarer Schreibtisch", "Three", "Four"):
        keep(shopper, name)
    for path in (
        "/compare",
        "/setups",
        "/take-along",
        "/quote",
        "/combination?is=1.LAPTOP_99.MOUSE.GONE-FOR-A-LONG-TIME",
    ):
        shopper.open(path)
        for width in (320, 390, 820, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate(SIDEWAYS) <= 0, (path, width)
    shopper.open("/compare")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_role("columnheader")).to_have_count(2 * (1 + 4))
    region = page.get_by_role("region", name="Side by side")
    region.focus()
    first = region.get_by_role("rowheader", name="Laptop")
    before = first.bounding_box()
    region.evaluate("region => { region.scrollLeft = 300 }")
    assert region.evaluate("region => region.scrollLeft") > 100
    assert before
    after = first.bounding_box()
    assert after
    assert after["x"] == before["x"]


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_quote_is_printed_whole_and_without_what_is_to_be_clicked(shopper: Shopper, paper: str) -> None:
    page = shopper.fill_unseen("LAPTOP", "MOUSE").open("/quote").page
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed++ } }")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("printed") == 1
    page.emulate_media(media="print")
    for unwanted in (".st-key-header", ".foot", ".acts-of-quote"):
        expect(page.locator(unwanted)).to_be_hidden()
    for wanted in ("Quote", "Laptop", "₹25,349", "Prices of"):
        expect(page.get_by_text(wanted).first).to_be_visible()
    assert pages_of(page, paper) == 1


def pages_of(page: Page, paper: str) -> int:
    """Return how many pages are printed."""
    return len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format=paper)))


def test_a_long_quote_is_printed_on_several_pages(shopper: Shopper) -> None:
    shopper.open()
    skus = [key.removeprefix("add-") for key in shopper.page.evaluate(ALL_KEYS)]
    shopper.fill_unseen(*skus).open("/quote")
    assert pages_of(shopper.page, "A4") > 1


ALL_KEYS = """() => [...document.querySelectorAll('.st-key-cards [class*=st-key-add-]')]
  .filter(card => !card.querySelector('button').disabled)
  .map(card => [...card.classList].find(name => name.startsWith('st-key-')).slice(7))"""


def test_the_qr_code_is_dark_on_white_in_the_dark_theme_too(shopper: Shopper) -> None:
    page = shopper.fill_unseen("LAPTOP").page
    page.emulate_media(color_scheme="dark")
    shopper.open("/take-along")
    code = page.get_by_role("img", name="QR code of the link")
    expect(code).to_be_visible()
    assert code.evaluate("code => code.naturalWidth") > 0
    assert code.evaluate("code => getComputedStyle(code).backgroundColor") == "rgb(255, 255, 255)"
