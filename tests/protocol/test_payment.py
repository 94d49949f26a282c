"""Paying through a provider: its page, and its calls, which may come late, again, or from somebody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from testbed.servers import Store, running_store
from testbed.wire.shopper import WireShopper
from tests.orders.sandbox import PAGE, SIGNATURE, call, signature
from tests.protocol.test_checkout import number, to_review

SETTINGS = {
    "KEEPCART_ORDERS__PROVIDER": "tests.orders.sandbox:Sandbox",
    "KEEPCART_ORDERS__ON_DELIVERY": "",
    "KEEPCART_WEB__PUBLIC_URL": "https://shop.example",
}
TOTAL = 2_500_000


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running_store(Path(tmp_path_factory.mktemp("paid")), SETTINGS) as running:
        yield running


@pytest.fixture
def shopper(store: Store, new_shopper: Callable[[Store], WireShopper]) -> WireShopper:
    """Give a shopper who has ordered a laptop and looks at the order."""
    shopper = to_review(new_shopper(store), "LAPTOP")
    shopper.press("checkout-place")
    shopper.sees("prepare it once it is paid")
    return shopper


def says(store: Store, body: bytes, sign: str | None = None) -> httpx.Response:
    """Call as the provider does."""
    headers = {SIGNATURE: signature(body) if sign is None else sign, "Content-Type": "application/json"}
    return httpx.post(f"{store.url}/paid", content=body, headers=headers, timeout=5)


def goes_to_pay(store: Store, order: str, cookies: Mapping[str, str]) -> httpx.Response:
    return httpx.get(f"{store.url}/pay", params={"of": order}, cookies=dict(cookies), timeout=5)


def test_the_way_leads_to_the_providers_page_with_nothing_of_the_shopper_and_back(
    store: Store, shopper: WireShopper
) -> None:
    order = number(shopper)
    shopper.sees("Pay now")
    answer = goes_to_pay(store, order, shopper.cookies)
    assert answer.status_code == 303
    page = urlsplit(answer.headers["location"])
    assert page._replace(query="").geturl() == PAGE
    assert {key: value for key, (value,) in parse_qs(page.query).items()} == {
        "order": order,
        "amount": str(TOTAL),
        "currency": "INR",
        "back": f"https://shop.example/orders?of={order}",
        "callback": "https://shop.example/paid",
    }
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_nobody_else_is_led_there(
    store: Store, shopper: WireShopper, new_shopper: Callable[[Store], WireShopper]
) -> None:
    order, stranger = number(shopper), new_shopper(store).open()
    assert goes_to_pay(store, order, {}).status_code == 404
    assert goes_to_pay(store, order, stranger.cookies).status_code == 404
    assert goes_to_pay(store, "111-111-118", shopper.cookies).status_code == 404


def test_a_signed_call_pays_the_order_once_however_often_it_comes(store: Store, shopper: WireShopper) -> None:
    order = number(shopper)
    body = call(f"payment of {order}", order, TOTAL)
    assert says(store, call("x", order, TOTAL, event="began")).status_code == 200
    shopper.reload().sees("prepare it once it is paid")
    for _ in range(3):
        assert says(store, body).status_code == 200
    shopper.reload().sees("It is paid, and we prepare it.")
    shopper.lacks("Pay now")
    assert goes_to_pay(store, order, shopper.cookies).status_code == 404
    assert store.output.count("the order is paid") >= 1


def test_a_forged_call_pays_nothing(store: Store, shopper: WireShopper) -> None:
    order = number(shopper)
    body = call(f"forged for {order}", order, TOTAL)
    assert says(store, body, sign="").status_code == 403
    assert says(store, body, sign="0" * 64).status_code == 403
    assert says(store, body.replace(b"paid", b"paix"), sign=signature(body)).status_code == 403
    with suppress(httpx.RemoteProtocolError, httpx.WriteError):  # the store need not wait for the rest of it
        assert says(store, b"x" * 70_000).status_code == 413
    assert httpx.get(f"{store.url}/paid").status_code == 405
    shopper.reload().sees("prepare it once it is paid")


def test_a_call_that_comes_after_the_order_was_cancelled_is_noted_and_said_in_the_log(
    store: Store, shopper: WireShopper
) -> None:
    order = number(shopper)
    shopper.press(f"cancel-{order}-yes")
    assert says(store, call(f"late for {order}", order, TOTAL)).status_code == 200
    shopper.reload().sees("It was cancelled.")
    assert "paid before, or is over: pay it back" in store.output


def test_where_there_is_no_provider_nobody_pays_and_nobody_says_so(
    shared_store: Store, new_shopper: Callable[[Store], WireShopper]
) -> None:
    body = call("x", "111-111-118", 1)
    assert says(shared_store, body).status_code == 403
    assert goes_to_pay(shared_store, "111-111-118", new_shopper(shared_store).open().cookies).status_code == 404
