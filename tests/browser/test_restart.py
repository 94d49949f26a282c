"""The server dies and comes back under open pages: the next click counts, whatever it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from testbed.browser.shopper import Shopper, restart_under
from testbed.servers import Store, running_store


@pytest.fixture(scope="module")
def mortal_store(launch_options: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store that every test of this file may kill and start again."""
    with running_store(tmp_path_factory.mktemp("store")) as store:
        yield store


@pytest.fixture
def cart_page(mortal_store: Store, new_shopper: Callable[..., Shopper]) -> Shopper:
    """Give an open cart page with a laptop and two mice, under which the server has died and come back."""
    shopper = new_shopper(mortal_store).open()
    shopper.fill("LAPTOP", "MOUSE", "MOUSE")
    shopper.go_to_cart()
    shopper.sees_lines({"LAPTOP": 1, "MOUSE": 2})
    restart_under(mortal_store, shopper)
    return shopper


def test_the_next_add_after_a_restart_joins_the_old_cart(
    mortal_store: Store, new_shopper: Callable[..., Shopper]
) -> None:
    shopper = new_shopper(mortal_store).open()
    shopper.fill("LAPTOP", "KEYBOARD")
    restart_under(mortal_store, shopper)
    shopper.add("MOUSE")
    shopper.sees_count(3)
    shopper.sees("Added 1 × Mouse to cart")
    shopper.add("MOUSE")
    shopper.sees_count(4)
    shopper.go_to_cart()
    shopper.sees_lines({"LAPTOP": 1, "KEYBOARD": 1, "MOUSE": 2})


def test_the_next_category_after_a_restart_is_shown(mortal_store: Store, new_shopper: Callable[..., Shopper]) -> None:
    shopper = new_shopper(mortal_store).open()
    shopper.fill("LAPTOP")
    restart_under(mortal_store, shopper)
    shopper.page.get_by_role("radio", name="Desks").click()
    expect(shopper.page.get_by_role("article")).to_have_count(4)
    expect(shopper.page).to_have_url(re.compile(r"\?category=Desks$"))
    shopper.sees_count(1)


def test_remove_as_the_next_click_after_a_restart_removes_that_line_only(cart_page: Shopper) -> None:
    cart_page.remove("MOUSE")
    cart_page.sees_lines({"LAPTOP": 1})
    cart_page.reload().sees_lines({"LAPTOP": 1})


def test_plus_as_the_next_click_after_a_restart_adds_one_piece(cart_page: Shopper) -> None:
    cart_page.step_up("MOUSE").click()
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 3})
    cart_page.reload().sees_lines({"LAPTOP": 1, "MOUSE": 3})


def test_a_typed_quantity_as_the_next_act_after_a_restart_counts(cart_page: Shopper) -> None:
    cart_page.set_quantity("MOUSE", 7)
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 7})
    cart_page.reload().sees_lines({"LAPTOP": 1, "MOUSE": 7})


def test_the_quick_add_form_as_the_next_click_after_a_restart_adds(cart_page: Shopper) -> None:
    cart_page.quick_add("Keyboard", 3)
    cart_page.sees_lines({"LAPTOP": 1, "MOUSE": 2, "KEYBOARD": 3})
    cart_page.remove("MOUSE")  # sends what the new line's number input holds
    cart_page.sees_lines({"LAPTOP": 1, "KEYBOARD": 3})
    cart_page.reload().sees_lines({"LAPTOP": 1, "KEYBOARD": 3})


def test_clear_cart_confirmed_as_the_next_click_after_a_restart_clears(cart_page: Shopper) -> None:
    cart_page.clear()
    cart_page.sees("Your cart is empty")
    cart_page.sees_count(0)
    cart_page.reload().sees("Your cart is empty")


def test_the_cart_link_as_the_next_click_after_a_restart_shows_the_old_cart(
    mortal_store: Store, new_shopper: Callable[..., Shopper]
) -> None:
    shopper = new_shopper(mortal_store).open()
    shopper.fill("LAPTOP", "MOUSE")
    restart_under(mortal_store, shopper)
    shopper.go_to_cart()
    shopper.sees_lines({"LAPTOP": 1, "MOUSE": 1})
    assert not shopper.witness.saw_an_empty_cart()


def test_ten_quick_adds_right_after_a_restart_all_count(
    mortal_store: Store, new_shopper: Callable[..., Shopper]
) -> None:
    shopper = new_shopper(mortal_store).open()
    shopper.fill("LAPTOP")
    restart_under(mortal_store, shopper)
    shopper.quick_clicks(["add-MOUSE"] * 10)
    shopper.sees_count(11)
    shopper.reload().sees_count(11)
