"""A combination taken along: a link that holds it, opened by a stranger; a quote."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest

from testbed.servers import Store
from testbed.shopkeeper import CATALOGUE, Shopkeeper, with_price, with_stock, without
from testbed.wire.shopper import WireShopper


def link(shopper: WireShopper) -> str:
    """Return the link on the page that takes a combination along, without the store's address."""
    (code,) = [part.content.code_text for part in shopper.page.shown.parts if part.kind == "code"]
    parts = urlsplit(code)
    assert f"{parts.scheme}://{parts.netloc}" == shopper.url
    return f"{parts.path}?{parts.query}"


@pytest.fixture
def sent(shopper: WireShopper) -> str:
    """Return the link to a cart of a laptop and three mice."""
    shopper.open().fill("LAPTOP", "MOUSE").go_to_cart().set_quantity("MOUSE", 3)
    return link(shopper.follow("take-along"))


@pytest.fixture
def stranger(shared_store: Store, new_shopper: Callable[[Store], WireShopper]) -> WireShopper:
    return new_shopper(shared_store)


def test_a_link_holds_the_combination_itself_and_to_open_it_changes_nothing(
    sent: str, stranger: WireShopper, shopper: WireShopper
) -> None:
    assert sent == "/combination?is=1.LAPTOP.MOUSE_3"
    stranger.open(sent).sees("Mouse")
    stranger.sees("₹26,047")
    stranger.sees_count(0)
    assert stranger.open("/setups").page.shown.keys("use-") == []
    shopper.reload().sees_count(4)


def test_it_is_put_into_an_empty_cart_or_added_to_what_is_there(sent: str, stranger: WireShopper) -> None:
    stranger.open(sent).press("add-combination")
    stranger.sees("Added 4 items to cart")
    stranger.press("add-combination")
    stranger.go_to_cart().sees_lines({"LAPTOP": 2, "MOUSE": 6})


def test_it_takes_the_place_of_the_cart_which_becomes_a_setup(sent: str, stranger: WireShopper) -> None:
    stranger.open(sent)
    assert not stranger.page.shown.keys("use-")
    stranger.follow("").add("KEYBOARD")
    stranger.follow(sent.strip("/")).press("use-combination")
    stranger.sees("This combination is your cart now. What was in it is kept as “Cart of")
    stranger.sees_count(4)
    (kept,) = stranger.follow("setups").page.shown.keys("use-")
    stranger.press(f"use-{kept}")
    stranger.go_to_cart().sees_lines({"KEYBOARD": 1})


def test_it_is_kept_as_a_setup(sent: str, stranger: WireShopper) -> None:
    stranger.open(sent).types("kept-setup-name", "From Asha")
    stranger.press("keep-combination")
    stranger.sees("Kept as “From Asha”")
    stranger.sees_count(0)
    stranger.follow("setups").sees("4 pieces · ₹26,047")


def test_it_shows_todays_prices_and_what_is_no_longer_sold_and_the_cart_gets_what_there_is(
    keeper_and_store: Shopkeeper, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = new_shopper(keeper_and_store.store)
    keeper_and_store.writes(with_price("MOUSE", "449"))
    shopper.open("/combination?is=1.MOUSE_2").sees("₹898")
    keeper_and_store.writes(with_stock("MOUSE", 1))
    shopper.reload().press("add-combination")
    shopper.sees("only 1 left, so your cart has 1 instead of 2", "news")
    keeper_and_store.writes(without("MOUSE"))
    shopper.reload().sees("No longer sold")
    shopper.sees("Nothing of it is sold any more.")
    shopper.follow("combination?is=1.MOUSE_2.LAPTOP").sees("What is no longer sold is left out.")
    keeper_and_store.writes(CATALOGUE)


@pytest.mark.parametrize("query", ["", "?is=", "?is=1.%00", "?is=7.MOUSE", "?is=1." + "A" * 7000, "?is=1.MOUSE_0"])
def test_a_link_that_is_none_is_a_clear_sentence(stranger: WireShopper, query: str) -> None:
    stranger.open(f"/combination{query}").sees("This link can't be read")
    stranger.sees(re.compile("This link (is not complete|has no products|was made by a newer)"))
    stranger.shows_no_error()


def test_pieces_that_no_cart_may_hold_are_clipped_and_said(stranger: WireShopper) -> None:
    stranger.open("/combination?is=1.MOUSE_500").sees("the link has more pieces than the 99 that fit in one cart")
    stranger.press("add-combination")
    stranger.sees("Added 99 × Mouse to cart")
    stranger.press("add-combination")
    stranger.sees("Your cart has as many of these as it can hold.")
    stranger.sees_count(99)


def test_a_setup_is_taken_along_too_and_what_is_empty_or_gone_is_said(shopper: WireShopper) -> None:
    shopper.open("/take-along").sees("Nothing to take along")
    shopper.follow("").fill("LAPTOP").follow("setups").types("kept-setup-name", "Desk")
    shopper.press("keep-cart")
    (made,) = shopper.page.shown.keys("use-")
    shopper.go_to_cart().clear()
    assert link(shopper.follow(f"take-along?of={made}")) == "/combination?is=1.LAPTOP"
    shopper.follow(f"quote?of={made}").sees("Prices of")
    shopper.sees("₹25,000")
    shopper.follow("take-along?of=zzzzzz").sees("Nothing to take along")
    shopper.follow("quote?of=later").sees("Nothing to quote")


def test_a_quote_is_a_file_for_whoever_has_the_cookie(shopper: WireShopper, stranger: WireShopper) -> None:
    shopper.open().fill("LAPTOP")
    answer = httpx.get(f"{shopper.url}/quote.csv?of=cart", cookies=dict(shopper.cookies))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="quote.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert "LAPTOP,Laptop,1,25000.00,25000.00,INR" in answer.text
    assert httpx.get(f"{shopper.url}/quote.csv?of=zzzzzz", cookies=dict(shopper.cookies)).status_code == 404
    assert httpx.get(f"{shopper.url}/quote.csv").status_code == 404
    stranger.open()
    assert httpx.get(f"{shopper.url}/quote.csv", cookies=dict(stranger.cookies)).status_code == 404
