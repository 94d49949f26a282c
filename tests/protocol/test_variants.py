"""Choices of one page: the card leads there, the choice is in the address, and the cart holds what was chosen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape

import pytest

from testbed.pottery import LONG, PICTURE, pottery
from testbed.servers import Store
from testbed.shopkeeper import shopkeeper
from testbed.wire.shopper import WireShopper, restart_under


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store that sells pots."""
    with shopkeeper(tmp_path_factory.mktemp("pottery"), pottery()) as keeper:
        yield keeper.store


@pytest.fixture
def customer(shop: Store, new_shopper: Callable[[Store], WireShopper]) -> WireShopper:
    return new_shopper(shop)


def cards(customer: WireShopper) -> list[str]:
    return re.findall("<article .*?</article>", customer.page.shown.html())


def card(customer: WireShopper, name: str) -> str:
    (found,) = [one for one in cards(customer) if f"<h2>{name}</h2>" in one]
    return found


def sees_choice(customer: WireShopper, option: str, price: str, sku: str) -> None:
    assert customer.value("choice-POT-S") == [option]
    customer.sees(price, "about")
    assert customer.page.address == f"product?sku={sku}"


def test_the_quantity_stays_when_another_option_is_chosen_as_far_as_there_are_so_many(customer: WireShopper) -> None:
    customer.open("product?sku=POT-S")
    customer.set_number("pieces-POT-S", 7)
    customer.picks("choice-POT-S", "Large")
    assert customer.value("pieces-POT-L") == 2
    customer.picks("choice-POT-S", "Small")
    assert customer.value("pieces-POT-S") == 2
    customer.add("POT-S")
    customer.sees_count(2)


def test_choices_share_a_card_that_leads_to_their_page_where_one_is_chosen_and_bought(customer: WireShopper) -> None:
    assert len(cards(customer.open())) == 4
    assert "from ₹400" in card(customer, "Clay pot")
    assert "3 options" in card(customer, "Clay pot")
    assert not customer.page.shown.has("add-POT-S")
    assert '<a class="choose" data-sku="POT-S" href="product?sku=POT-S">' in customer.page.shown.html()
    customer.follow("product?sku=POT-S")
    small = customer.value("choice-POT-S")[0]
    sees_choice(customer, small, "₹400", "POT-S")
    customer.picks("choice-POT-S", "Large")
    sees_choice(customer, "Large", "₹900", "POT-L")
    customer.sees("Only 2 left", "about")
    sees_choice(customer.reload(), "Large", "₹900", "POT-L")
    customer.add("POT-L")
    customer.sees("Added 1 × Clay pot, Large to cart")
    customer.sees_count(1)
    customer.go_to_cart().sees_lines({"POT-L": 1})
    customer.sees("Clay pot, Large", "line-POT-L")
    sees_choice(customer.follow("product?sku=POT-L"), "Large", "₹900", "POT-L")
    customer.shows_no_error()


def test_one_choice_may_be_sold_out_and_have_a_picture_from_elsewhere(customer: WireShopper) -> None:
    customer.open("/product?sku=POT-R")
    assert customer.page.shown.widget("add-POT-R").disabled
    assert not customer.page.shown.has("pieces-POT-R"), "no quantity is asked for"
    assert f'<img src="{escape(PICTURE)}"' in customer.page.shown.html()
    customer.picks("choice-POT-S", "Small")
    assert not customer.page.shown.widget("add-POT-S").disabled


def test_a_choice_on_a_stale_page_counts(shop: Store, customer: WireShopper) -> None:
    customer.open("/product?sku=POT-S")
    restart_under(shop, customer)
    customer.picks("choice-POT-S", "Large")
    sees_choice(customer, "Large", "₹900", "POT-L")
    customer.add("POT-L")
    customer.sees_count(1)


def test_a_description_is_whole_on_the_page_however_long(customer: WireShopper) -> None:
    customer.open("/product?sku=VASE").sees(LONG.strip(), "about")


def test_many_choices_are_a_list_to_open(customer: WireShopper) -> None:
    customer.open("/product?sku=TILE-1").chooses("choice-TILE-1", "No. 14")
    assert customer.page.address == "product?sku=TILE-14"
    customer.add("TILE-14")
    customer.sees("Added 1 × Tile, No. 14 to cart")


def test_an_old_price_is_struck_and_said(customer: WireShopper) -> None:
    was = re.compile(r'<span class="prices">.*Was .*<s class="was">₹500</s>.*, now .*₹400</strong>')
    assert was.search(card(customer.open(), "Vase"))
    customer.open("/product?sku=VASE").sees("Was ₹500, now ₹400", "about")
    assert not customer.page.shown.has("choice-VASE")


def test_the_words_of_all_choices_are_searched(customer: WireShopper) -> None:
    customer.open("/?q=red")
    assert cards(customer) == [card(customer, "Clay pot")]
