"""Two tabs of one browser, one behind since it hears nothing: what was done in one is not undone by the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testbed.browser.shopper import Shopper, restart_under
from testbed.servers import Store

Tabs = tuple[Shopper, Shopper]


@pytest.fixture
def tabs(shopper: Shopper) -> Tabs:
    """Give two open cart pages of one shopper, with a laptop, a mouse and a keyboard."""
    shopper.open().fill("LAPTOP", "MOUSE", "KEYBOARD")
    other = shopper.another_tab(deaf=True).open("/cart")
    shopper.go_to_cart()
    for tab in (shopper, other):
        tab.sees_lines({"LAPTOP": 1, "MOUSE": 1, "KEYBOARD": 1})
    return shopper, other


def test_what_two_tabs_add_is_all_kept(shopper: Shopper) -> None:
    shopper.open()
    other = shopper.another_tab(deaf=True).open()
    shopper.fill("LAPTOP")
    other.add("MOUSE")
    other.sees_count(2)
    shopper.reload().sees_count(2)
    shopper.go_to_cart()
    shopper.sees_lines({"LAPTOP": 1, "MOUSE": 1})


def test_removing_a_line_that_another_tab_removed_is_no_error(tabs: Tabs) -> None:
    first, behind = tabs
    first.remove("MOUSE")
    first.sees_lines({"LAPTOP": 1, "KEYBOARD": 1})
    behind.remove("MOUSE")
    behind.sees_lines({"LAPTOP": 1, "KEYBOARD": 1})
    behind.shows_no_error()
    first.reload().sees_lines({"LAPTOP": 1, "KEYBOARD": 1})


def test_a_quantity_for_a_line_that_another_tab_removed_does_not_bring_it_back(tabs: Tabs) -> None:
    first, behind = tabs
    first.remove("MOUSE")
    first.sees_lines({"LAPTOP": 1, "KEYBOARD": 1})
    behind.set_quantity("MOUSE", 4)
    behind.sees_lines({"LAPTOP": 1, "KEYBOARD": 1})
    behind.shows_no_error()


def test_a_tab_that_is_behind_removes_a_line_and_keeps_the_other_tabs_quantity(tabs: Tabs) -> None:
    first, behind = tabs
    first.set_quantity("LAPTOP", 5)
    first.sees_lines({"LAPTOP": 5, "MOUSE": 1, "KEYBOARD": 1})
    behind.remove("MOUSE")
    behind.sees_lines({"LAPTOP": 5, "KEYBOARD": 1})
    first.reload().sees_lines({"LAPTOP": 5, "KEYBOARD": 1})


@pytest.fixture
def tabs_after_a_restart(store: Store, new_shopper: Callable[..., Shopper]) -> Tabs:
    """Give two cart pages; the first set 5 laptops, then the server was restarted, and the second is behind."""
    first = new_shopper(store).open()
    first.fill("LAPTOP", "MOUSE", "KEYBOARD")
    behind = first.another_tab(deaf=True).open("/cart")
    behind.sees_lines({"LAPTOP": 1, "MOUSE": 1, "KEYBOARD": 1})
    first.go_to_cart()
    first.set_quantity("LAPTOP", 5)
    first.sees_lines({"LAPTOP": 5, "MOUSE": 1, "KEYBOARD": 1})
    restart_under(store, first, behind)
    return first, behind


def test_after_a_restart_a_tab_that_is_behind_removes_a_line_and_keeps_the_other_tabs_quantity(
    tabs_after_a_restart: Tabs,
) -> None:
    first, behind = tabs_after_a_restart
    behind.remove("MOUSE")
    behind.sees_lines({"LAPTOP": 5, "KEYBOARD": 1})
    first.reload().sees_lines({"LAPTOP": 5, "KEYBOARD": 1})


def test_after_a_restart_a_quantity_set_in_a_tab_that_is_behind_counts_and_changes_no_other_line(
    tabs_after_a_restart: Tabs,
) -> None:
    first, behind = tabs_after_a_restart
    behind.set_quantity("MOUSE", 3)
    behind.sees_lines({"LAPTOP": 5, "MOUSE": 3, "KEYBOARD": 1})
    first.reload().sees_lines({"LAPTOP": 5, "MOUSE": 3, "KEYBOARD": 1})


def test_after_a_restart_the_tab_that_is_behind_may_set_the_same_quantity_as_it_saw_elsewhere(
    tabs_after_a_restart: Tabs,
) -> None:
    first, behind = tabs_after_a_restart
    behind.step_up("LAPTOP").click()
    behind.sees_lines({"LAPTOP": 2, "MOUSE": 1, "KEYBOARD": 1})
    first.reload().sees_lines({"LAPTOP": 2, "MOUSE": 1, "KEYBOARD": 1})
