"""The keeper's app in a browser: a day of fifty orders by keyboard and by thumb, on paper, and apart from the shop."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from app.domain.order import Order, State
from app.orders import ledger, placing, records, work
from app.orders.database import Database
from testbed.browser.axe import grave
from testbed.browser.shopper import CONNECTED, IDLE, PATIENCE_MS
from testbed.servers import Store, running_store
from tests.browser.test_everyone import LOOKED_AT, LOOKS, to_focus
from tests.orders.buying import ASHA, attempt, purchase

KEEPER = ("-m", "app", "keeper", "--port")
OWN_PAGES: Final = ("order", "packing-slip", "invoice", "sales", "stock", "mail", "shop")
SMALL = """() => [...document.querySelectorAll(':is(a, button, input, summary, [role=radio])')]
  .filter(one => one.getClientRects().length && one.dataset.testid !== 'stSkipToContent')
  .filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"""
SIDEWAYS = "() => document.querySelector('[data-testid=stMain]').scrollWidth > innerWidth"
TO_CLICK = """() => [...document.querySelectorAll('a, button, input')]
  .filter(one => one.checkVisibility()).map(one => one.outerHTML)"""


@pytest.fixture(scope="module")
def keeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give the keeper's app with orders of its own, also on a page that nobody works with."""
    with running_store(tmp_path_factory.mktemp("keeper"), command=KEEPER) as app:
        yield app


@pytest.fixture(scope="module")
def database(keeper: Store) -> Iterator[Database]:
    opened = Database(f"sqlite:///{keeper.folder}/orders.db", keeper.folder)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def orders(database: Database) -> list[Order]:
    """Give fifty-three orders to pack, the oldest first. The first fifty are a day's."""
    return [place(database, count) for count in range(53)]


def place(database: Database, count: int) -> Order:
    lines = [("MOUSE", 1 + count % 3, 1_000), ("LAPTOP", 1, 1_000), ("DESK-OAK", 2, None)]
    buyer = replace(ASHA, name="Priya Venkataraghavan-Subramaniam" if count % 4 == 0 else f"Asha Rao {count}")
    bought = purchase(*lines[: 1 + count % 3], buyer=buyer)
    return placing.place(database, attempt(count), "asha", bought)


