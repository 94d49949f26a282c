"""What the pages say and offer: names that outsiders rely on, money, messages."""

from __future__ import annotations

import pytest

from testbed.wire.shopper import WireShopper


def test_the_empty_cart_says_so_and_leads_back(shopper: WireShopper) -> None:
    shopper.open("/cart").sees("Your cart is empty")
    shopper.sees_count(0)
    shopper.sees("Shopping Cart")
    assert not shopper.page.shown.has("clear-cart-yes")
    shopper.sees("Go to the shop", "empty")


def test_the_cart_page_shows_names_prices_totals_and_its_form(shopper: WireShopper) -> None:
    shopper.open().fill("LAPTOP", "MOUSE").go_to_cart()
    (title,) = [
        part.content for part in shopper.page.shown.parts if part.kind == "heading" and part.content.tag == "h1"
    ]
    assert title.body == "Shopping Cart"
    for sku, name, price in (("LAPTOP", "Laptop", "₹25,000"), ("MOUSE", "Mouse", "₹349")):
        shopper.sees(name, f"line-{sku}")
        shopper.sees(price, f"line-{sku}")
        assert shopper.page.shown.widget(f"quantity-{sku}").label == "Quantity"
        assert shopper.value(f"quantity-{sku}") == 1
        assert shopper.page.shown.widget(f"remove-{sku}").label == "Remove"
    shopper.sees("Total: ₹25,349")
    shopper.sees("Add Product to Cart")
    shown = shopper.page.shown
    assert shown.widget("quick-add-product").label == "Choose a product:"
    quantity = shown.widget("quick-add-quantity")
    assert (quantity.label, quantity.default, quantity.min, quantity.max) == ("Quantity:", 1, 1, 10)
    assert shown.widget("quick-add").label == "Add to Cart"


def test_amounts_are_written_as_in_india(shopper: WireShopper) -> None:
    shopper.open().fill("LAPTOP").go_to_cart()
    shopper.set_quantity("LAPTOP", 5)
    shopper.sees("Total: ₹1,25,000")
    shopper.quick_add("Desk mat", 1)
    shopper.sees("Total: ₹1,25,349.50")


def test_the_form_adds_what_was_chosen_and_says_so(shopper: WireShopper) -> None:
    shopper.open("/cart").quick_add("Laptop", 2)
    shopper.sees("Added 2 × Laptop to cart")
    shopper.sees_lines({"LAPTOP": 2})
    shopper.quick_add("Keyboard", 3)
    shopper.sees_lines({"LAPTOP": 2, "KEYBOARD": 3})


def test_removing_the_last_line_and_clearing_leave_an_empty_cart(shopper: WireShopper) -> None:
    shopper.open().fill("LAPTOP", "MOUSE").go_to_cart()
    shopper.remove("LAPTOP")
    shopper.sees_lines({"MOUSE": 1})
    shopper.clear()
    shopper.sees("Your cart is empty")
    shopper.reload().sees("Your cart is empty")
    shopper.quick_add("Mouse", 1)
    shopper.sees_lines({"MOUSE": 1})
    shopper.remove("MOUSE")
    shopper.sees("Your cart is empty")


def test_what_takes_everything_away_has_not_the_inviting_colour(shopper: WireShopper) -> None:
    shopper.open().fill("MOUSE").go_to_cart()
    assert shopper.page.shown.widget("quick-add").type == "primary"
    assert shopper.page.shown.widget("clear-cart-yes").type == "secondary"
    shopper.open("/privacy").press("forget-me")
    assert shopper.page.shown.widget("forget-me-yes").type == "secondary"


def test_no_more_than_the_limit_of_one_product_fit_in_a_cart(shopper: WireShopper) -> None:
    shopper.open().fill("MOUSE").go_to_cart()
    shopper.set_quantity("MOUSE", 99)
    shopper.sees_lines({"MOUSE": 99})
    shopper.quick_add("Mouse", 1)
    shopper.sees("At most 99 of a product fit in one cart.")
    shopper.reload().sees_lines({"MOUSE": 99})


@pytest.mark.parametrize("path", ["/", "/cart", "/product?sku=LAPTOP"])
def test_the_foot_of_every_page_leads_to_how_the_cart_is_kept(shopper: WireShopper, path: str) -> None:
    shopper.open(path)
    assert '<a href="kept" data-page="kept">How your cart is kept</a>' in shopper.page.shown.html()
    shopper.follow("kept").sees("How your cart is kept")
