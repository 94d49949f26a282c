"""Redis refuses, hangs or holds what this release cannot read: the shop goes on, says so, and loses nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
import redis

from keepcart.middleware import visitor_key
from testbed.servers import RedisServer, Store, redis_server, running_store
from testbed.waiting import until
from testbed.wire.shopper import WireShopper

UNSAVED = "can't be saved at the moment"


@pytest.fixture(scope="module")
def redis_and_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RedisServer, Store]]:
    with (
        redis_server(tmp_path_factory.mktemp("redis"), appendonly=True) as server,
        running_store(tmp_path_factory.mktemp("store"), {"KEEPCART_STORAGE__URL": server.url}) as store,
    ):
        yield server, store


@pytest.fixture
def server(redis_and_store: tuple[RedisServer, Store]) -> RedisServer:
    return redis_and_store[0]


@pytest.fixture
def store(redis_and_store: tuple[RedisServer, Store]) -> Store:
    return redis_and_store[1]


@pytest.fixture
def regular(store: Store, new_shopper: Callable[[Store], WireShopper]) -> WireShopper:
    """Give a shopper with a laptop in the cart, in the shop."""
    return new_shopper(store).open().fill("LAPTOP")


def is_back(store: Store) -> None:
    until(lambda: store.answers("/readyz"))


def says_saved(shopper: WireShopper) -> bool:
    """Tell whether the page, drawn anew, says that everything is saved."""
    shopper.page.rerun()
    return UNSAVED not in shopper.text()


@pytest.mark.parametrize(("goes", "returns"), [("stop", "start"), ("suspend", "resume")])
def test_while_redis_is_away_the_shop_goes_on_and_afterwards_saves_everything(
    regular: WireShopper, store: Store, server: RedisServer, goes: str, returns: str
) -> None:
    getattr(server, goes)()
    for count, sku in enumerate(("MOUSE", "MOUSE", "KEYBOARD"), 2):
        regular.add(sku)
        regular.sees_count(count)
        regular.sees(UNSAVED)
        regular.sees("Not saved yet, we keep trying", "header")
        assert regular.text().lower().count("not saved yet") == 1
    newcomer = regular.another_tab().open()
    newcomer.sees_count(4)  # what waits is the visitor's, not the tab's
    newcomer.sees(UNSAVED)
    assert store.answers("/healthz")
    assert not store.answers("/readyz")

    getattr(server, returns)()
    is_back(store)
    until(lambda: says_saved(regular))  # the page asks until it is, too
    regular.sees("Saved again", "header")
    newcomer.page.rerun()
    newcomer.lacks(UNSAVED)
    newcomer.sees_count(4)
    regular.fill("MONITOR")
    store.restart()
    newcomer.open("/cart").sees_lines({"LAPTOP": 1, "MOUSE": 2, "KEYBOARD": 1, "MONITOR": 1})


@pytest.mark.parametrize(("goes", "returns"), [("stop", "start"), ("suspend", "resume")])
def test_a_page_loaded_while_redis_is_away_works(
    store: Store, server: RedisServer, new_shopper: Callable[[Store], WireShopper], goes: str, returns: str
) -> None:
    getattr(server, goes)()
    shopper = new_shopper(store).open()
    shopper.sees(UNSAVED)
    shopper.add("MOUSE")
    shopper.sees_count(1)
    shopper.go_to_cart().sees_lines({"MOUSE": 1})
    shopper.reload().sees_lines({"MOUSE": 1})
    shopper.shows_no_error()
    getattr(server, returns)()
    is_back(store)
    shopper.reload().sees_lines({"MOUSE": 1})
    shopper.lacks(UNSAVED)


def key_of(shopper: WireShopper) -> str:
    """Return the key under which Redis keeps her cart."""
    return f"keepcart:{{{visitor_key(shopper.cookies['keepcart'])}}}:cart"


@pytest.mark.parametrize(
    "garbage", [b"\xff\x00 no record", b"", b"AbcDef00001 AbcDef00001\n{not json", b"AbcDef00001 AbcDef00001\n[1]"]
)
def test_a_cart_that_cannot_be_read_is_kept_aside_and_the_shop_works(
    regular: WireShopper, store: Store, server: RedisServer, garbage: bytes
) -> None:
    key, before = key_of(regular), len(errors(store))
    with redis.Redis.from_url(server.url) as client:
        client.set(key, garbage, ex=1000)
        regular.reload().sees_count(0)
        regular.shows_no_error()
        regular.fill("MOUSE")
        regular.reload().sees_count(1)
        assert client.get(f"{key}.corrupt") == garbage
        assert client.ttl(f"{key}.corrupt") > 0
    assert errors(store)[before:] == ["corrupt document kept aside"]


def errors(store: Store) -> list[str]:
    """Return the errors that the store has logged."""
    events = [json.loads(line) for line in store.output.splitlines()]
    return [event["event"] for event in events if event["level"] == "error"]


def test_a_cart_of_a_newer_release_is_neither_shown_nor_changed(regular: WireShopper, server: RedisServer) -> None:
    key, stored = key_of(regular), b'AbcDef00001 AbcDef00001\n[99,{"new":true}]'
    regular.go_to_cart()
    with redis.Redis.from_url(server.url) as client:
        client.set(key, stored, ex=1000)
        regular.reload().sees("can't be shown or changed for a moment")
        regular.follow("").add("MOUSE")
        regular.sees("can't be changed for a moment")
        regular.add("LAPTOP")
        regular.shows_no_error()
        assert client.get(key) == stored
        assert not client.exists(f"{key}.corrupt")


def test_an_add_after_what_waited_was_saved_takes_the_warning_off_the_page(
    server: RedisServer, store: Store, regular: WireShopper
) -> None:
    """The page has not been drawn since: nobody has told it that storage is back."""
    server.stop()
    regular.add("MOUSE")
    regular.sees(UNSAVED)
    server.start()
    is_back(store)
    other = regular.another_tab().open()
    until(lambda: says_saved(other))
    regular.add("MOUSE")
    regular.lacks(UNSAVED)
    regular.sees_count(3)
