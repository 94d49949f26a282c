"""Taking back what was done, after a reload too."""

from __future__ import annotations

import pytest

from testbed.wire.shopper import WireShopper


@pytest.fixture
def cart_page(shopper: WireShopper) -> WireShopper:
    shopper.open().fill("LAPTOP", "MOUSE")
    return shopper.go_to_cart()


def undo(shopper: WireShopper) -> list[str]:
    """Return the keys of the buttons that take an act back."""
    return [f"undo-{key}" for key in shopper.page.shown.keys("undo-")]


def take_back(shopper: WireShopper) -> None:
    (key,) = undo(shopper)
    shopper.press(key)


def test_a_removed_line_comes_back_in_its_place_after_a_reload_too(cart_page: WireShopper) -> None:
    assert undo(cart_page) == []
    cart_page.remove("LAPTOP")
    cart_page.sees_lines({"MOUSE": 1})
    cart_page.reload().sees("Undo: removed Laptop", "undo")
    take_back(cart_page)
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 1})
    cart_page.sees("Undone: removed Laptop")
    assert list(cart_page.lines()) == ["LAPTOP", "MOUSE"]
    assert undo(cart_page) == []


def test_a_cleared_cart_and_what_was_done_before_come_back_step_by_step(cart_page: WireShopper) -> None:
    cart_page.set_quantity("MOUSE", 4)
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 4})
    cart_page.clear()
    cart_page.sees("Your cart is empty")
    take_back(cart_page)
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 4})
    cart_page.sees("Undo: Mouse from 1 to 4", "undo")
    take_back(cart_page)
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 1})
    cart_page.reload().sees_lines({"LAPTOP": 1, "MOUSE": 1})


def test_two_tabs_that_both_take_back_the_same_act_take_it_back_once(cart_page: WireShopper) -> None:
    cart_page.set_quantity("MOUSE", 4)
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 4})
    behind = cart_page.another_tab().open("/cart")
    take_back(cart_page)
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 1})
    take_back(behind)
    behind.sees_lines({"LAPTOP": 1, "MOUSE": 1})
    behind.shows_no_error()
    cart_page.reload().sees_lines({"LAPTOP": 1, "MOUSE": 1})
