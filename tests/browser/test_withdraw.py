"""Withdrawing in a browser, by keyboard, for everybody; and the legal texts as they are painted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import BrowserContext, expect

from testbed.browser.shopper import Shopper
from testbed.servers import Store, running_store
from testbed.wire.shopper import WireShopper
from tests.browser.test_checkout import FOCUS, assert_sound, nothing_scrolls_sideways, takes_over
from tests.browser.test_everyone import to_focus
from tests.browser.test_first_paint import OPENED, Look, alike, compared
from tests.browser.test_setups import pages_of
from tests.protocol.test_checkout import number, to_review
from tests.protocol.test_legal import TEXTS
from tests.protocol.test_withdraw import receipt_of

LOOKS: list[Look] = [(390, "dark"), (1280, "light")]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store with legal texts."""
    legal = tmp_path_factory.mktemp("legal")
    for name, text in TEXTS.items():
        (legal / f"{name}.md").write_text(text, encoding="utf-8")
    with running_store(tmp_path_factory.mktemp("store"), {"KEEPCART_STORE__LEGAL": str(legal)}) as running:
        yield running


@pytest.fixture
def shopper(store: Store, warm_browser: BrowserContext) -> Iterator[Shopper]:
    """Give a stranger in this store."""
    warm_browser.clear_cookies()
    yield Shopper(warm_browser.new_page(), store.url)
    for page in warm_browser.pages:
        page.close()


def test_by_keyboard_from_the_foot_to_the_receipt_at_every_width_and_for_everybody(
    shopper: Shopper, store: Store
) -> None:
    with closing(WireShopper(store.url)) as buyer:
        to_review(buyer, "LAPTOP").press("checkout-place")
        placed = number(buyer)
    shopper.open("/returns")
    page, keyboard = shopper.page, shopper.page.keyboard
    page.emulate_media(reduced_motion="reduce")

    def press(selector: str, key: str = "Enter") -> None:
        to_focus(page, selector)
        assert page.evaluate(FOCUS), selector
        keyboard.press(key)

    press(".foot a[href=withdraw]")
    expect(page.get_by_role("heading", level=1, name="Withdraw from a contract")).to_be_visible()
    shopper.settled()
    press(".st-key-withdraw-continue button")
    shopper.sees("This is no order number.")
    expect(page.get_by_label("Order number")).to_be_focused()
    nothing_scrolls_sideways(shopper, 1280)
    assert_sound(shopper, "the first step, with problems")
    for field, text in {"number": placed, "email": "asha@example.com", "name": "Asha Rao"}.items():
        press(f".st-key-withdraw-{field} input", "Control+A")
        keyboard.type(text)
    press(".st-key-withdraw-what textarea", "Control+A")
    keyboard.type("the laptop, " * 60)
    press(".st-key-withdraw-continue button")
    expect(page.get_by_role("heading", level=2, name="Please look at it once more")).to_be_focused()
    nothing_scrolls_sideways(shopper, 1280)
    assert_sound(shopper, "the second step")
    press("[class*='st-key-withdraw-yes-'] button")
    expect(page.get_by_role("heading", level=1, name="We have your withdrawal")).to_be_focused()
    receipt = page.get_by_text(receipt_of(placed))
    expect(receipt).to_be_visible()
    said = receipt.inner_text()
    nothing_scrolls_sideways(shopper, 1280)
    assert_sound(shopper, "the receipt")
    shopper.reload()
    expect(receipt).to_have_text(said)
    shopper.shows_no_error()
    page.emulate_media(media="print")
    expect(page.get_by_role("button").filter(visible=True)).to_have_count(0)
    assert pages_of(page, "A4") == 1


def test_the_page_of_an_order_on_a_phone_leads_there_and_says_so_afterwards(shopper: Shopper, store: Store) -> None:
    shopper.page.set_viewport_size({"width": 390, "height": 844})
    with closing(WireShopper(store.url)) as tab:
        to_review(tab, "LAPTOP").press("checkout-place")
        takes_over(shopper, tab)
        page = shopper.open(f"/{tab.page.address.lstrip('/')}").page
    page.get_by_role("link", name="Withdraw from the contract").click()
    expect(page.get_by_label("Name")).to_have_value("Asha Rao")
    shopper.button("withdraw-continue").click()
    page.get_by_role("button", name="Confirm withdrawal").dblclick()
    page.get_by_role("link", name="The order", exact=True).click()
    shopper.sees("You have withdrawn from the contract.")
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    expect(page.get_by_text(re.compile("Withdrawn on"))).to_be_visible()


def test_what_the_shopkeeper_says_of_privacy_is_painted_as_streamlit_draws_it(shopper: Shopper, store: Store) -> None:
    shopper.page.add_init_script(OPENED)
    shopper.open()
    for look, (boxes, written), (boxes_after, written_after) in compared(shopper.page, f"{store.url}/privacy", LOOKS):
        assert len(boxes["beginning"]) > 3
        for part, those in boxes.items():
            boxes_after[part] = boxes_after[part][: len(those)]
        assert alike(boxes, boxes_after) == {}, look
        assert set(written) <= set(written_after)
