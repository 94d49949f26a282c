"""The server dies and comes back under open pages: the next click counts, whatever it is (more in tests/protocol)."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from testbed.browser.shopper import Shopper, restart_under
from testbed.servers import Store


def test_the_next_click_on_a_shop_page_after_a_restart_counts(
    mortal_store: Store, new_shopper: Callable[..., Shopper]
) -> None:
    adding, quick, choosing, leaving = [
        new_shopper(mortal_store).fill_unseen("LAPTOP", "KEYBOARD").open() for _ in range(4)
    ]
    restart_under(mortal_store, adding, quick, choosing, leaving)

    adding.add("MOUSE")
    adding.sees_count(3)
    adding.sees("Added 1 × Mouse to cart")
    adding.add("MOUSE")
    adding.sees_count(4)
    adding.go_to_cart()
    adding.sees_lines({"LAPTOP": 1, "KEYBOARD": 1, "MOUSE": 2})

    quick.quick_clicks(["add-MOUSE"] * 10)
    quick.sees_count(12)
    assert quick.kept_lines() == {"LAPTOP": 1, "KEYBOARD": 1, "MOUSE": 10}

    choosing.page.get_by_role("radio", name="Desks").click()
    expect(choosing.page.get_by_role("article")).to_have_count(4)
    expect(choosing.page).to_have_url(re.compile(r"\?category=Desks$"))
    choosing.sees_count(2)

    leaving.go_to_cart()
    leaving.sees_lines({"LAPTOP": 1, "KEYBOARD": 1})
    assert not leaving.witness.saw_an_empty_cart()


def test_the_next_act_on_a_cart_page_after_a_restart_counts_and_changes_nothing_else(
    mortal_store: Store, new_shopper: Callable[..., Shopper]
) -> None:
    stepping, typing, filling, clearing = [
        new_shopper(mortal_store).fill_unseen("LAPTOP", "MOUSE", "MOUSE").open("/cart") for _ in range(4)
    ]
    restart_under(mortal_store, stepping, typing, filling, clearing)

    stepping.step_up("MOUSE").click()
    stepping.sees_lines({"LAPTOP": 1, "MOUSE": 3})
    assert stepping.kept_lines() == {"LAPTOP": 1, "MOUSE": 3}

    typing.set_quantity("MOUSE", 7)
    typing.sees_lines({"LAPTOP": 1, "MOUSE": 7})
    assert typing.kept_lines() == {"LAPTOP": 1, "MOUSE": 7}

    filling.quick_add("Keyboard", 3)
    filling.sees_lines({"LAPTOP": 1, "MOUSE": 2, "KEYBOARD": 3})
    filling.remove("MOUSE")  # sends what the new line's number input holds
    filling.sees_lines({"LAPTOP": 1, "KEYBOARD": 3})
    assert filling.kept_lines() == {"LAPTOP": 1, "KEYBOARD": 3}

    clearing.clear()
    clearing.sees("Your cart is empty")
    clearing.sees_count(0)
    assert clearing.kept_lines() == {}


def test_after_a_restart_a_tab_that_is_behind_removes_a_line_and_keeps_the_other_tabs_quantity(
    mortal_store: Store, new_shopper: Callable[..., Shopper]
) -> None:
    first = new_shopper(mortal_store).fill_unseen("LAPTOP", "MOUSE", "KEYBOARD").open("/cart")
    behind = first.another_tab(deaf=True).open("/cart")
    first.set_quantity("LAPTOP", 5)
    first.sees_lines({"LAPTOP": 5, "MOUSE": 1, "KEYBOARD": 1})
    restart_under(mortal_store, first, behind)
    behind.remove("MOUSE")
    behind.sees_lines({"LAPTOP": 5, "KEYBOARD": 1})
    assert first.kept_lines() == {"LAPTOP": 5, "KEYBOARD": 1}
