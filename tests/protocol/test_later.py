"""Saved for later: a line leaves the cart with its pieces and comes back, and nothing of it is lost on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testbed.servers import Store
from testbed.shopkeeper import CATALOGUE, Shopkeeper, with_price, with_stock, without
from testbed.wire.shopper import WireShopper, restart_under


def later(shopper: WireShopper) -> list[str]:
    """Return the SKUs of what is saved for later."""
    return shopper.page.shown.keys("move-later-")


@pytest.fixture
def cart_page(shopper: WireShopper) -> WireShopper:
    shopper.open().fill("LAPTOP", "MOUSE").go_to_cart().set_quantity("MOUSE", 3)
    return shopper


def test_a_line_is_saved_for_later_with_its_pieces_and_comes_back(cart_page: WireShopper) -> None:
    cart_page.press("move-MOUSE")
    cart_page.sees("Mouse is saved for later")
    cart_page.sees_lines({"LAPTOP": 1})
    cart_page.reload().sees("3 pieces", "line-later-MOUSE")
    cart_page.sees("Total: ₹25,000")
    cart_page.press("move-later-MOUSE")
    cart_page.sees("Mouse is back in your cart")
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 3})
    assert later(cart_page) == []


def test_both_ways_can_be_undone_and_so_can_removing_what_was_saved(cart_page: WireShopper) -> None:
    cart_page.press("move-MOUSE")
    for words, undone in (
        ("Undo: saved Mouse for later", {"LAPTOP": 1, "MOUSE": 3}),
        ("Undo: moved Mouse to the cart", {"LAPTOP": 1}),
        ("Undo: removed Mouse, saved for later", {"LAPTOP": 1}),
    ):
        cart_page.sees(words, "undo")
        (undo,) = cart_page.page.shown.keys("undo-")
        cart_page.press(f"undo-{undo}")
        cart_page.sees_lines(undone)
        if words.startswith("Undo: saved"):
            cart_page.press("move-MOUSE")
            cart_page.press("move-later-MOUSE")
        elif words.startswith("Undo: moved"):
            cart_page.press("remove-later-MOUSE")
    assert later(cart_page) == ["MOUSE"]


def test_a_cart_of_which_all_is_saved_for_later_is_empty_and_says_what_is_saved(cart_page: WireShopper) -> None:
    cart_page.press("move-MOUSE", "move-LAPTOP")
    cart_page.sees("Your cart is empty")
    assert later(cart_page) == ["MOUSE", "LAPTOP"]


def test_what_is_saved_for_later_survives_a_killed_store_and_the_first_click_counts(
    mortal_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = new_shopper(mortal_store).open().fill("LAPTOP", "MOUSE").go_to_cart()
    restart_under(mortal_store, shopper)
    shopper.press("move-MOUSE")
    restart_under(mortal_store, shopper)
    shopper.press("move-later-MOUSE")
    shopper.sees_lines({"LAPTOP": 1, "MOUSE": 1})


def test_two_tabs_that_move_the_same_line_move_it_once(cart_page: WireShopper) -> None:
    behind = cart_page.another_tab().open("/cart")
    cart_page.press("move-MOUSE")
    behind.press("move-MOUSE")
    behind.sees("What you saved for later was changed in another tab")
    behind.sees_lines({"LAPTOP": 1})
    assert later(behind) == ["MOUSE"]
    behind.press("move-later-MOUSE")
    cart_page.press("move-later-MOUSE")
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 3})


def test_price_stock_and_what_is_no_longer_sold_are_told_there_as_in_the_cart(
    keeper_and_store: Shopkeeper, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = new_shopper(keeper_and_store.store).open().fill("LAPTOP", "MOUSE").go_to_cart()
    shopper.set_quantity("MOUSE", 3)
    shopper.press("move-MOUSE")
    keeper_and_store.writes(with_price("MOUSE", "449"))
    shopper.reload().sees("Mouse: price up from ₹349 to ₹449", "news")
    shopper.sees("₹1,347", "line-later-MOUSE")
    shopper.press("news-read")
    shopper.lacks("price up")
    keeper_and_store.writes(with_stock("MOUSE", 2))
    shopper.reload().sees("Only 2 left", "line-later-MOUSE")
    shopper.press("move-later-MOUSE")
    shopper.sees_lines({"LAPTOP": 1, "MOUSE": 2})
    shopper.sees("Mouse: only 2 left, so your cart has 2 instead of 3", "news")
    shopper.press("move-MOUSE")
    keeper_and_store.writes(without("MOUSE"))
    shopper.reload().sees(
        "MOUSE is no longer sold; it stays among what you saved for later until you remove it", "news"
    )
    shopper.press("remove-later-MOUSE")
    shopper.lacks("No longer sold")
    keeper_and_store.writes(CATALOGUE)
