"""The page that the server paints: it is what Streamlit draws then, and alive from the first frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Route, expect

from testbed.browser.shopper import Shopper
from testbed.servers import Store

WIDTHS = (320, 390, 768, 1024, 1280)
ALIKE = 0.6
"""Pixels by which two boxes may differ."""

OPENED = """
window.paintRoot = null;
const attach = HTMLElement.prototype.attachInternals;
HTMLElement.prototype.attachInternals = function () {
  const internals = attach.call(this);
  window.paintRoot = internals.shadowRoot;
  return internals;
};
window.shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""
"""Lets a test look into the paint, whose root is closed, and measures how much moves."""

PARTS = {
    "home": ".st-key-header > :nth-child(1) a",
    "cart link": ".st-key-header > :nth-child(2) a",
    "saved": ".st-key-header > :nth-child(3) p",
    "heading": "h1",
    "counted": "h1 > * > span",
    "search": ".st-key-search",
    "price": ".st-key-price",
    "order": ".st-key-sort",
    "remark": ".st-key-filters > :nth-child(4) p",
    "categories": ":is(.st-key-category, .st-key-choice) :is(.pills > a, [role=radio])",
    "card": ".st-key-cards > :not(:first-child)",
    "name": ".st-key-cards h2",
    "facts": ".st-key-cards .facts",
    "act": ".st-key-cards :is(button, .choose)",
    "pages": ".pages, .st-key-page",
    "empty": ".st-key-empty",
    "portrait": ".portrait",
    "about": ".about",
    "quantity": ".number .field, [data-testid=stNumberInputContainer]",
    "steps": ".step, [data-testid=stNumberInputContainer] button",
    "add": ".st-key-buy .primary, .st-key-buy [data-testid=stBaseButton-primary]",
    "in cart": ".columns .page-link, .st-key-in-cart a",
    "foot": ".foot",
}
BOXES = """(parts) => Object.fromEntries(Object.entries(parts).map(([name, selector]) =>
  [name, [...(paintRoot.host.isConnected ? paintRoot : document).querySelectorAll(selector)].map(part => {
    const box = part.getBoundingClientRect();
    return [box.x, box.y, box.width, box.height];
  })]))"""
PAINTED = "() => window.paintRoot?.host.isConnected"
SWAPPED = "() => window.paintRoot && !window.paintRoot.host.isConnected"

Boxes = dict[str, list[list[float]]]


@contextmanager
def streamlit_held(page: Page) -> Iterator[None]:
    """Let the page have its paint and nothing of Streamlit, until the end of the block."""
    held: list[Route] = []
    is_over = False

    def hold(route: Route) -> None:
        if is_over:
            route.continue_()
        else:
            held.append(route)

    page.route("**/static/js/**", hold)
    yield
    is_over = True
    for route in held:
        with suppress(Error):  # of a page that was left
            route.continue_()


@pytest.fixture
def painted(shopper: Shopper) -> Shopper:
    """Give a shopper whose pages can be looked into, with the font and the scripts in the browser's cache."""
    shopper.page.add_init_script(OPENED)
    return shopper.open()


def sees_paint(page: Page) -> None:
    page.wait_for_function(PAINTED)


def click_painted(page: Page, key: str, times: int = 1) -> None:
    """Click where the paint has the button."""
    box = page.evaluate(
        """key => { const button = paintRoot.querySelector(`[data-key="${key}"]:not(input):not([disabled])`);
        button.scrollIntoView({block: 'center'}); const {x, y, width, height} = button.getBoundingClientRect();
        return [x + width / 2, y + height / 2] }""",
        key,
    )
    for _ in range(times):
        page.mouse.click(*box)