@pytest.fixture
def wide(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context(viewport={"width": 1280, "height": 844}) as context:
        yield context.new_page()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as context:
        yield context.new_page()


def opens(page: Page, keeper: Store, path: str = "/") -> None:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(keeper.url + path)
    settled(page)


def settled(page: Page) -> None:
    expect(page.locator(CONNECTED)).to_be_attached()
    expect(page.locator(".st-key-bar a").first).to_be_visible()
    expect(page.locator(IDLE)).to_be_attached()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def sees_order(page: Page, order: Order) -> None:
    """See the page of an order, to its last button: a key that is pressed earlier is of the order before."""
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Order {order.number}")
    expect(page.locator(f".st-key-sent-{order.number} button")).to_be_enabled()


def says(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_have_text(words)


def states(database: Database, orders: Sequence[Order]) -> set[State]:
    found = [records.by_number(database, order.number) for order in orders]
    return {order.state for order in found if order}


@pytest.mark.parametrize("each", [5, pytest.param(25, marks=pytest.mark.long)])
def test_a_days_orders_are_worked_off_by_keyboard_and_by_thumb(
    keeper: Store, database: Database, orders: list[Order], wide: Page, phone: Page, each: int
) -> None:
    by_keyboard, by_thumb = orders[:each], orders[each : 2 * each]
    opens(wide, keeper)
    expect(wide.get_by_role("heading", name="To pack: 53")).to_be_visible()
    for order in by_keyboard:
        wide.keyboard.press("Control+ArrowDown")
        sees_order(wide, order)
        if order is by_keyboard[0]:
            to_focus(wide, f".st-key-tracking-{order.number} input")
            wide.keyboard.type("RM 123 IN")
        wide.keyboard.press("Control+Enter")
        says(wide, f"Order {order.number} is sent.")
    found = records.by_number(database, by_keyboard[0].number)
    assert found
    assert found.tracking == "RM 123 IN"
    assert states(database, by_keyboard) == {State.SENT}
    assert states(database, by_thumb) == {State.PLACED}

    opens(phone, keeper)
    phone.get_by_role("button", name="Start with the oldest").tap()
    for order in by_thumb:
        sees_order(phone, order)
        phone.locator(f".st-key-sent-{order.number} button").tap()
        says(phone, f"Order {order.number} is sent.")
        phone.get_by_role("button", name="Next order").tap()
    assert states(database, orders[: 2 * each]) == {State.SENT}
    phone.get_by_role("link", name="Orders").tap()
    expect(phone.get_by_role("heading", name=f"To pack: {53 - 2 * each}")).to_be_visible()


def test_two_quick_clicks_act_once_and_meet_nothing_else(
    keeper: Store, database: Database, orders: list[Order], wide: Page
) -> None:
    order = orders[50]
    opens(wide, keeper, f"/order?of={order.number}")
    wide.locator(f".st-key-paid-{order.number} button").dblclick()
    says(wide, f"Order {order.number} is paid.")
    settled(wide)
    assert states(database, [order]) == {State.PAID}
    wide.locator(f".st-key-sent-{order.number} button").dblclick()
    says(wide, f"Order {order.number} is sent.")
    settled(wide)
    assert states(database, [order]) == {State.SENT}
    wide.locator(".st-key-foot").get_by_role("button", name="Undo").dblclick()
    says(wide, f"Order {order.number} is not sent any more.")
    settled(wide)
    assert states(database, [order]) == {State.PAID}
    wide.get_by_role("button", name="Refund…").click()
    wide.get_by_role("button", name="Yes, it is refunded").click()
    says(wide, f"Order {order.number} is refunded.")

    before = ledger.levels(database)["MOUSE"]
    opens(wide, keeper, "/stock")
    wide.get_by_label("Find a product").fill("MOUSE")
    wide.get_by_label("Find a product").press("Enter")
    wide.locator("[class*=st-key-pieces-MOUSE-] input").fill("20")
    wide.locator("[class*=st-key-add-MOUSE-] button").dblclick()
    says(wide, f"Mouse: +20, so {before + 20:,} left.")
    settled(wide)
    assert ledger.levels(database)["MOUSE"] == before + 20


def test_every_page_is_for_a_thumb_and_for_who_cannot_see(
    keeper: Store, database: Database, orders: list[Order], phone: Page
) -> None:
    work.mark(database, orders[51].number, State.SENT, tracking="RM 123 IN")
    for path in ("", *(f"{name}?of={orders[51].number}" for name in OWN_PAGES)):
        opens(phone, keeper, f"/{path}")
        if path.startswith("sales"):
            expect(phone.locator("[data-testid=stVegaLiteChart] svg")).to_have_count(2)
        for scheme, width in LOOKED_AT:
            phone.emulate_media(color_scheme=scheme)
            phone.wait_for_function(LOOKS, arg=scheme)
            phone.set_viewport_size({"width": width, "height": 844})
            assert grave(phone) == [], (path, scheme)
            assert not phone.evaluate(SIDEWAYS), (path, width)
            assert phone.evaluate(SMALL) == [], (path, width)
        expect(phone.get_by_test_id("stException")).to_have_count(0)
        expect(phone.get_by_test_id("stAlertContentError")).to_have_count(0)


@pytest.mark.parametrize("name", ["packing-slip", "invoice"])
def test_a_small_order_is_one_page_of_paper_with_nothing_to_click(
    keeper: Store, orders: list[Order], wide: Page, name: str
) -> None:
    opens(wide, keeper, f"/{name}?of={orders[52].number}")
    wide.emulate_media(media="print")
    assert wide.evaluate(TO_CLICK) == []
    expect(wide.get_by_role("heading", level=1)).to_be_visible()
    paper = wide.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    assert b"/MediaBox [0 0 594.95996 841.91998]" in paper  # A4


def test_nothing_of_it_answers_on_the_shops_port_or_under_the_name_of_another_site(
    keeper: Store, shared_store: Store, orders: list[Order]
) -> None:
    for page in OWN_PAGES:
        assert status(shared_store, f"/{page}?of={orders[52].number}") == 404, page
    assert status(keeper, "/") == 200
    assert status(keeper, "/", host="evil.example") == 400
    assert status(keeper, "/_stcore/upload_file/x/y") == 404
    head = urllib.request.urlopen(keeper.url, timeout=5).headers  # noqa: S310 - our own http URL
    assert head["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in head["Content-Security-Policy"]


def status(server: Store, path: str, host: str = "") -> int:
    request = urllib.request.Request(server.url + path, headers={"Host": host} if host else {})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
