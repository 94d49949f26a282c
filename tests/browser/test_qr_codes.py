"""QR codes as a phone's camera sees them on the page, at the width of a phone."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import zxingcpp
from PIL import Image
from playwright.sync_api import Page

from testbed.browser.shopper import Shopper
from testbed.servers import Store, running_store
from testbed.wire.shopper import WireShopper
from tests.browser.test_checkout import takes_over
from tests.protocol.test_checkout import number, to_review

PHONE = {"width": 390, "height": 844}


def read(page: Page, name: str) -> str:
    """Return what a decoder reads from a picture on the page."""
    picture = page.get_by_role("img", name=name)
    picture.scroll_into_view_if_needed()
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.screenshot())).convert("L"))
    return found.text


def test_the_code_of_a_combination_is_its_link(shopper: Shopper) -> None:
    page = shopper.fill_unseen("LAPTOP", "MOUSE", "MOUSE").open("/take-along?of=cart").page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert read(page, "QR code of the link") == f"{shopper.url}/combination?is=1.LAPTOP.MOUSE_2"


def test_a_banking_app_reads_the_order_from_its_page_also_in_the_dark(
    tmp_path: Path, new_shopper: Callable[..., Shopper]
) -> None:
    settings = {"KEEPCART_ORDERS__PAY_TO": "shop@okbank", "KEEPCART_ORDERS__ON_DELIVERY": ""}
    with running_store(tmp_path, settings) as store:
        shopper = new_shopper(store, viewport=PHONE, color_scheme="dark")
        order = ordered(store, shopper)
        told = f"upi://pay?pa=shop@okbank&pn=Keepcart&am=25349.00&cu=INR&tn=Order%20{order}"
        assert read(shopper.open(f"/orders?of={order}").page, "QR code for your banking app") == told
        shopper.sees("We have it, and prepare it once it is paid.")


def ordered(store: Store, shopper: Shopper) -> str:
    """Order a laptop and a mouse in a tab that has closed since; return the number."""
    with closing(WireShopper(store.url)) as tab:
        to_review(tab, "LAPTOP", "MOUSE").press("checkout-place")
        takes_over(shopper, tab)
        return number(tab)
