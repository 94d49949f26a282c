"""What the page does by itself: notices, the keyboard's place, numbers that are not taken, missing pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from testbed.browser.axe import grave
from testbed.browser.shopper import Shopper
from testbed.servers import Store
from testbed.shopkeeper import CATALOGUE, shopkeeper


def notice(shopper: Shopper) -> Locator:
    return shopper.page.locator(".notice")


def undo_in_notice(shopper: Shopper) -> Locator:
    return notice(shopper).get_by_role("button", name="Undo")


def focused(page: Page) -> Locator:
    return page.locator(":focus")


@pytest.fixture
def cart_page(shopper: Shopper) -> Shopper:
    """Give the cart page of a shopper with three lines."""
    shopper.fill_unseen("LAPTOP", "MOUSE", "KEYBOARD").open("/cart")
    shopper.sees_lines({"LAPTOP": 1, "MOUSE": 1, "KEYBOARD": 1})
    return shopper.settled()


def test_a_notice_leads_to_the_cart_without_loading_the_page_anew(shopper: Shopper) -> None:
    shopper.open().add("LAPTOP")
    expect(notice(shopper).locator("p")).to_have_text(["Added 1 × Laptop to cart", "Cart total ₹25,000"])
    shopper.page.evaluate("window.isStillHere = true")
    notice(shopper).get_by_role("link", name="View cart").click()
    shopper.sees_lines({"LAPTOP": 1})
    assert shopper.page.evaluate("window.isStillHere")
    expect(notice(shopper).get_by_role("link", name="View cart")).to_be_hidden()
    expect(notice(shopper).locator("p")).to_have_count(0)


def test_a_notice_says_a_name_in_which_something_seems_to_end(
    tmp_path: Path, new_shopper: Callable[[Store], Shopper]
) -> None:
    name = "Lamp ]> --> </style>"
    with shopkeeper(tmp_path, CATALOGUE.replace("LAPTOP,Laptop,", f"LAPTOP,{name},")) as keeper:
        shopper = new_shopper(keeper.store).open()
        shopper.add("LAPTOP")
        expect(notice(shopper).locator("p")).to_have_text([f"Added 1 × {name} to cart", "Cart total ₹25,000"])


def test_a_notice_says_the_newest_state_and_undoes_its_act_once(cart_page: Shopper) -> None:
    for quantity in (2, 3):
        cart_page.step_up("MOUSE").click()
        expect(cart_page.quantity("MOUSE")).to_have_value(str(quantity))
        cart_page.sees_count(quantity + 2)
    expect(notice(cart_page).locator("p")).to_have_text("Mouse: 3 in your cart")
    expect(undo_in_notice(cart_page)).to_have_accessible_name("Undo: Mouse from 2 to 3")
    undo_in_notice(cart_page).dblclick()
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 2, "KEYBOARD": 1})
    expect(notice(cart_page).locator("p")).to_have_text("Mouse: 2 in your cart")
    cart_page.settled()
    assert cart_page.kept_lines() == {"LAPTOP": 1, "MOUSE": 2, "KEYBOARD": 1}


def test_a_notice_is_used_and_dismissed_by_keyboard_and_the_focus_returns(cart_page: Shopper) -> None:
    keyboard = cart_page.page.keyboard
    cart_page.button("remove-MOUSE").press("Enter")
    expect(focused(cart_page.page)).to_have_attribute("aria-description", "Keyboard")
    undo_in_notice(cart_page).focus()
    keyboard.press("Enter")
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 1, "KEYBOARD": 1})
    expect(notice(cart_page).locator("p")).to_have_text("Mouse is back in your cart")
    cart_page.settled()
    expect(focused(cart_page.page)).to_have_attribute("aria-description", "Keyboard")
    notice(cart_page).get_by_role("button", name="Dismiss").focus()
    keyboard.press("Escape")
    expect(notice(cart_page).locator("p")).to_have_count(0)
    expect(focused(cart_page.page)).to_have_attribute("aria-description", "Keyboard")


def test_after_remove_the_focus_is_at_the_next_line_then_the_one_before_then_the_heading(cart_page: Shopper) -> None:
    cart_page.button("remove-LAPTOP").press("Enter")
    expect(focused(cart_page.page)).to_have_attribute("aria-description", "Mouse")
    cart_page.button("remove-KEYBOARD").press("Enter")
    expect(focused(cart_page.page)).to_have_attribute("aria-description", "Mouse")
    expect(notice(cart_page)).to_contain_text("Removed Keyboard")
    cart_page.page.keyboard.press("Enter")
    cart_page.sees("Your cart is empty")
    expect(focused(cart_page.page)).to_have_text("Shopping Cart")


@pytest.mark.parametrize(
    ("typed", "end", "says"),
    [
        (500, "Enter", "At most 99, so it is still 1."),
        (0, "Tab", "At least 1, so it is still 1. Remove takes it out."),
    ],
)
def test_a_number_that_is_not_possible_is_said_in_words_and_the_cart_has_what_the_field_shows(
    cart_page: Shopper, typed: int, end: str, says: str
) -> None:
    field, words = cart_page.quantity("MOUSE"), cart_page.page.locator(".possible")
    for _ in range(2):
        field.fill(str(typed))
        field.press(end)
        expect(words).to_have_text(says)
        expect(field).to_have_value("1")
        expect(field).not_to_have_attribute("aria-invalid", "true")
    cart_page.set_quantity("MOUSE", 2)
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 2, "KEYBOARD": 1})
    expect(words).to_have_count(0)


def test_notices_refusals_and_placeholders_have_no_serious_or_critical_finding(cart_page: Shopper) -> None:
    page = cart_page.page
    page.route("**/pictures/**", lambda route: route.abort())
    cart_page.reload().remove("LAPTOP")
    cart_page.sees("Removed Laptop")
    cart_page.set_quantity("MOUSE", 500)
    expect(page.locator(".possible")).to_be_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert grave(page) == [], width


def test_a_picture_that_does_not_come_has_a_placeholder_and_keeps_its_text(shopper: Shopper) -> None:
    shopper.page.route("**/pictures/**", lambda route: route.abort())
    shopper.fill_unseen("LAPTOP").open("/product?sku=MOUSE")
    all_have_placeholders(shopper.page, "Mouse")
    shopper.open("/cart")
    all_have_placeholders(shopper.page, "Laptop")
    expect(shopper.page.locator(".looked-at img")).to_have_class("missing")
    shopper.open()
    all_have_placeholders(shopper.page, "Laptop")
    shopper.add("MOUSE")
    shopper.sees_count(2)
    all_have_placeholders(shopper.settled().page, "Mouse")


def all_have_placeholders(page: Page, name: str) -> None:
    """Assert that a product's picture is named, and that no picture in sight shows the browser's broken-image sign."""
    expect(page.get_by_alt_text(name, exact=True).first).to_have_class("missing")
    expect(page.locator("img:not([loading=lazy]):not(.missing)")).to_have_count(0)
    assert "data:image/svg+xml" in page.locator("img.missing").first.evaluate("one => getComputedStyle(one).content")


def test_a_product_leads_back_to_its_category_without_loading_the_page_anew(shopper: Shopper) -> None:
    shopper.open("/product?sku=MOUSE").page.evaluate("window.isStillHere = true")
    shopper.page.get_by_role("link", name="Peripherals").click()
    expect(shopper.page).to_have_url(f"{shopper.url}/?category=Peripherals")
    expect(shopper.page.get_by_role("article")).to_have_count(4)
    assert shopper.page.evaluate("window.isStillHere")


def test_a_very_long_word_stays_in_its_card(shopper: Shopper) -> None:
    name = shopper.open().page.locator(".card h2").first
    name.evaluate("name => { name.textContent = 'Laptop'.repeat(40) }")
    assert name.evaluate("name => name.scrollWidth <= name.closest('.card').clientWidth")


WATCH_FOOT = """() => {
  window.highest = Infinity
  const look = () => {
    const foot = document.querySelector(".foot")
    if (foot?.checkVisibility({visibilityProperty: true})) highest = Math.min(highest, foot.getBoundingClientRect().top)
    requestAnimationFrame(look)
  }
  look()
}"""


def test_the_foot_does_not_jump_below_the_header_while_another_page_comes(shopper: Shopper) -> None:
    shopper.fill_unseen("LAPTOP", "MOUSE", "KEYBOARD").open().page.evaluate(WATCH_FOOT)
    shopper.go_to_cart()
    shopper.page.locator(".st-key-header a").first.click()
    expect(shopper.button("add-LAPTOP")).to_be_visible()
    shopper.settled()
    assert shopper.page.evaluate("highest") > 300