def read_aloud(page: Page) -> list[str]:
    """Return the names of all links, as the browser tells them to a screen reader, closed roots included."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == "link"]


def alike(one: Boxes, other: Boxes) -> Any:
    def is_alike(name: str) -> bool:
        pairs = zip(one[name], other[name], strict=False)
        same = all(abs(a - b) <= ALIKE for first, second in pairs for a, b in zip(first, second, strict=True))
        return same and len(one[name]) == len(other[name])

    return {name: (one[name], other[name]) for name in PARTS if not is_alike(name)}


@pytest.mark.server
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?q=desk%20laptop",
        "/?category=Desks&sort=price",
        "/?q=zzzzqqq",
        "/product?sku=LAPTOP",
        "/product?sku=MOUSE",
    ],
)
def test_the_paint_is_what_streamlit_draws_at_every_width(painted: Shopper, path: str) -> None:
    page = painted.page
    painted.fill_unseen("MOUSE", "LAMP-DESK")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        with streamlit_held(page):
            page.goto(painted.url + path, wait_until="commit")
            sees_paint(page)
            page.evaluate(
                """async () => {  // on a busy machine the font may come too late for the first frame
                const url = document.querySelector('link[as=font]').href;
                const face = new FontFace('First Paint Loaded', `url("${url}")`, {weight: '100 900'});
                document.fonts.add(await face.load());
                paintRoot.host.style.fontFamily = '"First Paint Loaded"';
                }"""
            )
            before = page.evaluate(BOXES, PARTS)
        page.wait_for_function(SWAPPED)
        assert alike(before, page.evaluate(BOXES, PARTS)) == {}, width


@pytest.mark.server
def test_nothing_moves_when_streamlit_takes_over(painted: Shopper) -> None:
    for path in ("/", "/product?sku=LAPTOP"):
        painted.open(path)
        painted.page.wait_for_function(SWAPPED)
        assert painted.page.evaluate("shift") < 0.01


@pytest.mark.server
def test_clicks_before_the_page_is_alive_all_count(painted: Shopper) -> None:
    page = painted.page
    with streamlit_held(page):
        page.goto(painted.url, wait_until="commit")
        sees_paint(page)
        for key, times in (("add-LAPTOP", 5), ("add-MOUSE", 3), ("add-LAPTOP", 2)):
            click_painted(page, key, times)
    painted.sees_count(10)
    painted.settled()
    assert painted.kept_lines() == {"LAPTOP": 7, "MOUSE": 3}
    painted.reload().sees_count(10)


@pytest.mark.server
def test_a_quantity_that_is_stepped_up_before_the_page_is_alive_is_the_one_that_is_added(painted: Shopper) -> None:
    page = painted.page
    with streamlit_held(page):
        page.goto(painted.url + "/product?sku=MOUSE", wait_until="commit")
        sees_paint(page)
        click_painted(page, "pieces-MOUSE", 2)
        click_painted(page, "add-MOUSE")
        assert page.evaluate("paintRoot.querySelector('input[data-key=pieces-MOUSE]').value") == "3"
    painted.sees_count(3)


@pytest.mark.server
def test_a_link_waits_until_what_was_clicked_is_done(painted: Shopper) -> None:
    page = painted.page
    with streamlit_held(page):
        page.goto(painted.url, wait_until="commit")
        sees_paint(page)
        click_painted(page, "add-LAPTOP", 2)
        page.evaluate("paintRoot.querySelector('a[href=\"product?sku=MOUSE\"]').click()")
    expect(page).to_have_url(painted.url + "/product?sku=MOUSE")
    painted.settled()
    painted.sees_count(2)


@pytest.mark.server
def test_a_reload_keeps_what_was_clicked_and_does_it_once(painted: Shopper) -> None:
    page = painted.page
    with streamlit_held(page):
        page.goto(painted.url, wait_until="commit")
        sees_paint(page)
        click_painted(page, "add-LAPTOP", 3)
        page.reload(wait_until="commit")
        sees_paint(page)
    painted.sees_count(3)
    painted.settled()
    painted.reload().sees_count(3)


@pytest.mark.server
def test_what_is_half_typed_and_where_the_page_is_scrolled_to_stay(painted: Shopper) -> None:
    page = painted.page
    with streamlit_held(page):
        page.goto(painted.url, wait_until="commit")
        sees_paint(page)
        page.evaluate("paintRoot.querySelector('input[name=q]').focus()")
        page.keyboard.type("lamp")
        page.evaluate("paintRoot.querySelector('main').scrollTop = 120")
    page.wait_for_function(SWAPPED)
    field = page.get_by_role("textbox", name="Search")
    expect(field).to_be_focused()
    expect(field).to_have_value("lamp")
    expect(page.get_by_role("heading", name="Results for “lamp”")).to_be_attached()


@pytest.mark.server
def test_the_page_stays_where_it_was_scrolled_to(painted: Shopper) -> None:
    page = painted.page
    with streamlit_held(page):
        page.goto(painted.url, wait_until="commit")
        sees_paint(page)
        page.evaluate("paintRoot.querySelector('main').scrollTop = 500")
    page.wait_for_function(SWAPPED)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 500


@pytest.mark.server
def test_without_scripts_the_paint_stays_and_its_links_work(
    new_shopper: Callable[..., Shopper], shared_store: Store
) -> None:
    page = new_shopper(shared_store, java_script_enabled=False).page
    page.goto(shared_store.url)
    page.mouse.click(250, 390)  # the first card's picture
    expect(page).to_have_url(shared_store.url + "/product?sku=LAPTOP")


@pytest.mark.server
def test_nothing_is_there_twice(painted: Shopper) -> None:
    page = painted.page
    with streamlit_held(page):
        page.goto(painted.url, wait_until="commit")
        sees_paint(page)
        assert read_aloud(page).count("Cart (0)") == 1
    painted.settled()
    assert read_aloud(page).count("Cart (0)") == 1
