"""Taking back what was done, after a reload too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from testbed.browser.shopper import Shopper


@pytest.fixture
def cart_page(shopper: Shopper) -> Shopper:
    shopper.open().fill("LAPTOP", "MOUSE")
    shopper.go_to_cart()
    shopper.sees_lines({"LAPTOP": 1, "MOUSE": 1})
    return shopper


def undo(shopper: Shopper) -> Locator:
    return shopper.page.get_by_role("button", name=re.compile("^Undo"))


def test_a_removed_line_comes_back_in_its_place_after_a_reload_too(cart_page: Shopper) -> None:
    expect(undo(cart_page)).to_have_count(0)
    cart_page.remove("LAPTOP")
    cart_page.sees_lines({"MOUSE": 1})
    cart_page.reload()
    expect(undo(cart_page)).to_have_text(re.compile("Undo: removed Laptop$"))
    undo(cart_page).click()
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 1})
    cart_page.sees("Undone: removed Laptop")
    assert cart_page.page.locator("[class*='st-key-line-']").first.get_attribute("class").count("LAPTOP")  # type: ignore[union-attr]
    expect(undo(cart_page)).to_have_count(0)


def test_a_cleared_cart_and_what_was_done_before_come_back_step_by_step(cart_page: Shopper) -> None:
    cart_page.set_quantity("MOUSE", 4)
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 4})
    cart_page.clear()
    cart_page.sees("Your cart is empty")
    undo(cart_page).click()
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 4})
    expect(undo(cart_page)).to_have_text(re.compile("Undo: Mouse from 1 to 4$"))
    undo(cart_page).click()
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 1})
    cart_page.reload().sees_lines({"LAPTOP": 1, "MOUSE": 1})


def test_two_tabs_that_both_take_back_the_same_act_take_it_back_once(cart_page: Shopper) -> None:
    cart_page.set_quantity("MOUSE", 4)
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 4})
    behind = cart_page.another_tab(deaf=True).open("/cart")
    undo(cart_page).click()
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 1})
    undo(behind).click()
    behind.sees_lines({"LAPTOP": 1, "MOUSE": 1})
    behind.shows_no_error()
    cart_page.reload().sees_lines({"LAPTOP": 1, "MOUSE": 1})
