"""Setups: kept under a name, changed, used as the cart; and none of it is lost on the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from testbed.servers import Store
from testbed.shopkeeper import CATALOGUE, Shopkeeper, with_price, without
from testbed.wire.shopper import WireShopper, restart_under


def setups(shopper: WireShopper) -> list[str]:
    """Return the ids of the setups in the list that is shown."""
    return shopper.page.shown.keys("use-")


def keep(shopper: WireShopper, name: str, button: str = "keep-cart") -> str:
    """Keep the cart as a setup, on the page of setups; return its id."""
    shopper.types("kept-setup-name", name)
    shopper.press(button)
    (made,) = [one for one in setups(shopper) if shopper.text(f"setup-{one}").startswith(name)]
    return made


def quantities(shopper: WireShopper) -> dict[str, int]:
    """Return the quantities that the page of a setup shows, by SKU."""
    return {
        key.partition("-")[2]: int(shopper.value(f"quantity-{key}")) for key in shopper.page.shown.keys("quantity-")
    }


@pytest.fixture
def with_setup(shopper: WireShopper) -> tuple[WireShopper, str]:
    """Give a shopper with a laptop and a mouse in the cart and in the setup "Standing desk", and its id."""
    shopper.open().fill("LAPTOP", "MOUSE").follow("setups")
    return shopper, keep(shopper, "Standing desk")


def test_the_cart_is_kept_as_a_setup_and_both_go_their_ways(with_setup: tuple[WireShopper, str]) -> None:
    shopper, made = with_setup
    shopper.sees("Kept as “Standing desk”")
    shopper.sees("2 pieces · ₹25,349", f"setup-{made}")
    shopper.go_to_cart().remove("LAPTOP")
    shopper.follow(f"setups?of={made}").set_number(f"quantity-{made}-MOUSE", 3)
    shopper.sees("Mouse: 3 in “Standing desk”")
    shopper.reload()
    assert quantities(shopper) == {"LAPTOP": 1, "MOUSE": 3}
    shopper.go_to_cart().sees_lines({"MOUSE": 1})


def test_a_name_that_is_half_typed_is_there_after_a_reload_and_none_is_no_name(shopper: WireShopper) -> None:
    shopper.open().fill("LAPTOP").follow("setups").types("kept-setup-name", "Standing d")
    assert shopper.reload().value("kept-setup-name") == "Standing d"
    shopper.types("kept-setup-name", "  ")
    shopper.press("keep-cart")
    shopper.sees("A setup needs a name.")
    assert setups(shopper) == []


def test_a_setup_begins_with_nothing_and_is_filled_from_a_products_page(shopper: WireShopper) -> None:
    shopper.open("/product?sku=LAPTOP")
    assert shopper.page.shown.keys("into-") == []
    made = keep(shopper.follow("setups"), "Dream", "keep-empty")
    shopper.follow("product?sku=MOUSE").set_number("pieces-MOUSE", 4)
    shopper.press(f"into-{made}")
    shopper.sees("Added 4 × Mouse to “Dream”")
    shopper.sees_count(0)
    shopper.follow(f"setups?of={made}")
    assert quantities(shopper) == {"MOUSE": 4}


def test_a_setup_is_renamed_copied_and_deleted_and_comes_back(with_setup: tuple[WireShopper, str]) -> None:
    shopper, made = with_setup
    shopper.follow(f"setups?of={made}").types(f"name-{made}", " Standing\tdesk, oak ")
    shopper.sees("Renamed to “Standing desk, oak”")
    shopper.types(f"name-{made}", " ")
    shopper.sees("A setup needs a name.")
    shopper.press(f"copy-{made}")
    shopper.sees("Standing desk, oak 2")
    assert shopper.page.address.startswith("setups?of=")
    assert quantities(shopper) == {"LAPTOP": 1, "MOUSE": 1}
    copied = shopper.page.address.removeprefix("setups?of=")
    assert copied != made
    shopper.press(f"delete-{copied}")
    assert (shopper.page.address, setups(shopper)) == ("setups", [made])
    shopper.sees("Undo: deleted “Standing desk, oak 2”", "undo")
    (undo,) = shopper.page.shown.keys("undo-")
    shopper.press(f"undo-{undo}")
    shopper.sees("“Standing desk, oak 2” is there again")
    assert setups(shopper) == [made, copied]


def test_a_setup_becomes_the_cart_and_what_was_in_it_is_kept_and_it_can_be_undone(
    with_setup: tuple[WireShopper, str],
) -> None:
    shopper, made = with_setup
    shopper.follow("").add("KEYBOARD")
    shopper.follow("setups").press(f"use-{made}")
    shopper.sees("“Standing desk” is your cart now. What was in it is kept as “Cart of")
    shopper.sees_count(2)
    before = next(key for key in setups(shopper) if key != made)
    shopper.follow(f"setups?of={before}")
    assert quantities(shopper) == {"LAPTOP": 1, "MOUSE": 1, "KEYBOARD": 1}
    shopper.follow("setups")
    (undo,) = shopper.page.shown.keys("undo-")
    shopper.press(f"undo-{undo}")
    assert setups(shopper) == [made]
    shopper.go_to_cart().sees_lines({"LAPTOP": 1, "MOUSE": 1, "KEYBOARD": 1})


def test_what_is_removed_in_a_setup_comes_back_there_and_the_carts_undo_is_not_offered(
    with_setup: tuple[WireShopper, str],
) -> None:
    shopper, made = with_setup
    shopper.go_to_cart().remove("MOUSE")
    shopper.follow(f"setups?of={made}")
    assert shopper.page.shown.keys("undo-") == []
    shopper.press(f"remove-{made}-LAPTOP")
    assert quantities(shopper) == {"MOUSE": 1}
    (undo,) = shopper.page.shown.keys("undo-")
    shopper.press(f"undo-{undo}")
    shopper.sees("Laptop is back in “Standing desk”")
    assert quantities(shopper) == {"LAPTOP": 1, "MOUSE": 1}
    shopper.go_to_cart().sees_lines({"LAPTOP": 1})


def test_a_setup_may_have_more_pieces_than_there_are_and_the_cart_gets_what_there_is(
    start_store: Callable[..., Store], new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = new_shopper(start_store()).open()
    short = next(
        sku for sku in shopper.page.shown.keys("add-") if "Only " in shopper.follow(f"product?sku={sku}").text("about")
    )
    made = keep(shopper.follow("setups"), "Many", "keep-empty")
    shopper.follow(f"product?sku={short}").press(f"into-{made}")
    shopper.follow(f"setups?of={made}").set_number(f"quantity-{made}-{short}", 99)
    assert quantities(shopper) == {short: 99}
    shopper.press(f"use-{made}")
    shopper.sees("so your cart has", "news")
    assert shopper.go_to_cart().lines()[short] < 99


def test_setups_are_there_after_a_killed_store_and_the_first_click_counts(
    mortal_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = new_shopper(mortal_store).open().fill("LAPTOP", "MOUSE").follow("setups")
    made = keep(shopper, "Standing desk")
    shopper.follow("").add("KEYBOARD")
    shopper.follow("setups")
    restart_under(mortal_store, shopper)
    shopper.press(f"use-{made}")
    shopper.sees_count(2)
    assert len(setups(shopper)) == 2
    shopper.follow(f"setups?of={made}")
    restart_under(mortal_store, shopper)
    shopper.press(f"remove-{made}-LAPTOP")
    assert quantities(shopper) == {"MOUSE": 1}
    restart_under(mortal_store, shopper)
    shopper.press(f"delete-{made}")
    assert made not in setups(shopper)


def test_two_tabs_at_once_keep_both_acts_and_each_is_told_of_the_other(with_setup: tuple[WireShopper, str]) -> None:
    shopper, made = with_setup
    other = shopper.another_tab().open("/setups")
    two = keep(other, "Sitting desk")
    three = keep(shopper, "Balcony")
    shopper.sees("Your setups were changed in another tab")
    assert setups(shopper) == [made, two, three]
    other.press(f"delete-{made}")
    shopper.press(f"use-{made}")
    shopper.sees("This setup is not there any more.")
    assert setups(shopper) == setups(other) == [two, three]


def test_a_setup_that_another_tab_has_deleted_is_said_to_be_gone(with_setup: tuple[WireShopper, str]) -> None:
    shopper, made = with_setup
    behind = shopper.another_tab().open("/product?sku=MONITOR")
    shopper.press(f"delete-{made}")
    behind.press(f"into-{made}")
    behind.sees("This setup is not there any more.")
    behind.follow(f"setups?of={made}").sees("Setup not found")
    behind.shows_no_error()


def test_there_are_twelve_setups_and_the_next_one_is_refused_before_anything_moves(shopper: WireShopper) -> None:
    shopper.open().fill("LAPTOP").follow("setups")
    for number in range(12):
        keep(shopper, f"Setup {number:02}", "keep-empty")
    shopper.types("kept-setup-name", "One more")
    shopper.press("keep-cart")
    shopper.sees("You have 12 setups, and no more fit. Delete one of them first.")
    assert len(setups(shopper)) == 12
    assert shopper.value("kept-setup-name") == "One more"


def test_no_name_of_a_setup_is_in_storage_as_it_was_typed(
    start_store: Callable[..., Store], new_shopper: Callable[[Store], WireShopper]
) -> None:
    store = start_store()
    shopper = new_shopper(store).open().fill("LAPTOP").follow("setups")
    made = keep(shopper, "Zebrawood")
    shopper.press(f"copy-{made}", f"delete-{made}")
    shopper.follow("setups").types("kept-setup-name", "Zebrawood again")
    with closing(sqlite3.connect(store.folder / "keepcart.db")) as database:
        records = [record for (record,) in database.execute("SELECT record FROM documents")]
    assert len(records) == 2
    for file in (*map(bytes, records), *(path.read_bytes() for path in store.folder.glob("keepcart.db*"))):
        assert b"Zebrawood" not in file


def test_privacy_says_what_is_in_setups_and_forgetting_deletes_them(with_setup: tuple[WireShopper, str]) -> None:
    shopper, _ = with_setup
    shopper.go_to_cart().press("move-MOUSE")
    shopper.follow("privacy").sees("Your setups")
    shopper.sees("Standing desk: 1 × Laptop, 1 × Mouse")
    shopper.sees("Saved for later")
    shopper.press("forget-me")
    shopper.press("forget-me-yes")
    shopper.lacks("Standing desk")
    shopper.open("/setups").sees("No setups yet")


def test_a_setup_tells_what_changed_in_price_since_and_what_is_no_longer_sold(
    keeper_and_store: Shopkeeper, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = new_shopper(keeper_and_store.store).open().fill("LAPTOP", "MOUSE").follow("setups")
    made = keep(shopper, "Standing desk")
    keeper_and_store.writes(with_price("MOUSE", "449"))
    shopper.reload().sees("₹100 more than when you put it together", f"setup-{made}")
    keeper_and_store.writes(without("LAPTOP"))
    shopper.follow(f"setups?of={made}").sees("No longer sold; not part of the total")
    shopper.shows_no_error()
    keeper_and_store.writes(CATALOGUE)
