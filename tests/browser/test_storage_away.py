"""Redis refuses, hangs or holds what this release cannot read: the shop goes on, says so, and loses nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from playwright.sync_api import expect

from keepcart.middleware import visitor_key
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
    shopper = new_shopper(redis_store).open()
    shopper.fill("LAPTOP")
    return shopper


@pytest.mark.parametrize(("goes", "returns"), [("stop", "start"), ("suspend", "resume")])
def test_while_redis_is_away_the_shop_goes_on_and_afterwards_saves_everything(
    regular: Shopper, redis_store: Store, server: RedisServer, goes: str, returns: str
) -> None:
    getattr(server, goes)()
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

    getattr(server, returns)()
    for tab in (regular, newcomer):  # without a click
        expect(tab.page.get_by_text(UNSAVED)).to_have_count(0)
    regular.sees("Saved again")
    newcomer.sees_count(4)
    regular.add("MONITOR")
    regular.sees_count(5)
    redis_store.restart()
    newcomer.page.goto(regular.url + "/cart")
    newcomer.settled().sees_lines({"LAPTOP": 1, "MOUSE": 2, "KEYBOARD": 1, "MONITOR": 1})


@pytest.mark.parametrize("goes", ["stop", "suspend"])
def test_a_page_loaded_while_redis_is_away_works(
    redis_store: Store, server: RedisServer, new_shopper: Callable[..., Shopper], goes: str
) -> None:
    getattr(server, goes)()
    shopper = new_shopper(redis_store)
    shopper.page.goto(shopper.url)
    expect(shopper.page.get_by_text(UNSAVED)).to_be_visible(timeout=WITHIN_MS)
    shopper.add("MOUSE")
    expect(shopper.cart_link).to_have_text("Cart (1)", timeout=WITHIN_MS)
    shopper.go_to_cart()
    shopper.sees_lines({"MOUSE": 1})
    shopper.page.reload()
    expect(shopper.cart_link).to_be_visible(timeout=WITHIN_MS)
    shopper.shows_no_error()


def key_of(shopper: Shopper) -> str:
    """Return the key under which Redis keeps her cart."""
    (cookie,) = [cookie for cookie in shopper.page.context.cookies() if cookie["name"] == "keepcart"]
    return f"keepcart:{{{visitor_key(cookie.get('value', ''))}}}:cart"


@pytest.mark.parametrize(
    "garbage", [b"\xff\x00 no record", b"", b"AbcDef00001 AbcDef00001\n{not json", b"AbcDef00001 AbcDef00001\n[1]"]
)
def test_a_cart_that_cannot_be_read_is_kept_aside_and_the_shop_works(
    regular: Shopper, redis_store: Store, server: RedisServer, garbage: bytes
) -> None:
    key = key_of(regular)
    with redis.Redis.from_url(server.url) as client:
        client.set(key, garbage, ex=1000)
        regular.reload().sees_count(0)
        regular.shows_no_error()
        regular.fill("MOUSE")
        regular.reload().sees_count(1)
        assert client.get(f"{key}.corrupt") == garbage
        assert client.ttl(f"{key}.corrupt") > 0
    events = [json.loads(line) for line in redis_store.output.splitlines()]
    assert [event["event"] for event in events if event["level"] == "error"] == ["corrupt document kept aside"]


def test_a_cart_of_a_newer_release_is_neither_shown_nor_changed(regular: Shopper, server: RedisServer) -> None:
    key, stored = key_of(regular), b'AbcDef00001 AbcDef00001\n[99,{"new":true}]'
    regular.go_to_cart()
    with redis.Redis.from_url(server.url) as client:
        client.set(key, stored, ex=1000)
        regular.reload().sees("can't be shown or changed for a moment")
        regular.page.get_by_role("link", name="Keepcart").click()
        regular.add("MOUSE")
        regular.sees("can't be changed for a moment")
        regular.add("LAPTOP")
        regular.settled()
        regular.shows_no_error()
        assert client.get(key) == stored
        assert not client.exists(f"{key}.corrupt")
