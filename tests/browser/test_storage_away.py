"""Redis goes and comes back: the shop goes on, says so, and saves everything by itself (more in tests/protocol)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from testbed.browser.shopper import Shopper
from testbed.servers import RedisServer, Store, redis_server

UNSAVED = "can't be saved at the moment"
WITHIN_MS = 5_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path, appendonly=True) as server:
        yield server


@pytest.fixture
def redis_store(server: RedisServer, start_store: Callable[..., Store]) -> Store:
    return start_store(KEEPCART_STORAGE__URL=server.url)


@pytest.fixture
def regular(redis_store: Store, new_shopper: Callable[..., Shopper]) -> Shopper:
    """Give a shopper with a laptop in the cart, in the shop."""
    return new_shopper(redis_store).fill_unseen("LAPTOP").open()


def test_while_redis_is_away_the_shop_goes_on_and_afterwards_saves_everything(
    regular: Shopper, redis_store: Store, server: RedisServer
) -> None:
    server.stop()
    for count, sku in enumerate(("MOUSE", "MOUSE", "KEYBOARD"), 2):
        regular.add(sku)
        expect(regular.cart_link).to_have_text(f"Cart ({count})", timeout=WITHIN_MS)
        expect(regular.page.get_by_text(UNSAVED)).to_be_visible(timeout=WITHIN_MS)
        regular.sees("Not saved yet, we keep trying")
    newcomer = regular.another_tab()
    newcomer.page.goto(newcomer.url)
    expect(newcomer.cart_link).to_have_text("Cart (4)", timeout=WITHIN_MS)  # what waits is the visitor's, not the tab's
    expect(newcomer.page.get_by_text(UNSAVED)).to_be_visible(timeout=WITHIN_MS)
    assert redis_store.answers("/healthz")
    assert not redis_store.answers("/readyz")

    server.start()
    for tab in (regular, newcomer):  # without a click
        expect(tab.page.get_by_text(UNSAVED)).to_have_count(0)
    regular.sees("Saved again")
    newcomer.sees_count(4)
    regular.add("MONITOR")
    regular.sees_count(5)
    redis_store.restart()
    assert regular.kept_lines() == {"LAPTOP": 1, "MOUSE": 2, "KEYBOARD": 1, "MONITOR": 1}
