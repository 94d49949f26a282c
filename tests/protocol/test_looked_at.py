"""What a shopper would miss besides the cart: the products looked at last, and the quick-add form half filled in."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import redis

from testbed.servers import RedisServer, Store, redis_server
from testbed.wire.shopper import WireShopper, restart_under

SQLITE, REDIS = "SQLite", "Redis"


def looks_at(shopper: WireShopper, *skus: str) -> None:
    for sku in skus:
        shopper.open(f"/product?sku={sku}")


def viewed(shopper: WireShopper) -> list[str]:
    strip = shopper.page.shown.html().partition('<div class="looked-at">')[2]
    return re.findall(r'<li><a href="product\?sku=([^"]+)"', strip)


def test_what_was_looked_at_last_is_shown_after_a_reload_and_in_another_tab_newest_first(shopper: WireShopper) -> None:
    looks_at(shopper, "LAPTOP", "MOUSE", "DESK-STAND", "LAPTOP")
    assert viewed(shopper) == ["DESK-STAND", "MOUSE"]
    for _ in range(2):
        assert viewed(shopper.open("/cart")) == ["LAPTOP", "DESK-STAND", "MOUSE"]
    shopper.another_tab().open("/cart").follow("product?sku=MOUSE")
    assert viewed(shopper.reload())[0] == "MOUSE"


def test_one_product_looked_at_is_shown_too_and_kept_together_with_the_next(
    start_store: Callable[..., Store], new_shopper: Callable[[Store], WireShopper]
) -> None:
    store = start_store()
    one, two = new_shopper(store), new_shopper(store)
    looks_at(one, "LAPTOP")
    assert viewed(one.open("/cart")) == ["LAPTOP"]
    looks_at(two, "LAPTOP", "MOUSE")
    store.restart()
    assert viewed(one.open("/cart")) == [], "the process alone knew it"
    assert viewed(two.open("/cart")) == ["MOUSE", "LAPTOP"]


@pytest.mark.parametrize("kind", [SQLITE, REDIS])
def test_visitors_who_look_at_one_product_leave_nothing_in_storage(
    kind: str, tmp_path: Path, start_store: Callable[..., Store]
) -> None:
    with ExitStack() as leaving:
        server = leaving.enter_context(redis_server(tmp_path)) if kind == REDIS else None
        store = start_store(**{"KEEPCART_STORAGE__URL": server.url} if server else {})
        for _ in range(10):
            bot = WireShopper(store.url)
            looks_at(bot, "LAPTOP", "LAPTOP")
            bot.follow("cart").follow("").close()
        assert stored(store, server) == 0
        curious = WireShopper(store.url)
        leaving.callback(curious.close)
        looks_at(curious, "LAPTOP", "MOUSE")
        assert stored(store, server) > 0, "this is where it would be found"


def stored(store: Store, server: RedisServer | None) -> int:
    """Return how many keys or rows storage has."""
    if server is not None:
        return int(redis.Redis(port=server.port).dbsize())
    with closing(sqlite3.connect(store.folder / "keepcart.db")) as database:
        return sum(line.startswith("INSERT") for line in database.iterdump())


def test_who_has_looked_at_nothing_sees_no_empty_strip(shopper: WireShopper) -> None:
    shopper.open("/cart").sees("Your cart is empty")
    assert "looked-at" not in shopper.page.shown.html()


def sees_form(shopper: WireShopper, product: str, quantity: int) -> None:
    assert (shopper.value("quick-add-product"), shopper.value("quick-add-quantity")) == (product, quantity)


def test_the_quick_add_form_half_filled_in_is_there_after_a_reload_a_page_switch_and_in_another_tab(
    shopper: WireShopper,
) -> None:
    shopper.open("/cart").fill_in("Keyboard", 3)
    sees_form(shopper.reload(), "Keyboard", 3)
    sees_form(shopper.follow("").go_to_cart(), "Keyboard", 3)
    other = shopper.another_tab().open("/cart")
    sees_form(other, "Keyboard", 3)
    other.press("quick-add")
    other.sees("Added 3 × Keyboard to cart")
    other.sees_lines({"KEYBOARD": 3})


def test_the_quick_add_form_survives_a_restart_under_the_open_page(
    mortal_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = new_shopper(mortal_store).open("/cart")
    shopper.fill_in("Mouse", 2)
    restart_under(mortal_store, shopper)
    shopper.fill_in("Monitor", 4)
    sees_form(shopper, "Monitor", 4)
    sees_form(shopper.reload(), "Monitor", 4)
    restart_under(mortal_store, shopper)
    shopper.press("quick-add")
    shopper.sees_lines({"MONITOR": 4})
