"""From a cart to an order: what is typed is kept, what was seen is ordered, once, whatever happens on the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from testbed.servers import Store
from testbed.shopkeeper import Shopkeeper, with_price, with_stock
from testbed.waiting import until
from testbed.wire.shopper import WireShopper, restart_under

CONTACT = {"name": "Asha Rao", "email": "asha@example.com"}
ADDRESS = {"line1": "12 Church Street", "city": "Bengaluru", "region": "Karnataka", "postcode": "560001"}


def fill_in(shopper: WireShopper, texts: dict[str, str]) -> None:
    for what, text in texts.items():
        shopper.types(f"checkout-{what}", text)
    shopper.press("checkout-continue")


def to_review(shopper: WireShopper, *skus: str) -> WireShopper:
    """Fill the cart and the checkout, up to the last step."""
    shopper.open().fill(*skus).go_to_cart().follow("checkout")
    fill_in(shopper, CONTACT)
    fill_in(shopper, ADDRESS)
    shopper.press("checkout-continue")
    shopper.sees("Place order")
    return shopper


def orders(store: Store) -> list[tuple[int, int]]:
    """Return id and total of every order."""
    with closing(sqlite3.connect(store.folder / "orders.db")) as database:
        return database.execute("SELECT id, total FROM orders ORDER BY id").fetchall()


def number(shopper: WireShopper) -> str:
    return shopper.page.address.partition("of=")[2]


def test_a_cart_becomes_an_order_that_says_its_number_and_is_the_same_after_a_reload(
    shared_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = to_review(new_shopper(shared_store), "LAPTOP", "MOUSE")
    before = len(orders(shared_store))
    shopper.sees("Place order · ₹25,349")
    shopper.press("checkout-place")
    shopper.sees(f"Order {number(shopper)}")
    shopper.sees("Thank you. We have your order.")
    shopper.sees_count(0)
    shopper.reload().sees(f"Order {number(shopper)}")
    shopper.sees("12 Church Street")
    shopper.follow("orders").sees("being prepared")
    shopper.go_to_cart().sees("Your cart is empty")
    assert [total for _, total in orders(shared_store)[before:]] == [2_534_900]


def test_what_is_typed_is_there_after_a_reload_a_killed_server_and_in_another_tab(
    mortal_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = new_shopper(mortal_store)
    shopper.open().fill("LAPTOP").follow("checkout").types("checkout-email", "asha@exam")
    assert shopper.reload().value("checkout-email") == "asha@exam"
    restart_under(mortal_store, shopper)
    assert shopper.reload().value("checkout-email") == "asha@exam"
    assert shopper.another_tab().open("/checkout").value("checkout-email") == "asha@exam"


def test_what_is_missing_is_said_beside_it_and_nothing_is_wiped(shopper: WireShopper) -> None:
    shopper.open().fill("LAPTOP").follow("checkout")
    fill_in(shopper, {"name": "Asha", "email": "asha@"})
    shopper.sees("This is no e-mail address.")
    shopper.lacks("Please fill in your name.")
    assert shopper.value("checkout-email") == "asha@"
    fill_in(shopper, {"email": "asha@example.com"})
    shopper.sees("Street and number")


def test_a_step_that_is_asked_for_too_early_is_the_first_one_that_is_not_complete(shopper: WireShopper) -> None:
    shopper.open().fill("LAPTOP").follow("checkout?step=review")
    shopper.sees("Please fill in your name.")
    shopper.lacks("Place order")


def test_a_price_that_changed_since_the_review_stops_the_order_and_asks_again(
    keeper_and_store: Shopkeeper, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = to_review(new_shopper(keeper_and_store.store), "LAPTOP")
    keeper_and_store.writes(with_price("LAPTOP", "26000"))
    shopper.press("checkout-place")
    shopper.sees("What you are ordering has changed. Please look at it once more.")
    shopper.sees("Place order · ₹26,000")
    assert orders(keeper_and_store.store) == []
    shopper.press("checkout-place")
    shopper.sees("Thank you. We have your order.")
    assert [total for _, total in orders(keeper_and_store.store)] == [2_600_000]


def test_what_another_tab_adds_after_the_review_is_not_ordered_unseen(
    shared_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = to_review(new_shopper(shared_store), "LAPTOP")
    before = len(orders(shared_store))
    shopper.another_tab().open().fill("MOUSE")
    shopper.press("checkout-place")
    shopper.sees("What you are ordering has changed.")
    shopper.sees("Place order · ₹25,349")
    shopper.press("checkout-place")
    shopper.sees("Thank you. We have your order.")
    assert [total for _, total in orders(shared_store)[before:]] == [2_534_900]


def test_two_tabs_at_the_review_make_one_order(
    shared_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = to_review(new_shopper(shared_store), "LAPTOP")
    before = len(orders(shared_store))
    other = shopper.another_tab().open("/checkout?step=review")
    other.sees("Place order")
    shopper.press("checkout-place")
    shopper.sees("Thank you. We have your order.")
    other.press("checkout-place")
    other.sees("There is nothing to order")
    assert len(orders(shared_store)) == before + 1


def test_three_quick_clicks_make_one_order(shared_store: Store, new_shopper: Callable[[Store], WireShopper]) -> None:
    shopper = to_review(new_shopper(shared_store), "LAPTOP")
    before = len(orders(shared_store))
    shopper.press("checkout-place", "checkout-place", "checkout-place")
    assert len(orders(shared_store)) == before + 1
    shopper.open("/orders").sees("being prepared")


def test_the_first_click_after_a_killed_server_places_the_order(
    mortal_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = to_review(new_shopper(mortal_store), "LAPTOP")
    before = len(orders(mortal_store))
    restart_under(mortal_store, shopper)
    shopper.press("checkout-place")
    shopper.sees("Thank you. We have your order.")
    assert len(orders(mortal_store)) == before + 1


def test_the_first_click_after_a_killed_server_orders_nothing_that_was_not_seen(
    mortal_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = to_review(new_shopper(mortal_store), "LAPTOP")
    before = len(orders(mortal_store))
    shopper.another_tab().open().fill("MOUSE")
    restart_under(mortal_store, shopper)
    shopper.press("checkout-place")
    shopper.sees("What you are ordering has changed.")
    assert len(orders(mortal_store)) == before


def test_the_last_piece_is_sold_once_and_the_other_shopper_is_told(
    keeper_and_store: Shopkeeper, new_shopper: Callable[[Store], WireShopper]
) -> None:
    keeper_and_store.writes(with_stock("CHAIR-MESH", 1))
    first, second = (to_review(new_shopper(keeper_and_store.store), "CHAIR-MESH") for _ in range(2))
    first.press("checkout-place")
    first.sees("Thank you. We have your order.")
    second.press("checkout-place")
    second.sees("Nothing was ordered")
    second.sees("sold out")
    second.lacks("Thank you")


def test_an_empty_cart_has_a_friendly_checkout(shopper: WireShopper) -> None:
    shopper.open("/checkout").sees("There is nothing to order")
    shopper.open("/orders").sees("No orders yet")


def test_an_order_is_bought_again_and_cancelled(
    shared_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = to_review(new_shopper(shared_store), "LAPTOP", "MOUSE")
    shopper.press("checkout-place")
    placed = number(shopper)
    shopper.press(f"again-{placed}")
    shopper.sees_count(2)
    shopper.press(f"cancel-{placed}-yes")
    shopper.sees(f"Order {placed} is cancelled")
    shopper.sees("Nothing is sent, and nothing is to be paid.")


def test_what_is_bought_again_is_added_to_the_cart_and_said(
    shared_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = to_review(new_shopper(shared_store), "LAPTOP", "MOUSE")
    shopper.press("checkout-place")
    address = shopper.page.address
    shopper.open().fill("MOUSE", "KEYBOARD").follow(address.lstrip("/"))
    shopper.press(f"again-{number(shopper)}")
    shopper.sees("Added 2 items to cart")
    shopper.go_to_cart().sees_lines({"MOUSE": 2, "KEYBOARD": 1, "LAPTOP": 1})


def test_another_browser_finds_an_order_by_number_and_address_only(
    shared_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = to_review(new_shopper(shared_store), "LAPTOP")
    shopper.press("checkout-place")
    placed = number(shopper)
    stranger = new_shopper(shared_store).open(f"/orders?of={placed}")
    stranger.sees("This browser has no such order")
    stranger.lacks("Church Street")


@pytest.fixture
def without_orders(start_store: Callable[..., Store]) -> Store:
    return start_store(KEEPCART_ORDERS__ENABLED="false")


def test_without_orders_the_shop_is_as_before(
    without_orders: Store, new_shopper: Callable[[Store], WireShopper], tmp_path: Path
) -> None:
    del tmp_path
    assert not without_orders.answers("/checkout")
    assert not without_orders.answers("/orders")
    shopper = new_shopper(without_orders).open().fill("LAPTOP").go_to_cart()
    shopper.lacks("Checkout")
    shopper.lacks("Delivery:")
    assert not (without_orders.folder / "orders.db").exists()


def test_whether_it_was_placed_is_said_once_it_is_known_and_nothing_is_lost(
    start_store: Callable[..., Store], new_shopper: Callable[[Store], WireShopper]
) -> None:
    store = start_store()
    shopper = to_review(new_shopper(store), "LAPTOP")
    with closing(sqlite3.connect(store.folder / "orders.db", isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")  # reading goes on, nothing can be written
        shopper.press("checkout-place")
        shopper.sees("We can't say yet whether your order was placed.")
        shopper.go_to_cart().sees_lines({"LAPTOP": 1})
    said = "Your order was not placed, and nothing was taken."
    until(lambda: said in shopper.open("/checkout?step=review").text())  # a moment after it was away it is asked again
    shopper.press("checkout-place")
    shopper.sees("Thank you. We have your order.")
    assert len(orders(store)) == 1


def test_while_the_orders_database_is_away_the_shop_goes_on_and_the_checkout_says_so(
    start_store: Callable[..., Store], new_shopper: Callable[[Store], WireShopper]
) -> None:
    store = start_store(KEEPCART_ORDERS__URL="sqlite:////dev/null/orders.db")
    shopper = to_review(new_shopper(store), "LAPTOP")
    shopper.press("checkout-place")
    shopper.sees("Orders can't be taken at the moment.")
    shopper.follow("orders").sees("Orders can't be shown at the moment.")
    shopper.go_to_cart().sees_lines({"LAPTOP": 1})
