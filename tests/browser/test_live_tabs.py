"""What is done in one tab shows in the browser's other tabs by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from testbed.browser.shopper import Shopper, restart_under
from testbed.servers import Store

ELSEWHERE = "Your cart was changed in another tab"
WITHIN_MS = 5_000


@pytest.fixture
def tabs(mortal_store: Store, new_shopper: Callable[..., Shopper]) -> tuple[Shopper, Shopper]:
    """Give two tabs of a shopper with a laptop: one in the shop, one in the cart."""
    shopping = new_shopper(mortal_store).fill_unseen("LAPTOP").open()
    looking = shopping.another_tab().open("/cart")
    looking.sees_lines({"LAPTOP": 1})
    return shopping, looking


def test_an_act_shows_in_the_other_tab_without_a_click_and_with_a_word(tabs: tuple[Shopper, Shopper]) -> None:
    shopping, looking = tabs
    shopping.add("MOUSE")
    looking.sees_lines({"LAPTOP": 1, "MOUSE": 1})
    looking.sees(ELSEWHERE)
    looking.remove("LAPTOP")
    shopping.sees_count(1)
    shopping.sees(ELSEWHERE)
    runs = shopping.witness.runs()
    looking.set_quantity("MOUSE", 7)
    shopping.sees_count(7)
    assert shopping.witness.runs() == runs + 1  # and no echo


def test_another_browser_hears_nothing(
    mortal_store: Store, tabs: tuple[Shopper, Shopper], new_shopper: Callable[..., Shopper]
) -> None:
    shopping, looking = tabs
    stranger = new_shopper(mortal_store).open()
    runs = stranger.witness.runs()
    shopping.add("MOUSE")
    looking.sees_count(2)
    stranger.sees_count(0)
    assert stranger.witness.runs() == runs


def test_after_a_restart_an_old_number_on_the_other_tabs_page_does_not_come_back(
    mortal_store: Store, tabs: tuple[Shopper, Shopper]
) -> None:
    first, behind = tabs
    first.go_to_cart()
    restart_under(mortal_store, first, behind)
    first.set_quantity("LAPTOP", 5)
    behind.sees_lines({"LAPTOP": 5})
    first.sees_lines({"LAPTOP": 5})
    assert first.kept_lines() == {"LAPTOP": 5}


def test_a_tab_that_comes_to_the_front_is_current(shopper: Shopper) -> None:
    shopping = shopper.open()
    asleep = shopping.another_tab(deaf=True).open("/cart")
    shopping.fill("LAPTOP")
    asleep.sees_count(0)
    asleep.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(asleep.cart_link).to_have_text("Cart (1)", timeout=WITHIN_MS)
    asleep.sees_lines({"LAPTOP": 1})


def test_notices_are_said_by_one_live_region_that_stays_the_same_element(tabs: tuple[Shopper, Shopper]) -> None:
    shopping, _ = tabs
    region = shopping.page.get_by_role("status").filter(has_text="Added")
    shopping.add("MOUSE")
    expect(region.locator("p")).to_have_text(["Added 1 × Mouse to cart", "Cart total ₹25,349"])
    region.evaluate("element => element.dataset.mine = 'yes'")
    shopping.page.wait_for_timeout(3_100)  # acts that follow each other sooner are summed up
    shopping.add("KEYBOARD")
    expect(region.locator("p").first).to_have_text("Added 1 × Keyboard to cart")
    expect(region).to_have_attribute("data-mine", "yes")
    shopping.page.get_by_role("button", name="Dismiss").click()
    expect(shopping.page.get_by_text("Added 1 × Keyboard to cart")).to_have_count(0)
