"""The store itself is killed or told to end, with and without a database to save to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from keepcart.backends import Storage
from testbed.browser.shopper import Shopper
from testbed.crowd import crowd_in
from testbed.fixtures import Tell
from testbed.servers import RedisServer, Store

pytestmark = pytest.mark.server

SHOPPERS = 5
SOON_SECONDS = 10


@pytest.mark.parametrize("crowds", [1, pytest.param(50, marks=pytest.mark.long, id="100 restarts")])
@pytest.mark.parametrize("ends", ["kill", "stop"], ids=["kill -9", "SIGTERM"])
def test_a_store_that_ends_under_load_loses_no_answered_click(
    redis_store: Store, kept: Storage, ends: str, crowds: int, tell: Tell
) -> None:
    """Of a click that was not answered nobody knows; after the reload the page says whether it counts."""
    for _ in range(crowds):
        with crowd_in(redis_store, SHOPPERS) as crowd:
            for _ in range(2):
                crowd.go_on(8)
                started = time.monotonic()
                getattr(redis_store, ends)()
                seconds = time.monotonic() - started
                crowd.end()
                redis_store.start()
                crowd.reload()
                assert crowd.waiting == 0
                crowd.begin()
            crowd.go_on(3)
        assert crowd.lost_and_doubled(kept) == (0, 0)
        assert seconds < SOON_SECONDS
    tell(f"{crowd.in_figures()}; ended within {seconds:.1f} s")


def test_a_store_that_is_told_to_end_in_an_outage_saves_what_waits_if_redis_comes_back_in_time(
    redis_store: Store, server: RedisServer, kept: Storage, tell: Tell
) -> None:
    with crowd_in(redis_store, SHOPPERS) as crowd:
        crowd.go_on(3)
        server.suspend()
        crowd.go_on(5)
        crowd.end()
    coming_back = threading.Timer(1.5, server.resume)
    coming_back.start()
    started = time.monotonic()
    redis_store.stop()
    seconds = time.monotonic() - started
    coming_back.join()
    assert crowd.waiting > 0
    assert crowd.lost_and_doubled(kept) == (0, 0)
    assert lost(redis_store) == []
    assert seconds < SOON_SECONDS
    tell(f"{crowd.waiting} of {crowd.acts} adds waited, 0 lost, 0 doubled; ended within {seconds:.1f} s")


def test_a_store_that_is_told_to_end_in_an_outage_that_stays_says_how_much_is_lost_and_ends_soon(
    redis_store: Store, server: RedisServer, tell: Tell
) -> None:
    with crowd_in(redis_store, SHOPPERS) as crowd:
        crowd.go_on(3)
        server.kill()
        crowd.go_on(5)
        crowd.end()
    started = time.monotonic()
    redis_store.stop()
    seconds = time.monotonic() - started
    assert lost(redis_store) == [(SHOPPERS, crowd.waiting)]
    assert seconds < SOON_SECONDS
    tell(f"{crowd.waiting} waiting adds logged as lost; ended within {seconds:.1f} s")


def lost(store: Store) -> list[tuple[int, int]]:
    """Return the visitors and changes that the store has logged as lost."""
    events = [json.loads(line) for line in store.output.splitlines()]
    return [(event["visitors"], event["changes"]) for event in events if event["event"].startswith("changes lost")]


@pytest.mark.parametrize("waits_for_the_page", [True, False], ids=["after the page has said so", "at once"])
def test_a_store_killed_between_click_and_save_loses_only_what_it_had_called_unsaved(
    redis_store: Store, server: RedisServer, new_shopper: Callable[..., Shopper], *, waits_for_the_page: bool
) -> None:
    shopper, stranger = new_shopper(redis_store).open(), new_shopper(redis_store).open()
    shopper.fill("LAPTOP", "MOUSE")
    stranger.fill("MONITOR")
    server.suspend()
    shopper.add("KEYBOARD")
    if waits_for_the_page:
        expect(shopper.page.get_by_text("Not saved yet").first).to_be_visible()
        shopper.sees_count(3)
    else:
        expect(shopper.page.get_by_text("Added 1 × Keyboard")).to_have_count(0)
    redis_store.kill()
    server.resume()
    redis_store.start()
    shopper.open("/cart")
    assert shopper.count() in (2, 3), "the request may have reached Redis, and been carried out when it went on"
    shopper.sees_lines({"LAPTOP": 1, "MOUSE": 1, **({"KEYBOARD": 1} if shopper.count() == 3 else {})})
    shopper.shows_no_error()
    stranger.open("/cart").sees_lines({"MONITOR": 1})
    stranger.shows_no_error()
