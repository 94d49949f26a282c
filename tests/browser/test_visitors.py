"""Who a browser is: from its very first moment, in all its tabs, and never anybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event

import pytest
from playwright.sync_api import expect

from testbed.browser.shopper import Shopper
from testbed.servers import Door, Store


def test_an_add_at_once_on_the_first_visit_and_a_reload_at_once_keep_the_line(shopper: Shopper) -> None:
    shopper.page.goto(shopper.url, wait_until="commit")
    shopper.add("LAPTOP")
    shopper.page.reload(wait_until="commit")
    shopper.settled().sees_count(1)
    shopper.go_to_cart()
    shopper.sees_lines({"LAPTOP": 1})


@dataclass
class TwoTabs:
    """Two tabs that a stranger has opened at once: both requests came without a cookie, both answers wait."""

    first: Shopper
    second: Shopper
    first_answer: Event
    second_answer: Event

    def add_and_reload(self) -> None:
        """Both add, the first unless it has; afterwards both tabs must see both pieces."""
        if self.first.count() == 0:
            self.first.fill("LAPTOP")
        self.second.add("MOUSE")
        expect(self.second.page.get_by_text("Added 1 × Mouse to cart")).to_be_visible()
        for tab in (self.first, self.second):
            tab.reload().sees_count(2)
            tab.go_to_cart()
            tab.sees_lines({"LAPTOP": 1, "MOUSE": 1})


@pytest.fixture
def tabs(shared_store: Store, new_shopper: Callable[..., Shopper]) -> Iterator[TwoTabs]:
    with Door(shared_store.port) as door:
        first = new_shopper(shared_store)
        first.url = door.url
        tabs = TwoTabs(first, first.another_tab(), door.hold("/?tab=1"), door.hold("/?tab=2"))
        for number, tab in enumerate((tabs.first, tabs.second), 1):
            tab.page.evaluate("url => { setTimeout(() => { location.href = url }) }", f"{door.url}/?tab={number}")
        while door.held < 2:
            first.page.wait_for_timeout(20)
        yield tabs


def test_two_tabs_that_a_newcomer_opens_at_once_share_one_cart(tabs: TwoTabs) -> None:
    tabs.first_answer.set()
    tabs.second_answer.set()
    tabs.first.settled()
    tabs.second.settled()
    tabs.add_and_reload()


@pytest.mark.parametrize("late_ms", [300, 1500])
def test_a_newcomers_second_tab_whose_page_comes_late_shares_the_cart_of_the_first(tabs: TwoTabs, late_ms: int) -> None:
    tabs.first_answer.set()
    tabs.first.page.wait_for_timeout(late_ms)
    tabs.second_answer.set()
    tabs.first.settled()
    tabs.second.settled()
    tabs.add_and_reload()


def test_a_newcomers_second_tab_whose_page_comes_after_the_first_added_shares_its_cart(tabs: TwoTabs) -> None:
    tabs.first_answer.set()
    tabs.first.settled().fill("LAPTOP")
    tabs.second_answer.set()
    tabs.second.settled()
    tabs.add_and_reload()


def test_a_newcomers_second_tab_whose_page_comes_after_the_first_was_reloaded_shares_its_cart(tabs: TwoTabs) -> None:
    tabs.first_answer.set()
    tabs.first.settled().fill("LAPTOP")
    tabs.first.reload().sees_count(1)
    tabs.second_answer.set()
    tabs.second.settled()
    tabs.add_and_reload()


def test_two_browsers_never_see_each_others_cart(shared_store: Store, new_shopper: Callable[..., Shopper]) -> None:
    one, other = new_shopper(shared_store).open(), new_shopper(shared_store).open()
    one.fill("LAPTOP", "LAPTOP")
    other.fill("MOUSE")
    for _ in range(2):
        one.reload().sees_count(2)
        other.reload().sees_count(1)
    one.go_to_cart()
    other.go_to_cart()
    one.sees_lines({"LAPTOP": 2})
    other.sees_lines({"MOUSE": 1})


@pytest.mark.parametrize(
    "value",
    ["", "x", "../../etc/passwd", "A" * 42, "A" * 44, "A" * 3000, "%00" * 14 + "A", "A" * 43],
    ids=["empty", "short", "a path", "42", "44", "3000", "escapes", "unknown"],
)
def test_a_cookie_that_is_no_known_id_gets_an_empty_cart_and_a_working_shop(shopper: Shopper, value: str) -> None:
    shopper.page.context.add_cookies([{"name": "keepcart", "value": value, "url": shopper.url}])
    shopper.open().sees_count(0)
    shopper.shows_no_error()
    (cookie,) = [cookie for cookie in shopper.page.context.cookies() if cookie["name"] == "keepcart"]
    assert len(cookie["value"]) == 43
    assert (cookie["value"] == value) == (value == "A" * 43), "a well-formed id stays, another never does"
    if value != "A" * 43:  # which every test run shares
        shopper.fill("MOUSE")
        shopper.reload().sees_count(1)


def test_the_cookie_is_out_of_reach_of_scripts(shopper: Shopper) -> None:
    shopper.open()
    assert "keepcart" not in shopper.page.evaluate("document.cookie")
    (cookie,) = [cookie for cookie in shopper.page.context.cookies() if cookie["name"] == "keepcart"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
