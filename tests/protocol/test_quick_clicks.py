"""Clicks faster than the store can draw: every one counts, and the message sums them up."""

from __future__ import annotations

from testbed.wire.shopper import WireShopper

PRODUCTS = ["LAPTOP", "MOUSE", "KEYBOARD", "MONITOR"]


def test_thirty_clicks_as_fast_as_a_bad_network_delivers_them_are_thirty_pieces(shopper: WireShopper) -> None:
    shopper.open().press(*["add-MOUSE"] * 30)
    shopper.sees_count(30)
    shopper.sees("Added 30 × Mouse to cart")
    shopper.reload().sees_count(30)


def test_quick_removes_of_several_lines_remove_them_all(shopper: WireShopper) -> None:
    shopper.open().press(*(f"add-{sku}" for sku in PRODUCTS))
    shopper.go_to_cart().sees_lines(dict.fromkeys(PRODUCTS, 1))
    shopper.press(*(f"remove-{sku}" for sku in PRODUCTS[:3]))
    shopper.sees_lines({"MONITOR": 1})
    shopper.reload().sees_lines({"MONITOR": 1})


def test_two_quick_clicks_of_one_button_that_removes_a_line_remove_that_line_only(shopper: WireShopper) -> None:
    shopper.open().fill(*PRODUCTS).go_to_cart()
    shopper.press("remove-LAPTOP", "remove-LAPTOP")
    shopper.sees_lines(dict.fromkeys(PRODUCTS[1:], 1))
