"""The server is away under an open page: the page says so by itself, and nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, expect

from testbed.browser.shopper import Shopper
from testbed.servers import Store, redis_server

AWAY = "The connection to the shop is lost. Your cart is safe, and this page keeps trying to connect."
AWAY_UNSAVED = (
    "The connection to the shop is lost. Your last changes were not saved yet; this page keeps trying to connect."
)
SILENT = "The shop does not answer at the moment. Your cart is safe, and this page keeps waiting."
BACK = "Connected again."


@pytest.fixture
def shopping(mortal_store: Store, new_shopper: Callable[..., Shopper]) -> Shopper:
    """Give a shopper with a laptop, and the notice of it."""
    shopper = new_shopper(mortal_store).open()
    shopper.fill("LAPTOP")
    shopper.sees("Added 1 × Laptop to cart")
    return shopper


def test_a_page_that_has_lost_its_server_says_so_until_it_is_back(mortal_store: Store, shopping: Shopper) -> None:
    says = shopping.page.locator(".notice p")
    mortal_store.kill()
    expect(says).to_have_text([AWAY])
    shopping.page.wait_for_timeout(3_000)  # time for Streamlit's own dialog
    expect(shopping.page.get_by_role("dialog")).to_have_count(0)
    expect(says).to_have_text([AWAY])
    mortal_store.start()
    expect(says).to_have_text([BACK])
    shopping.add("MOUSE")
    shopping.sees_count(2)
    expect(says).to_have_text(["Added 1 × Mouse to cart", "Cart total ₹25,349"])
    expect(shopping.page.get_by_text(BACK)).to_have_count(0)


def test_a_page_whose_changes_were_not_saved_does_not_call_them_safe(
    tmp_path: Path, start_store: Callable[..., Store], new_shopper: Callable[..., Shopper]
) -> None:
    with redis_server(tmp_path) as server:
        store = start_store(KEEPCART_STORAGE__URL=server.url)
        shopper = new_shopper(store).open()
        server.kill()
        shopper.add("LAPTOP")
        shopper.sees("Not saved yet, we keep trying")
        shopper.settled()
        store.kill()
        expect(shopper.page.locator(".notice p")).to_have_text([AWAY_UNSAVED])


def test_a_page_that_never_got_its_first_run_says_so_too(mortal_store: Store, shopping: Shopper) -> None:
    shopping.page.route_web_socket("**/_stcore/stream", lambda socket: socket.close())
    shopping.page.route("**/_stcore/health", lambda route: route.abort())
    shopping.page.goto(shopping.url)
    expect(shopping.page.locator(".notice p")).to_have_text([AWAY])
    shopping.page.unroute_all()


def test_a_click_that_is_not_answered_is_said_and_counts_once_the_server_goes_on(
    mortal_store: Store, shopping: Shopper
) -> None:
    mortal_store.suspend()
    shopping.add("MOUSE")
    expect(shopping.page.locator(".notice p")).to_have_text([SILENT])
    mortal_store.resume()
    shopping.sees_count(2)
    expect(shopping.page.get_by_text(SILENT)).to_have_count(0)
    expect(shopping.page.locator(".notice p").first).to_have_text("Added 1 × Mouse to cart")


def test_who_leaves_while_a_click_is_not_answered_is_warned_and_nobody_else(
    mortal_store: Store, shopping: Shopper
) -> None:
    warnings: list[str] = []

    def stay(dialog: Dialog) -> None:
        warnings.append(dialog.type)
        dialog.dismiss()

    shopping.page.on("dialog", stay)
    mortal_store.suspend()
    shopping.add("MOUSE")
    shopping.page.evaluate("setTimeout(() => location.reload())")
    with shopping.page.expect_event("dialog"):
        pass
    mortal_store.resume()
    shopping.sees_count(2)
    shopping.settled().reload()
    shopping.sees_count(2)
    assert warnings == ["beforeunload"]


def test_a_click_that_died_with_its_server_is_not_passed_over(mortal_store: Store, shopping: Shopper) -> None:
    mortal_store.suspend()
    shopping.add("MOUSE")
    mortal_store.restart()
    shopping.sees("Please check whether your last step counted.")
    shopping.settled()
    shopping.sees_count(shopping.kept_lines().get("MOUSE", 0) + 1)


def test_a_click_that_was_saved_by_a_server_that_died_then_is_shown(mortal_store: Store, shopping: Shopper) -> None:
    """It was not answered, so the page asks anew. The click of another tab stands for what was saved."""
    mortal_store.suspend()
    shopping.add("MOUSE")
    shopping.page.context.set_offline(True)
    mortal_store.restart()
    shopping.fill_unseen("MOUSE")
    shopping.page.context.set_offline(False)
    shopping.sees("Please check whether your last step counted.")
    shopping.sees_count(2)
