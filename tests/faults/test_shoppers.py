"""Shoppers in Chromium while Redis is away: they go on, see what is saved, and find everything afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from keepcart.backends import Storage
from keepcart.middleware import visitor_key
from testbed.browser.shopper import Shopper
from testbed.crowd import pieces
from testbed.fixtures import Tell
from testbed.servers import RedisServer, Store

pytestmark = pytest.mark.server

SOON_MS = 5_000
NOT_SAVED = "Not saved yet, we keep trying"


def owner_of(shopper: Shopper) -> str:
    """Return under which name storage has her cart."""
    (cookie,) = [cookie for cookie in shopper.page.context.cookies() if cookie.get("name") == "keepcart"]
    return visitor_key(cookie.get("value", ""))


def says_unsaved(shopper: Shopper) -> None:
    """Her page says in its header that something is not saved yet, and why, and nothing worse."""
    expect(shopper.page.locator(".st-key-header p").nth(2)).to_have_text(NOT_SAVED, timeout=SOON_MS)
    expect(shopper.page.get_by_text("can't be saved at the moment")).to_be_visible(timeout=SOON_MS)
    shopper.shows_no_error()


def until_saved_again(*shoppers: Shopper) -> float:
    """Return after how many seconds each page has said so by itself, and no longer warns."""
    started = time.monotonic()
    for shopper in shoppers:
        expect(shopper.page.locator(".st-key-header p").nth(2)).to_have_text("Saved again", timeout=SOON_MS)
    seconds = time.monotonic() - started
    for shopper in shoppers:
        expect(shopper.page.get_by_text("can't be saved at the moment")).to_have_count(0)
        shopper.shows_no_error()
    return seconds


def test_ten_seconds_of_a_hanging_redis_keep_nobody_from_shopping(
    redis_store: Store, server: RedisServer, kept: Storage, new_shopper: Callable[..., Shopper], tell: Tell
) -> None:
    shopper, stranger = new_shopper(redis_store).open(), new_shopper(redis_store).open()
    shopper.fill("LAPTOP")
    stranger.fill("MONITOR")

    server.suspend()
    over, mice, slowest = time.monotonic() + 10, 0, 0.0
    while time.monotonic() < over:
        mice += 1
        clicked = time.monotonic()
        shopper.add("MOUSE")
        shopper.sees_count(1 + mice)
        slowest = max(slowest, time.monotonic() - clicked)
        says_unsaved(shopper)
        stranger.reload().sees_count(1)
        stranger.shows_no_error()
    newcomer = new_shopper(redis_store).open()
    newcomer.fill("KEYBOARD")
    says_unsaved(newcomer)
    server.resume()
    seconds = until_saved_again(shopper, newcomer)

    redis_store.restart()
    for who, lines in (
        (shopper, {"LAPTOP": 1, "MOUSE": mice}),
        (stranger, {"MONITOR": 1}),
        (newcomer, {"KEYBOARD": 1}),
    ):
        assert pieces(kept, owner_of(who)) == lines
        who.open("/cart").sees_lines(lines)
        who.shows_no_error()
    tell(
        f"{mice + 1} adds while it hung, 0 lost, 0 doubled; the slowest showed after {slowest:.1f} s;"
        f" saved again after {seconds:.1f} s"
    )


@pytest.mark.parametrize("away_seconds", [8, pytest.param(60, marks=pytest.mark.long)])
def test_after_an_outage_of_redis_everything_that_was_done_meanwhile_is_there_once(
    away_seconds: int,
    redis_store: Store,
    server: RedisServer,
    kept: Storage,
    new_shopper: Callable[..., Shopper],
    tell: Tell,
) -> None:
    """One adds, removes, changes a quantity and reloads; one adds and closes the tab; one only looks."""
    shopper, leaver, stranger = (new_shopper(redis_store).open() for _ in range(3))
    shopper.fill("LAPTOP", "MOUSE", "MOUSE")
    leaver.fill("MONITOR")
    stranger.fill("HEADPHONES")

    server.stop()
    over = time.monotonic() + away_seconds
    leaver.add("KEYBOARD")
    leaver.sees_count(2)
    says_unsaved(leaver)
    leaver.page.close()

    shopper.add("KEYBOARD")
    shopper.sees_count(4)
    shopper.go_to_cart()
    shopper.sees_lines({"LAPTOP": 1, "MOUSE": 2, "KEYBOARD": 1})
    shopper.remove("MOUSE")
    shopper.sees_lines({"LAPTOP": 1, "KEYBOARD": 1})
    shopper.set_quantity("LAPTOP", 3)
    shopper.sees_count(4)
    shopper.reload().sees_lines({"LAPTOP": 3, "KEYBOARD": 1})
    says_unsaved(shopper)
    shopper.open()
    stands = 0
    while not stands or time.monotonic() < over:
        shopper.add("STAND-LAPTOP")
        stands += 1
        shopper.sees_count(4 + stands)
        shopper.reload().sees_count(4 + stands)
        says_unsaved(shopper)
        stranger.reload().sees_count(1)
        stranger.shows_no_error()
        shopper.page.wait_for_timeout(2_000)
    server.start()
    seconds = until_saved_again(shopper)

    redis_store.restart()
    leaver.page = leaver.page.context.new_page()
    for who, lines in (
        (shopper, {"LAPTOP": 3, "KEYBOARD": 1, "STAND-LAPTOP": stands}),
        (leaver, {"MONITOR": 1, "KEYBOARD": 1}),
        (stranger, {"HEADPHONES": 1}),
    ):
        assert pieces(kept, owner_of(who)) == lines
        who.open("/cart").sees_lines(lines)
        who.shows_no_error()
    tell(f"{stands + 4} acts and {stands + 1} reloads meanwhile, 0 lost, 0 doubled; saved again after {seconds:.1f} s")
