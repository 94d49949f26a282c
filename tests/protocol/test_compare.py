"""Combinations side by side, in the address and in words."""

from __future__ import annotations

import re

import pytest

from testbed.wire.shopper import WireShopper


@pytest.fixture
def made(shopper: WireShopper) -> list[str]:
    """Give a shopper three setups, and another cart; return the ids of the setups."""
    shopper.open().fill("LAPTOP", "MOUSE").follow("setups")
    for name, sku in (("One", "DESK-OAK"), ("Two", "MONITOR"), ("Three", "KEYBOARD")):
        shopper.types("kept-setup-name", name)
        shopper.press("keep-cart")
        shopper.follow("").add(sku)
        shopper.follow("setups")
    return shopper.page.shown.keys("use-")


def columns(shopper: WireShopper) -> list[str]:
    """Return the names of what is compared."""
    (body,) = [part.content.body for part in shopper.page.shown.parts if "side-by-side" in str(part.content)]
    head = body[: body.index("</thead>")]
    return re.findall(r'data-page="(?:cart|setups)">([^<]+)</a>', head)


def test_the_address_says_what_is_compared_and_without_one_it_is_all_up_to_four(
    shopper: WireShopper, made: list[str]
) -> None:
    one, two, three = made
    assert columns(shopper.follow("compare")) == ["Cart", "One", "Two", "Three"]
    assert columns(shopper.follow(f"compare?of={three},cart")) == ["Three", "Cart"]
    assert columns(shopper.reload()) == ["Three", "Cart"]
    assert columns(shopper.follow(f"compare?of={one},{two},{one},{two}")) == ["One", "Two"]


def test_what_differs_is_said_in_words_and_in_money(shopper: WireShopper, made: list[str]) -> None:
    one, two, _ = made
    shopper.follow(f"setups?of={two}").set_number(f"quantity-{two}-MOUSE", 3)
    shopper.press(f"remove-{two}-LAPTOP")
    shopper.follow(f"compare?of={one},{two}")
    for words in ("left out", "added", "2 more", "₹5,402 less", "Compared with One"):
        shopper.sees(words)
    shopper.sees(re.compile(r"What differs.*Laptop.*Mouse.*Oak writing desk.*Where the money goes", re.DOTALL))
    shopper.lacks("In all of them alike")


def test_alike_combinations_are_said_to_be_alike(shopper: WireShopper, made: list[str]) -> None:
    shopper.follow("setups").press(f"copy-{made[0]}")
    copied = shopper.page.address.removeprefix("setups?of=")
    shopper.follow(f"compare?of={made[0]},{copied}").sees("Nothing differs: they are alike.")
    shopper.sees("In all of them alike")
    shopper.sees("the same")


def test_a_setup_that_is_gone_is_said_to_be_and_the_others_are_compared(shopper: WireShopper, made: list[str]) -> None:
    shopper.follow("setups").press(f"delete-{made[1]}")
    shopper.follow(f"compare?of=cart,{made[1]},{made[0]}").sees("One of these setups is not there any more.")
    assert columns(shopper) == ["Cart", "One"]
    shopper.follow(f"compare?of={made[1]}").sees("Choose two to four to compare.")
    shopper.follow("compare?of=%00<script>,,'").sees("Choose two to four to compare.")
    shopper.shows_no_error()


def test_who_has_nothing_to_compare_is_told_how_to(shopper: WireShopper) -> None:
    shopper.open("/compare").sees("Nothing to compare yet")
    shopper.follow("").fill("LAPTOP").follow("compare").sees("Nothing to compare yet")
