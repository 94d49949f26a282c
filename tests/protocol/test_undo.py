"""Taking back what was done, after a reload too."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest

from testbed.servers import Store
from testbed.wire.shopper import WireShopper, restart_under


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
    cart_page.sees("Laptop is back in your cart")
    cart_page.lacks("Removed Laptop")
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


def undo_in_notice(shopper: WireShopper) -> None:
    shopper.page.trigger("undo", shopper.page.shown.undo_in_notice)


def test_the_notice_offers_to_undo_what_it_says_and_nothing_after_an_add(cart_page: WireShopper) -> None:
    assert cart_page.page.shown.undo_in_notice is None
    cart_page.remove("LAPTOP")
    undo_in_notice(cart_page)
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 1})
    cart_page.sees("Laptop is back in your cart")
    cart_page.lacks("Removed Laptop")
    assert cart_page.page.shown.undo_in_notice is None
    cart_page.set_quantity("MOUSE", 4)
    undo_in_notice(cart_page)
    cart_page.sees("Mouse: 1 in your cart")
    cart_page.remove("LAPTOP")
    cart_page.quick_add("Keyboard", 1)
    assert cart_page.page.shown.undo_in_notice is None


def test_a_cleared_cart_comes_back_by_its_notice_on_another_page_too(cart_page: WireShopper) -> None:
    cart_page.clear()
    name = cart_page.page.shown.undo_in_notice
    elsewhere = cart_page.another_tab().open()
    elsewhere.page.trigger("undo", name)
    elsewhere.sees("2 products are back in your cart")
    elsewhere.sees_count(2)
    elsewhere.sees("Cart total ₹25,349")


def test_undo_in_the_notice_undoes_only_the_act_that_it_names_and_only_once(cart_page: WireShopper) -> None:
    cart_page.set_quantity("MOUSE", 4)
    name = cart_page.page.shown.undo_in_notice
    cart_page.remove("LAPTOP")
    for _ in range(2):
        cart_page.page.trigger("undo", name)
        cart_page.sees_lines({"MOUSE": 1})
    cart_page.sees("This can't be undone any more.")
    for forged in ("undo-00000000", 7, None, {"name": name}):
        cart_page.page.trigger("undo", forged)
        cart_page.sees_lines({"MOUSE": 1})
        cart_page.shows_no_error()


def test_undo_in_the_notice_acts_once_after_a_restart_too(start_store: Callable[..., Store]) -> None:
    store = start_store()
    with closing(WireShopper(store.url)) as shopper:
        shopper.open().fill("LAPTOP", "MOUSE").go_to_cart()
        shopper.remove("LAPTOP")
        restart_under(store, shopper)
        undo_in_notice(shopper)
        shopper.sees_lines({"LAPTOP": 1, "MOUSE": 1})
        shopper.sees("Laptop is back in your cart")
        shopper.reload().sees_lines({"LAPTOP": 1, "MOUSE": 1})
