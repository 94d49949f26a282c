"""Who a browser is: from its very first moment, in all its tabs, and never anybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event

import pytest
from playwright.sync_api import expect

from testbed.browser.shopper import Shopper
from testbed.servers import Balancer, Store


def test_an_add_and_a_reload_at_once_keep_the_line_by_a_cookie_that_scripts_cannot_read(
    shopper: Shopper,
) -> None:
    shopper.page.goto(shopper.url, wait_until="commit")
    shopper.add("LAPTOP")
    shopper.page.reload(wait_until="commit")
    shopper.settled().sees_count(1)
    shopper.go_to_cart()
    shopper.sees_lines({"LAPTOP": 1})
    assert "keepcart" not in shopper.page.evaluate("document.cookie")
    (cookie,) = [cookie for cookie in shopper.page.context.cookies() if cookie["name"] == "keepcart"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"


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
    with Balancer(shared_store.port) as balancer:
        first = new_shopper(shared_store)
        first.url = balancer.url
        tabs = TwoTabs(first, first.another_tab(), balancer.hold("/?tab=1"), balancer.hold("/?tab=2"))
        for number, tab in enumerate((tabs.first, tabs.second), 1):
            tab.page.evaluate("url => { setTimeout(() => { location.href = url }) }", f"{balancer.url}/?tab={number}")
        while balancer.held < 2:
            first.page.wait_for_timeout(20)
        yield tabs


def test_two_tabs_that_a_newcomer_opens_at_once_share_one_cart(tabs: TwoTabs) -> None:
    tabs.first_answer.set()
    tabs.second_answer.set()
    tabs.first.settled()
    tabs.second.settled()
    tabs.add_and_reload()


def test_a_newcomers_second_tab_whose_page_comes_after_the_first_was_reloaded_shares_its_cart(tabs: TwoTabs) -> None:
    tabs.first_answer.set()
    tabs.first.settled().fill("LAPTOP")
    tabs.first.reload().sees_count(1)
    tabs.second_answer.set()
    tabs.second.settled()
    tabs.add_and_reload()
