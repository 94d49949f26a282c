"""An act whose result the header and the notice show alone: nothing else of the page is drawn anew."""

from __future__ import annotations

from collections.abc import Callable

from testbed.servers import Store
from testbed.shopkeeper import CATALOGUE, Shopkeeper, with_stock
from testbed.wire.connection import Run
from testbed.wire.shopper import WireShopper, restart_under


def drawn(run: Run) -> set[str]:
    """Return the kinds of elements that a run has drawn."""
    elements = (one.delta.new_element for one in run.messages if one.delta.HasField("new_element"))
    return {element.WhichOneof("type") or "" for element in elements}


def is_of_the_page(run: Run) -> bool:
    return "button" in drawn(run)


def test_an_add_draws_the_header_and_the_notice_and_nothing_else(shopper: WireShopper) -> None:
    shopper.open()
    for count, sku in enumerate(("LAPTOP", "MOUSE", "LAPTOP"), 1):
        assert drawn(shopper.page.press(f"add-{sku}")) == {"page_link", "markdown", "html"}
        shopper.sees_count(count)
    shopper.sees("Added 3 items to cart")
    shopper.sees("Saved, kept until", "header")
    assert len(shopper.page.shown.keys("add-")) == 24
    shopper.reload().sees_count(3)


def test_an_add_on_a_products_page_draws_also_how_many_are_in_the_cart(shopper: WireShopper) -> None:
    shopper.open("/product?sku=LAPTOP")
    shopper.set_number("pieces-LAPTOP", 2)
    assert not is_of_the_page(shopper.page.press("add-LAPTOP"))
    shopper.sees("2 in your cart", "in-cart")
    assert not is_of_the_page(shopper.page.press("add-LAPTOP"))
    shopper.sees("4 in your cart", "in-cart")
    shopper.sees_count(4)


def test_an_add_on_a_products_page_from_the_cards_below_draws_no_more(shopper: WireShopper) -> None:
    shopper.open("/product?sku=LAPTOP")
    other = next(sku for sku in shopper.page.shown.keys("add-") if sku != "LAPTOP")
    assert not is_of_the_page(shopper.page.press(f"add-{other}"))
    shopper.sees_count(1)


def test_what_is_searched_for_stays_while_products_are_added(shopper: WireShopper) -> None:
    shopper.open("/?q=laptop").fill("LAPTOP")
    shopper.picks("category", "All")
    assert shopper.value("search") == "laptop"
    shopper.sees_count(1)


def test_the_first_add_after_a_restart_draws_the_page(
    mortal_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = new_shopper(mortal_store).open().fill("LAPTOP")
    restart_under(mortal_store, shopper)
    assert is_of_the_page(shopper.page.press("add-LAPTOP"))
    shopper.sees_count(2)
    assert not is_of_the_page(shopper.page.press("add-LAPTOP"))
    shopper.sees_count(3)


def test_an_add_after_the_catalogue_was_edited_draws_the_page_as_it_is_now(
    keeper_and_store: Shopkeeper, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = new_shopper(keeper_and_store.store).open().fill("LAPTOP")
    keeper_and_store.writes(with_stock("MOUSE", 0))
    assert is_of_the_page(shopper.page.press("add-LAPTOP"))
    assert shopper.page.shown.widget("add-MOUSE").label == "Sold out"
    keeper_and_store.writes(CATALOGUE)


def test_another_tabs_change_is_told_by_an_add(shopper: WireShopper) -> None:
    shopper.open().fill("LAPTOP")
    shopper.another_tab().open().fill("MOUSE")
    shopper.add("KEYBOARD")
    shopper.sees("Your cart was changed in another tab")
    shopper.sees_count(3)


def test_a_click_that_comes_late_from_a_page_that_was_left_draws_the_page_that_is_there(shopper: WireShopper) -> None:
    shopper.open().fill("LAPTOP")
    mouse = shopper.page.shown.widget("add-MOUSE").id
    shopper.go_to_cart()
    shopper.page.send(mouse)
    shopper.sees_lines({"LAPTOP": 1, "MOUSE": 1})
