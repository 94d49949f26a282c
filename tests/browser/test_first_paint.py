"""The page that the server paints: it is what Streamlit draws then, and alive from the first frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Literal, NamedTuple

import pytest
from playwright.sync_api import Error, Page, Route, expect

from testbed.browser.shopper import IDLE, Shopper
from testbed.servers import Store
from testbed.shopkeeper import CATALOGUE, Shopkeeper, shopkeeper

Look = tuple[int, Literal["light", "dark"]]
"""A width of the window, and a theme."""

LOOKS: Sequence[Look] = [(320, "light"), (390, "light"), (768, "light"), (1024, "light"), (1280, "light")]
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
    "quantity": ".stepper, [data-testid=stNumberInputContainer]",
    "steps": ".step, [data-testid=stNumberInputContainer] button",
    "add": ".st-key-buy .primary, .st-key-buy [data-testid=stBaseButton-primary]",
    "in cart": ".columns:not(.unequal) .page-link, .st-key-in-cart a",
    "undo": ".st-key-undo button",
    "line": "[class*=st-key-line-]",
    "face": "[class*=st-key-line-] > :first-child p",
    "words of a line": "[class*=st-key-line-] > :first-child :is(a, span, del)",
    "quantity of a line": "[class*=st-key-line-] :is(.stepper, [data-testid=stNumberInputContainer])",
    "sum": "[class*=st-key-line-] > :nth-child(3) p",
    "move": "[class*=st-key-line-] > :nth-child(4) button",
    "remove": "[class*=st-key-line-] > :last-child button",
    "saved for later": ".st-key-later h2",
    "into setup": ".st-key-into-setup button, [data-key=into-setup]",
    "keep": ".st-key-keep-setup button, [data-key=keep-setup]",
    "summary": ".st-key-summary",
    "total": ".st-key-summary h2",
    "pieces": "[data-testid=stCaptionContainer] > p",
    "back": ".st-key-summary a",
    "clear": ".st-key-clear-cart button, [data-key=clear-cart]",
    "form": ".st-key-quick-add-form",
    "heading of the form": ".st-key-quick-add-form h2",
    "choice": ".st-key-quick-add-product :is([role=group], button.list)",
    "quantity of the form": ".st-key-quick-add-quantity :is(.stepper, [data-testid=stNumberInputContainer])",
    "quick add": ".st-key-quick-add button, [data-key=quick-add]",
    "looked at": ".looked-at :is(h2, li, img)",
    "text": ".text :is(p, li, h2, h3, h4, pre, td, th, blockquote, a, hr, code)",
    "beginning": ":is(.beginning, .st-key-privacy-page > :first-child, .st-key-kept-page > :first-child) .prose > *",
    "priced": ".priced :is(th, td)",
    "compared": ".side-by-side :is(th, td, a, progress), .choices li > *, .compare h2",
    "foot": ".foot",
}
BOXES = """(parts) => Object.fromEntries(Object.entries(parts).map(([name, selector]) =>
  [name, [...(paintRoot.host.isConnected ? paintRoot : document).querySelectorAll(selector)].map(part => {
    const box = part.getBoundingClientRect();
    return [box.x, box.y, box.width, box.height];
  })]))"""
LETTERS = [
    *(
        "h1",
        "h2",
        "h3",
        ".st-key-header a p",
        ".prose :not(time)",
        ".looked-at *",
        "[data-testid=stCaptionContainer] p",
    ),
    *("[class*=st-key-line-] :is(a, del, strong, p > span)", "[class*=st-key-line-] > :nth-child(3) p"),
    *(".empty *", ":is(.st-key-summary, .st-key-empty, .st-key-in-cart, .st-key-compare) a p, .page-link > span"),
    *(".st-key-undo :is(p, button > span)", ".st-key-quick-add p, .st-key-quick-add-form .primary"),
]
"""What has text of its own."""
WRITTEN = """(selectors) => selectors.flatMap(selector =>
  [...(paintRoot.host.isConnected ? paintRoot : document).querySelectorAll(selector)].map(part => {
    const {fontSize, fontWeight, color, opacity, textDecorationLine} = getComputedStyle(part);
    return [part.innerText.trim(), fontSize, fontWeight, color, opacity, textDecorationLine].join(' ');
  }))"""
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
    """Wait until the page is painted. A busy server may not have read the cart in time; then it is asked again."""
    for _ in range(5):
        page.wait_for_selector("#root", state="attached")
        if page.evaluate("!!document.querySelector('first-paint')"):
            break
        page.reload(wait_until="commit")
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


def compared(page: Page, address: str, looks: Sequence[Look] = LOOKS) -> Iterator[Compared]:
    """Return for each look the boxes of a page and what is written in them: as painted, and as Streamlit draws them.

    It is one load of the page, whose window is turned.
    """
    with streamlit_held(page):
        page.goto(address, wait_until="commit")
        sees_paint(page)
        page.evaluate(
            """async () => {  // on a busy machine the font may come too late for the first frame
            const url = document.querySelector('link[as=font]').href;
            const face = new FontFace('First Paint Loaded', `url("${url}")`, {weight: '100 900'});
            document.fonts.add(await face.load());
            paintRoot.host.style.fontFamily = '"First Paint Loaded"';
            }"""
        )
        before = [_looked_at(page, look) for look in looks]
    page.wait_for_function(SWAPPED)
    # The last look first: that is how the window is when Streamlit takes over.
    after = [_looked_at(page, look) for look in reversed(looks)]
    return iter([Compared(*one) for one in zip(looks, before, reversed(after), strict=True)])


class Compared(NamedTuple):
    """A page in one look: its boxes and what is written in them, as painted and as Streamlit draws it."""

    look: Look
    painted: tuple[Boxes, list[str]]
    drawn: tuple[Boxes, list[str]]


def _looked_at(page: Page, look: Look) -> tuple[Boxes, list[str]]:
    width, scheme = look
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    return page.evaluate(BOXES, PARTS), page.evaluate(WRITTEN, LETTERS)


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
        "/returns",
        "/compare",
    ],
)
def test_the_paint_is_what_streamlit_draws_at_every_width(painted: Shopper, path: str) -> None:
    painted.fill_unseen("MOUSE", "LAMP-DESK").keep_unseen("Standing desk").fill_unseen("LAPTOP")
    for look, (boxes, written), (boxes_after, written_after) in compared(painted.page, painted.url + path):
        assert alike(boxes, boxes_after) == {}, look
        assert written == written_after


@pytest.mark.server
@pytest.mark.parametrize("path", ["/privacy", "/kept", "/combination?is=1.MOUSE_2.GONE.LAPTOP"])
def test_a_page_that_is_painted_in_part_begins_as_streamlit_draws_it(painted: Shopper, path: str) -> None:
    painted.fill_unseen("MOUSE")
    for look, (boxes, written), (boxes_after, written_after) in compared(painted.page, painted.url + path):
        assert boxes["beginning"] or boxes["priced"]
        for part, those in boxes.items():
            boxes_after[part] = boxes_after[part][: len(those)]
        assert alike(boxes, boxes_after) == {}, look
        assert set(written) <= set(written_after)


LONG = "Height-adjustable corner standing desk with bamboo top, memory panel and cable tray (left-handed, 180 x 120 cm)"
ODD = CATALOGUE.replace(
    "\n",
    f'\nLONG,"{LONG}",1299999.50,Desks,Odd.,laptop.svg,3\nGONE,Sold until today,5,Desks,Odd.,laptop.svg,\n',
    1,
)
SOLD_OUT = "".join(
    line.rpartition(",")[0] + ",0\n" if line.startswith("MAT-DESK,") else line for line in ODD.splitlines(keepends=True)
)


@pytest.fixture(scope="module")
def odd_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shopkeeper]:
    """Give a store that sells something with a long name, and something that it will not sell any more."""
    with shopkeeper(tmp_path_factory.mktemp("shop"), ODD) as keeper:
        yield keeper


@pytest.fixture
def odd_cart(odd_shop: Shopkeeper, new_shopper: Callable[..., Shopper]) -> Shopper:
    """Give a shopper with a line of a long name, one that is gone, one that is sold out, an act to undo, and looks."""
    odd_shop.writes(ODD)
    shopper = new_shopper(odd_shop.store).fill_unseen("LAPTOP", "LONG", "MOUSE", "GONE", "MAT-DESK")
    odd_shop.writes("".join(line for line in SOLD_OUT.splitlines(keepends=True) if not line.startswith("GONE,")))
    shopper.page.add_init_script(OPENED)
    for sku in ("LAMP-DESK", "KEYBOARD", "LONG"):
        shopper.open(f"/product?sku={sku}")
    shopper.open("/cart")
    shopper.button("news-read").click()
    shopper.step_up("MOUSE").click()
    shopper.sees_count(5)
    shopper.button("move-LAPTOP").click()
    shopper.sees_count(4)
    return shopper.settled()


@pytest.mark.server
def test_a_painted_cart_is_what_streamlit_draws_at_every_width_light_and_dark(odd_cart: Shopper) -> None:
    page = odd_cart.page
    looks: list[Look] = [(320, "light"), (390, "dark"), (820, "light"), (1024, "dark"), (1280, "light")]
    for look, (boxes, written), (boxes_after, written_after) in compared(page, odd_cart.url + "/cart", looks):
        assert len(boxes["line"]) == 5
        assert all(
            boxes[part]
            for part in ("undo", "sum", "summary", "clear", "keep", "move", "saved for later", "form", "looked at")
        )
        assert alike(boxes, boxes_after) == {}, look
        assert written == written_after
    assert page.evaluate("shift") < 0.01


@pytest.mark.server
def test_an_empty_cart_is_painted_as_streamlit_draws_it(painted: Shopper) -> None:
    for look, (boxes, written), (boxes_after, written_after) in compared(painted.page, painted.url + "/cart"):
        assert boxes["empty"]
        assert alike(boxes, boxes_after) == {}, look
        assert written == written_after


@pytest.mark.server
def test_what_is_clicked_in_a_painted_cart_happens_once(painted: Shopper) -> None:
    page = painted.page
    painted.fill_unseen("LAPTOP", "MOUSE", "MOUSE", "MOUSE", "KEYBOARD", "LAMP-DESK")
    with streamlit_held(page):
        page.goto(painted.url + "/cart", wait_until="commit")
        sees_paint(page)
        up, down = (
            '[data-key="quantity-{}"][data-step="{}1"]'.format(*part) for part in (("LAPTOP", ""), ("MOUSE", "-"))
        )
        for selector in (up, up, up, down, '[data-key="remove-KEYBOARD"]'):
            page.evaluate("selector => paintRoot.querySelector(selector).click()", selector)
        click_painted(page, "quick-add")
        chosen = page.evaluate("paintRoot.querySelector('.list').textContent")
    assert chosen == "Laptop"
    page.wait_for_function(SWAPPED)
    painted.settled()
    assert painted.kept_lines() == {"LAPTOP": 5, "MOUSE": 2, "LAMP-DESK": 1}
    painted.reload().sees_lines({"LAPTOP": 5, "MOUSE": 2, "LAMP-DESK": 1})


@pytest.mark.server
def test_a_painted_undo_undoes_one_act(painted: Shopper) -> None:
    page = painted.page
    painted.fill_unseen("LAPTOP", "MOUSE")
    painted.open("/cart")
    for sku in ("LAPTOP", "MOUSE"):
        painted.remove(sku)
        expect(painted.button(f"remove-{sku}")).to_have_count(0)
    painted.settled()
    with streamlit_held(page):
        page.goto(painted.url + "/cart", wait_until="commit")
        sees_paint(page)
        for _ in range(2):  # impatient
            page.evaluate("paintRoot.querySelector('.st-key-undo button').click()")
    page.wait_for_function(SWAPPED)
    painted.settled().sees_lines({"MOUSE": 1})


@pytest.mark.server
def test_clear_cart_asks_once_the_page_is_alive_however_often_it_was_clicked(painted: Shopper) -> None:
    page = painted.page
    painted.fill_unseen("LAPTOP")
    with streamlit_held(page):
        page.goto(painted.url + "/cart", wait_until="commit")
        sees_paint(page)
        click_painted(page, "clear-cart", 2)
    page.wait_for_function(SWAPPED)
    expect(page.get_by_text("Remove everything from your cart?")).to_be_visible()
    painted.sees_count(1)


@pytest.mark.server
def test_a_painted_list_opens_once_the_page_is_alive_and_has_the_focus(painted: Shopper) -> None:
    page = painted.page
    with streamlit_held(page):
        page.goto(painted.url + "/cart", wait_until="commit")
        sees_paint(page)
        page.evaluate("paintRoot.querySelector('.list').focus()")
        page.keyboard.press("Enter")
    page.wait_for_function(SWAPPED)
    expect(page.get_by_role("option", name="Mouse", exact=True)).to_be_visible()
    expect(page.locator(".st-key-quick-add-product input")).to_be_focused()


@pytest.mark.server
def test_the_keyboard_reaches_a_painted_line_and_keeps_its_place(painted: Shopper) -> None:
    page = painted.page
    painted.fill_unseen("LAPTOP", "MOUSE")
    with streamlit_held(page):
        page.goto(painted.url + "/cart", wait_until="commit")
        sees_paint(page)
        page.evaluate("paintRoot.querySelector('[data-key=remove-LAPTOP]').focus()")
        for _ in range(3):  # the picture's link has no text of its own; name, quantity, more
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    page.wait_for_function(SWAPPED)
    painted.settled().sees_lines({"LAPTOP": 1, "MOUSE": 2})
    expect(painted.quantity("MOUSE")).to_be_focused()


@pytest.mark.server
def test_nothing_moves_when_streamlit_takes_over(painted: Shopper) -> None:
    painted.fill_unseen("LAPTOP", "MOUSE", "LAMP-DESK")
    for path in ("/", "/product?sku=LAPTOP", "/cart", "/returns", "/privacy", "/kept"):
        painted.open(path)
        painted.page.wait_for_function(SWAPPED)
        assert painted.page.evaluate("shift") < 0.005, path


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


@pytest.mark.server
def test_nothing_is_there_twice_while_streamlit_has_drawn_the_page_and_the_paint_still_stands(painted: Shopper) -> None:
    page = painted.page
    painted.fill_unseen("MOUSE")
    page.goto(painted.url + "/cart", wait_until="commit")
    sees_paint(page)
    page.evaluate(
        "setInterval(() => paintRoot.querySelector('main').dispatchEvent(new Event('scroll')), 20)"
    )  # no rest
    expect(page.locator("#root .foot")).to_be_attached()
    expect(page.locator(IDLE)).to_be_attached()
    assert page.evaluate(PAINTED)
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    said = [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == "StaticText"]
    assert said.count("\u20b9349 each") == 1
