"""Whatever the browser does, the cart is there again: complete, in the first script run, never seen empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from testbed.browser.shopper import CONNECTED, Shopper
from testbed.servers import Balancer, Store, redis_server

LINES = {"LAPTOP": 2, "MOUSE": 1}


@pytest.fixture
def regular(shopper: Shopper) -> Shopper:
    """Give a shopper with two laptops and a mouse in the cart, in the shop."""
    return shopper.fill_unseen("LAPTOP", "MOUSE", "LAPTOP").open()


def had_everything_at_once(shopper: Shopper) -> None:
    """Assert that the load took one run, that this run told of the cart, and that nothing else was ever shown."""
    shopper.sees_count(3)
    shopper.page.wait_for_timeout(700)  # a second run would come by itself
    assert shopper.witness.runs() == 1
    told = shopper.witness.first_run()
    assert b"Cart (3)" in told
    assert b"Cart (0)" not in told
    assert b"Your cart is empty" not in told
    assert shopper.witness.counts() == [3]
    assert not shopper.witness.saw_an_empty_cart()


def has_every_line(shopper: Shopper) -> None:
    """Assert the same of an open cart page, whose lines are the cart's."""
    had_everything_at_once(shopper)
    told = shopper.witness.first_run()
    assert all(f"quantity-{sku}".encode() in told for sku in LINES)
    shopper.sees_lines(LINES)


def test_a_first_visit_is_one_run(shopper: Shopper) -> None:
    shopper.open().page.wait_for_timeout(700)
    assert shopper.witness.runs() == 1
    other = shopper.another_tab().open("/cart")
    other.page.wait_for_timeout(700)
    assert other.witness.runs() == 1


def test_the_cart_survives_a_refresh(regular: Shopper) -> None:
    had_everything_at_once(regular.reload())
    regular.go_to_cart()
    has_every_line(regular.reload())


def test_the_cart_survives_a_hard_reload(regular: Shopper) -> None:
    regular.go_to_cart()
    devtools = regular.page.context.new_cdp_session(regular.page)
    with regular.page.expect_navigation():
        devtools.send("Page.reload", {"ignoreCache": True})
    has_every_line(regular.settled())


def test_the_cart_survives_a_closed_tab(regular: Shopper) -> None:
    context = regular.page.context
    regular.page.close()
    has_every_line(Shopper(context.new_page(), regular.url).open("/cart"))


def test_the_cart_is_in_a_second_tab(regular: Shopper) -> None:
    has_every_line(regular.another_tab().open("/cart"))
    had_everything_at_once(regular.another_tab().open())


def test_the_cart_survives_a_closed_browser(
    playwright: Playwright, launch_options: dict[str, Any], shared_store: Store, tmp_path: Path
) -> None:
    with playwright.chromium.launch_persistent_context(tmp_path, **launch_options) as browser:
        Shopper(browser.new_page(), shared_store.url).open().fill("LAPTOP", "MOUSE", "LAPTOP")
    with playwright.chromium.launch_persistent_context(tmp_path, **launch_options) as browser:
        has_every_line(Shopper(browser.new_page(), shared_store.url).open("/cart"))


def test_the_cart_survives_back_and_forward_between_pages(regular: Shopper) -> None:
    regular.go_to_cart()
    regular.sees_lines(LINES)
    regular.page.go_back()
    expect(regular.button("add-MOUSE")).to_be_visible()
    regular.sees_count(3)
    regular.page.go_forward()
    regular.sees_lines(LINES)
    assert set(regular.witness.counts()) <= {0, 1, 2, 3}
    assert not regular.witness.saw_an_empty_cart()


def test_after_back_the_link_counts_what_the_cart_page_has_changed(regular: Shopper) -> None:
    lines = {**LINES, "MOUSE": 5}
    regular.go_to_cart()
    regular.set_quantity("MOUSE", 5)
    regular.sees_count(sum(lines.values()))
    regular.page.go_back()
    expect(regular.button("add-MOUSE")).to_be_visible()
    regular.sees_count(sum(lines.values()))
    regular.page.go_forward()
    regular.sees_lines(lines)


def test_the_cart_survives_a_trip_to_another_site(regular: Shopper) -> None:
    regular.go_to_cart()
    regular.page.goto("about:blank")
    regular.page.go_back()
    regular.settled()
    has_every_line(regular)
    regular.page.goto("about:blank")
    regular.page.go_back()
    has_every_line(regular.settled())


@pytest.fixture
def balancer(shared_store: Store) -> Iterator[Balancer]:
    with Balancer(shared_store.port) as balancer:
        yield balancer


def test_the_cart_survives_a_dropped_connection(
    balancer: Balancer, shared_store: Store, new_shopper: Callable[..., Shopper]
) -> None:
    shopper = new_shopper(shared_store)
    shopper.url = balancer.url
    shopper.fill_unseen("LAPTOP", "MOUSE", "LAPTOP").open()
    connections = len(shopper.witness.connections)
    balancer.slam()
    reconnected(shopper, connections)
    shopper.sees_count(3)
    shopper.add("KEYBOARD")
    shopper.sees_count(4)
    shopper.go_to_cart()
    shopper.sees_lines({**LINES, "KEYBOARD": 1})


def reconnected(shopper: Shopper, connections: int) -> None:
    """Wait for the next connection after so many."""
    while len(shopper.witness.connections) == connections:
        shopper.page.wait_for_timeout(50)
    expect(shopper.page.locator(CONNECTED)).to_be_attached(timeout=30_000)


def test_the_next_click_after_a_rolling_change_to_another_replica_counts(
    start_store: Callable[..., Store], new_shopper: Callable[..., Shopper], tmp_path: Path
) -> None:
    with redis_server(tmp_path) as redis:
        replicas = [start_store(KEEPCART_STORAGE__URL=redis.url) for _ in range(2)]
        with Balancer(replicas[0].port) as balancer:
            shopper = new_shopper(replicas[0])
            shopper.url = balancer.url
            shopper.fill_unseen("LAPTOP", "MOUSE", "LAPTOP").open()
            connections = len(shopper.witness.connections)
            balancer.target = replicas[1].port
            replicas[0].stop()
            balancer.slam()
            reconnected(shopper, connections)
            shopper.add("KEYBOARD")
            shopper.sees_count(4)
            shopper.go_to_cart()
            shopper.sees_lines({**LINES, "KEYBOARD": 1})
            assert shopper.kept_lines() == {**LINES, "KEYBOARD": 1}
