"""The shopkeeper edits her catalogue while people shop: prices, goods that go, and mistakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from testbed.servers import Store
from testbed.shopkeeper import CATALOGUE, Shopkeeper, with_stock, without
from testbed.wire.shopper import WireShopper

SINCE = "Since you were last here"


@pytest.fixture
def keeper(keeper_and_store: Shopkeeper) -> Iterator[Shopkeeper]:
    yield keeper_and_store
    keeper_and_store.writes(CATALOGUE)


@pytest.fixture
def regular(keeper: Shopkeeper, new_shopper: Callable[[Store], WireShopper]) -> WireShopper:
    """Give a shopper with a laptop and a mouse in the cart, on the cart page."""
    shopper = new_shopper(keeper.store).open().fill("LAPTOP", "MOUSE").go_to_cart()
    shopper.sees("Total: ₹25,349")
    return shopper


def test_an_edited_price_changes_the_total_without_a_restart(keeper: Shopkeeper, regular: WireShopper) -> None:
    keeper.writes(CATALOGUE.replace("LAPTOP,Laptop,25000,", "LAPTOP,Laptop,26000,"))
    regular.reload().sees("Total: ₹26,349")
    regular.sees("₹26,000 each")


def test_a_product_that_left_the_catalogue_keeps_its_line_outside_total_and_count(
    keeper: Shopkeeper, regular: WireShopper
) -> None:
    keeper.writes(without("LAPTOP"))
    regular.reload().sees("Total: ₹349")
    regular.sees_lines({"MOUSE": 1})
    regular.sees("No longer sold", "line-LAPTOP")
    regular.remove("LAPTOP")
    regular.sees_lines({"MOUSE": 1})
    assert not regular.page.shown.within("line-LAPTOP")
    regular.reload().sees_lines({"MOUSE": 1})


def test_a_product_that_comes_back_is_in_the_cart_again(keeper: Shopkeeper, regular: WireShopper) -> None:
    keeper.writes(without("LAPTOP"))
    regular.reload().sees_count(1)
    keeper.writes(CATALOGUE)
    regular.reload().sees_lines({"LAPTOP": 1, "MOUSE": 1})


def test_a_broken_edit_keeps_the_last_good_catalogue(keeper: Shopkeeper, regular: WireShopper) -> None:
    keeper.writes(CATALOGUE.replace("LAPTOP,Laptop,25000,", "LAPTOP,Laptop,much,"), "catalogue edit ignored")
    assert "row 2, price" in keeper.store.output
    regular.reload().sees("Total: ₹25,349")
    regular.sees_lines({"LAPTOP": 1, "MOUSE": 1})


def test_a_shopper_who_comes_back_is_told_once_what_changed(keeper: Shopkeeper, regular: WireShopper) -> None:
    for _ in range(4):
        regular.step_up("MOUSE")
    regular.sees_lines({"LAPTOP": 1, "MOUSE": 5})
    keeper.writes(with_stock("MOUSE", 3).replace("LAPTOP,Laptop,25000,", "LAPTOP,Laptop,24000,"))
    regular.reload().sees("Laptop: price down from ₹25,000 to ₹24,000")
    regular.sees("Mouse: only 3 left, so your cart has 3 instead of 5")
    regular.sees_lines({"LAPTOP": 1, "MOUSE": 3})
    regular.reload().sees("Laptop: price down")
    regular.press("news-read")
    regular.lacks(SINCE)
    regular.reload().sees_lines({"LAPTOP": 1, "MOUSE": 3})
    regular.lacks(SINCE)


def test_news_that_holds_no_longer_goes_by_itself(keeper: Shopkeeper, regular: WireShopper) -> None:
    keeper.writes(CATALOGUE.replace("LAPTOP,Laptop,25000,", "LAPTOP,Laptop,26000,"))
    regular.reload().sees("Laptop: price up from ₹25,000 to ₹26,000")
    keeper.writes(CATALOGUE)
    regular.reload().sees("Total: ₹25,349")
    regular.lacks(SINCE)
    keeper.writes(CATALOGUE + "\n")  # so that the end of the test is an edit, too
