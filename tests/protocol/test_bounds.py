"""How much one visitor can make the shop keep, in storage and while storage is away."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.checkout import LONGEST
from app.process import MAX_KEPT_BYTES, most_stored
from app.settings import CartLimits, Settings
from keepcart.backends import Record
from testbed.servers import RedisServer, Store, redis_server, running_store
from testbed.wire.shopper import WireShopper

LINES = 24
LONG = "x" * 65_000
FULL = "That was not done: nothing can be saved at the moment, and no more changes can wait."


def stored(store: Store) -> dict[str, int]:
    """Return how many bytes the documents take that the store has, by name."""
    with closing(sqlite3.connect(store.folder / "keepcart.db")) as database:
        found = database.execute("SELECT name, record FROM documents").fetchall()
    return {name: len(Record.decode(record).body) for name, record in found}


def test_a_visitor_who_sends_all_that_the_shop_takes_stores_no_more_than_is_promised(
    start_store: Callable[..., Store], new_shopper: Callable[[Store], WireShopper]
) -> None:
    store = start_store(KEEPCART_CART__MAX_LINES=str(LINES))
    shopper = new_shopper(store).open("/")
    skus = [sku for sku in shopper.page.shown.keys("add-") if not shopper.page.shown.widget(f"add-{sku}").disabled]
    buttons = [f"add-{sku}" for sku in skus]
    shopper.press(*buttons)
    shopper.go_to_cart().press(*(f"move-{sku}" for sku in skus))
    shopper.follow("").press(*buttons)
    shopper.go_to_cart().sees_count(len(skus))
    shopper.follow("setups")
    for _ in range(5):  # what was deleted can be undone
        keep(shopper, "keep-cart")
        shopper.press(f"delete-{shopper.page.shown.keys('delete-')[-1]}")
    for button in ("keep-cart",) * 3 + ("keep-empty",) * 10:  # one more than there may be
        keep(shopper, button)
    for sku in skus:
        shopper.follow(f"product?sku={sku}")
    shopper.follow("cart").page.change("quick-add-product", string_value=LONG)
    shopper.page.change("quick-add-quantity", int_value=10)
    shopper.follow("kept")
    for _ in range(8):
        shopper.press("roll-3", "count-3", "load-3")
    for name in shopper.page.widgets:
        if "name" in name:
            shopper.page.change(name, string_value="\N{GRINNING FACE}" * 65_000)
    shopper.follow("checkout")
    for what in ("name", "email", "phone"):
        for length in (LONGEST[what], LONGEST[what] + 1):
            shopper.types(f"checkout-{what}", "\N{GRINNING FACE}" * length)
    sizes = stored(store)
    assert sizes["checkout"] > 3 * sum(LONGEST[what] for what in ("name", "email", "phone")), "what fits is kept"
    assert sizes["cart"] > 10 * len(skus) * len('["MOUSE",1,100,0],'), "all of it is there"
    assert 0 < sizes["kept"] <= MAX_KEPT_BYTES
    assert sum(sizes.values()) <= most_stored(Settings(cart=CartLimits(max_lines=LINES)))


def keep(shopper: WireShopper, button: str) -> None:
    """Keep a setup under a name of the largest letters."""
    shopper.types("kept-setup-name", "\N{COUCH AND LAMP}" * 40)
    shopper.press(button)


@pytest.fixture
def redis_and_store(tmp_path: Path) -> Iterator[tuple[RedisServer, Store]]:
    with (
        redis_server(tmp_path / "redis") as server,
        running_store(
            tmp_path / "store",
            {"KEEPCART_STORAGE__URL": server.url, "KEEPCART_STORAGE__MAX_WAITING_MEGABYTES": "0"},
        ) as store,
    ):
        yield server, store


def test_where_no_more_bytes_can_wait_the_shopper_is_told_and_the_pages_are_there(
    redis_and_store: tuple[RedisServer, Store], new_shopper: Callable[[Store], WireShopper]
) -> None:
    server, store = redis_and_store
    shopper = new_shopper(store).open().fill("LAPTOP")
    server.stop()
    shopper.add("MOUSE")
    shopper.sees_count(2)  # this one finds out that storage is away, and waits
    shopper.add("MOUSE")
    shopper.sees(FULL)
    shopper.sees_count(2)
    for address in ("product?sku=MOUSE", "product?sku=KEYBOARD", "product?sku=LAPTOP", "cart"):
        shopper.follow(address).shows_no_error()
    server.start()
    shopper.page.rerun()
    shopper.sees_lines({"LAPTOP": 1, "MOUSE": 1})
