"""Clicks faster than the store can draw: every one counts, and the message sums them up."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from testbed.browser.shopper import LINK_THEN_BUTTONS, Shopper

TEN = [
    "LAPTOP",
    "MOUSE",
    "KEYBOARD",
    "MONITOR",
    "HEADPHONES",
    "DESK-STAND",
    "CHAIR-MESH",
    "LAMP-DESK",
    "MAT-DESK",
    "DESK-OAK",
]

CLICKS_AT_ONCE = "selectors => { for (const one of selectors) document.querySelector(one).click() }"


def test_ten_quick_adds_are_ten_pieces_and_one_message_and_quick_removes_remove_every_line(shopper: Shopper) -> None:
    shopper.open().quick_clicks([f"add-{sku}" for sku in TEN])
    shopper.sees_count(10)
    shopper.sees("Added 10 items to cart")
    shopper.go_to_cart()
    shopper.sees_lines(dict.fromkeys(TEN, 1))
    shopper.quick_clicks([f"remove-{sku}" for sku in TEN[:4]])
    shopper.sees_lines(dict.fromkeys(TEN[4:], 1))
    assert shopper.kept_lines() == dict.fromkeys(TEN[4:], 1)


def test_twenty_quick_steps_of_a_quantity_are_twenty_pieces(shopper: Shopper) -> None:
    shopper.fill_unseen("MOUSE", "LAPTOP").open("/cart").sees_lines({"MOUSE": 1, "LAPTOP": 1})
    shopper.quick_clicks(["quantity-MOUSE"] * 20, button='[data-testid="stNumberInputStepUp"]')
    shopper.sees_lines({"MOUSE": 21, "LAPTOP": 1})
    shopper.sees("Total: ₹32,329")
    assert shopper.kept_lines() == {"MOUSE": 21, "LAPTOP": 1}


def test_what_is_added_is_the_number_that_was_there_at_the_click(shopper: Shopper) -> None:
    """A busy browser has the clicks ready at once; the steps after the first would go along with it."""
    shopper.open("/product?sku=MOUSE")
    add, step = (".st-key-add-MOUSE button", ".st-key-pieces-MOUSE [data-testid=stNumberInputStepUp]")
    shopper.page.wait_for_selector(step)
    shopper.page.evaluate(CLICKS_AT_ONCE, [add, step, add, step, step, add])
    shopper.sees_count(1 + 2 + 4)
    assert shopper.kept_lines() == {"MOUSE": 1 + 2 + 4}


def test_clicks_on_a_page_that_is_being_left_count_and_the_link_still_leads_on(shopper: Shopper) -> None:
    """They are sent before the browser has heard of the new page, so they ask for the old one."""
    shopper.fill_unseen("LAPTOP").open()
    cart_link = '[data-testid="stPageLink-NavLink"][href="cart"]'
    shopper.page.evaluate(LINK_THEN_BUTTONS, [cart_link, ["add-MOUSE", "add-KEYBOARD"]])
    shopper.sees_lines({"LAPTOP": 1, "MOUSE": 1, "KEYBOARD": 1})
    shopper.settled()
    expect(shopper.page).to_have_url(re.compile("/cart$"))
    shopper.page.get_by_role("link", name="Keepcart").click()
    expect(shopper.button("add-MOUSE")).to_be_visible()
    shopper.settled()
    expect(shopper.page).to_have_url(re.compile("/$"))


def test_a_click_right_after_a_product_was_opened_counts_and_the_product_is_shown(shopper: Shopper) -> None:
    shopper.fill_unseen("LAPTOP").open()
    shopper.page.evaluate(LINK_THEN_BUTTONS, ["a[href='product?sku=MONITOR']", ["add-MOUSE"]])
    shopper.sees_count(2)
    expect(shopper.page.get_by_role("heading", name="Monitor", level=1)).to_be_visible()
    shopper.settled()
    expect(shopper.page).to_have_url(re.compile(r"/product\?sku=MONITOR$"))
    shopper.go_to_cart()
    shopper.sees_lines({"LAPTOP": 1, "MOUSE": 1})


def test_a_typed_quantity_counts_with_enter(shopper: Shopper) -> None:
    shopper.fill_unseen("MOUSE").open("/cart")
    shopper.set_quantity("MOUSE", 12)
    shopper.sees("Total: ₹4,188")
    assert shopper.kept_lines() == {"MOUSE": 12}


def test_a_typed_quantity_counts_with_the_click_that_follows_it(shopper: Shopper) -> None:
    shopper.fill_unseen("MOUSE", "LAPTOP").open("/cart")
    shopper.quantity("MOUSE").fill("5")
    shopper.remove("LAPTOP")
    shopper.sees_lines({"MOUSE": 5})
    assert shopper.kept_lines() == {"MOUSE": 5}


def test_two_clicks_that_a_busy_browser_has_ready_at_once_are_two(shopper: Shopper) -> None:
    shopper.open()
    shopper.page.evaluate(
        """() => {
        const button = document.querySelector('.st-key-add-LAPTOP button');
        for (let click = 0; click < 3; click++) button.click();
        }"""
    )
    shopper.sees_count(3)
    shopper.settled()
    assert shopper.kept_lines() == {"LAPTOP": 3}
