"""The server dies and comes back under open pages: the next act counts, whatever it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testbed.servers import Store
from testbed.wire.shopper import WireShopper, restart_under

Act = Callable[[WireShopper], object]


@pytest.fixture
def shop_page(mortal_store: Store, new_shopper: Callable[[Store], WireShopper]) -> WireShopper:
    """Give an open shop page of a shopper with a laptop and two mice, under which the server has died and come back."""
    shopper = new_shopper(mortal_store).open().fill("LAPTOP", "MOUSE", "MOUSE")
    restart_under(mortal_store, shopper)
    return shopper


@pytest.fixture
def cart_page(mortal_store: Store, new_shopper: Callable[[Store], WireShopper]) -> WireShopper:
    """Give an open cart page with a laptop and two mice, under which the server has died and come back."""
    shopper = new_shopper(mortal_store).open().fill("LAPTOP", "MOUSE", "MOUSE").go_to_cart()
    restart_under(mortal_store, shopper)
    return shopper


def test_the_next_add_after_a_restart_joins_the_old_cart(shop_page: WireShopper) -> None:
    shop_page.add("KEYBOARD")
    shop_page.sees_count(4)
    shop_page.sees("Added 1 × Keyboard to cart")
    shop_page.add("KEYBOARD")
    shop_page.sees_count(5)
    shop_page.go_to_cart().sees_lines({"LAPTOP": 1, "MOUSE": 2, "KEYBOARD": 2})


def test_ten_quick_adds_right_after_a_restart_all_count(shop_page: WireShopper) -> None:
    shop_page.press(*["add-MOUSE"] * 10)
    shop_page.sees_count(13)
    shop_page.reload().sees_count(13)


def test_the_next_category_after_a_restart_is_shown(shop_page: WireShopper) -> None:
    shop_page.picks("category", "Desks")
    assert shop_page.page.shown.html().count("<article ") == 4
    assert shop_page.page.address == "?category=Desks"
    shop_page.sees_count(3)


def test_the_cart_link_as_the_next_click_after_a_restart_shows_the_old_cart(shop_page: WireShopper) -> None:
    run = shop_page.page.follow("cart")
    assert not run.says("Your cart is empty")
    shop_page.sees_lines({"LAPTOP": 1, "MOUSE": 2})


@pytest.mark.parametrize(
    ("act", "lines"),
    [
        (lambda shopper: shopper.remove("MOUSE"), {"LAPTOP": 1}),
        (lambda shopper: shopper.step_up("MOUSE"), {"LAPTOP": 1, "MOUSE": 3}),
        (lambda shopper: shopper.set_quantity("MOUSE", 7), {"LAPTOP": 1, "MOUSE": 7}),
        (lambda shopper: shopper.quick_add("Keyboard", 3), {"LAPTOP": 1, "MOUSE": 2, "KEYBOARD": 3}),
        (lambda shopper: shopper.clear(), {}),
    ],
    ids=["remove", "plus", "a typed quantity", "the form", "clear cart"],
)
def test_an_act_on_the_cart_page_counts_after_a_restart_and_changes_nothing_else(
    cart_page: WireShopper, act: Act, lines: dict[str, int]
) -> None:
    act(cart_page)
    cart_page.sees_lines(lines)
    cart_page.reload().sees_lines(lines)
    assert bool(lines) != ("Your cart is empty" in cart_page.text())


def test_a_line_that_came_with_the_first_act_after_a_restart_stays_when_another_is_removed(
    cart_page: WireShopper,
) -> None:
    cart_page.quick_add("Keyboard", 3)
    cart_page.remove("MOUSE")  # sends what the new line's number input holds
    cart_page.sees_lines({"LAPTOP": 1, "KEYBOARD": 3})
    cart_page.reload().sees_lines({"LAPTOP": 1, "KEYBOARD": 3})
