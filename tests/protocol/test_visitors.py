"""Who a browser is: from its very first moment, in all its tabs, and never anybody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from testbed.servers import Store
from testbed.wire.connection import Cookies, load
from testbed.wire.shopper import WireShopper


class TwoTabs:
    """Two tabs that a stranger has opened at once: both requests came without a cookie, both answers are on the way."""

    def __init__(self, first: WireShopper) -> None:
        self.first, self.second = first, first.another_tab()
        self.first_answer: Cookies = {}
        self.second_answer: Cookies = {}
        for answer in (self.first_answer, self.second_answer):
            load(first.url, answer)

    def take(self, *, second: bool = False) -> None:
        """Let an answer arrive; its tab draws its page."""
        tab, answer = (self.second, self.second_answer) if second else (self.first, self.first_answer)
        tab.open(answer=answer)

    def share_a_cart(self) -> None:
        """Both add, the first unless it has; afterwards both tabs must see both pieces."""
        if self.first.count() == 0:
            self.first.fill("LAPTOP")
        self.second.add("MOUSE")
        self.second.sees("Added 1 × Mouse to cart")
        for tab in (self.first, self.second):
            tab.reload().sees_count(2)
            tab.go_to_cart().sees_lines({"LAPTOP": 1, "MOUSE": 1})


@pytest.fixture
def tabs(shopper: WireShopper) -> TwoTabs:
    return TwoTabs(shopper)


def test_a_newcomers_second_tab_whose_page_comes_late_shares_the_cart_of_the_first(tabs: TwoTabs) -> None:
    tabs.take()
    tabs.take(second=True)
    tabs.share_a_cart()


def test_a_newcomers_first_tab_whose_page_comes_late_shares_the_cart_of_the_second(tabs: TwoTabs) -> None:
    tabs.take(second=True)
    tabs.take()
    tabs.share_a_cart()


def test_two_answers_that_arrive_before_either_tab_draws_its_page_lead_to_one_cart(tabs: TwoTabs) -> None:
    tabs.first.cookies.update(tabs.first_answer)
    tabs.first.cookies.update(tabs.second_answer)
    tabs.take()
    tabs.take(second=True)
    tabs.share_a_cart()


@pytest.mark.parametrize("reloads", [False, True], ids=["added", "was reloaded"])
def test_a_newcomers_second_tab_whose_page_comes_after_the_first_added_shares_its_cart(
    tabs: TwoTabs, *, reloads: bool
) -> None:
    tabs.take()
    tabs.first.fill("LAPTOP")
    if reloads:
        tabs.first.reload().sees_count(1)
    tabs.take(second=True)
    tabs.share_a_cart()


def test_two_browsers_never_see_each_others_cart(
    shared_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    one, other = new_shopper(shared_store).open(), new_shopper(shared_store).open()
    one.fill("LAPTOP", "LAPTOP")
    other.fill("MOUSE")
    for _ in range(2):
        one.reload().sees_count(2)
        other.reload().sees_count(1)
    one.go_to_cart().sees_lines({"LAPTOP": 2})
    other.go_to_cart().sees_lines({"MOUSE": 1})


@pytest.mark.parametrize(
    "value",
    ["", "x", "../../etc/passwd", "A" * 42, "A" * 44, "A" * 3000, "%00" * 14 + "A", "A" * 43],
    ids=["empty", "short", "a path", "42", "44", "3000", "escapes", "unknown"],
)
def test_a_cookie_that_is_no_known_id_gets_an_empty_cart_and_a_working_shop(shopper: WireShopper, value: str) -> None:
    shopper.cookies["keepcart"] = value
    shopper.open().sees_count(0)
    shopper.shows_no_error()
    assert len(shopper.cookies["keepcart"]) == 43
    assert (shopper.cookies["keepcart"] == value) == (value == "A" * 43), "a well-formed id stays, another never does"
    if value != "A" * 43:  # which every test run shares
        shopper.fill("MOUSE")
        shopper.reload().sees_count(1)
