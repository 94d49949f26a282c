"""What the paint has remembered is done by the real page, also where that is late or is left meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route

from testbed.browser.painted import open_painted
from testbed.browser.shopper import Shopper
from testbed.servers import Store

OPENED = """
const attach = HTMLElement.prototype.attachInternals;
HTMLElement.prototype.attachInternals = function () {
  const internals = attach.call(this);
  window.paintRoot = internals.shadowRoot;
  return internals;
};
"""
"""Lets a test look into the paint, whose root is closed."""

CARD_ENDS = re.compile(
    r'<script nonce="([^"]+)">(.*)(<button[^>]*data-key="add-LAPTOP"[^>]*>[^<]*</button>)', re.DOTALL
)
CLICKED_AT_ONCE = r"""<script nonce="\1">\2\3<script nonce="\1">
const add = window.paintRoot?.querySelector('[data-key=add-LAPTOP]');
add?.click();
window.early = { isNoted: !!add?.classList.contains('noted'), isWhole: !!window.paintRoot?.querySelector('.foot') };
</script>"""
"""Clicks as soon as the browser has read the button: a script right behind it."""

STAYING = """
const remove = Element.prototype.remove;
Element.prototype.remove = function () {
  if (this.localName === 'first-paint') window.hasDrawn = true;
  else remove.call(this);
};
"""
"""Leaves the paint where it is when Streamlit has drawn the same."""
VISIBLE = """[...document.querySelectorAll('#root *')]
  .filter(element => getComputedStyle(element).visibility === 'visible').map(element => element.textContent)"""

WITHOUT_ITS_FIELD_AT_FIRST = """
let seenAt;
setInterval(() => {
  const field = document.querySelector('.st-key-pieces-MOUSE, .late');
  if (field) seenAt ??= performance.now();
  if (performance.now() - seenAt < 3000) field?.classList.replace('st-key-pieces-MOUSE', 'late');
  else field?.classList.replace('late', 'st-key-pieces-MOUSE');
});
"""
LEFT_AFTER_THE_STEPS = """
if (!sessionStorage.getItem('was here')) setInterval(() => {
  if (document.querySelector('.st-key-buy input')?.value === '3') dispatchEvent(new Event('beforeunload'));
});
sessionStorage.setItem('was here', 'yes');
"""
STEPPED_AND_ANSWERED = """() => document.querySelector('.st-key-buy input')?.value === '3'
  && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"""
BEING_LEFT = """
if (!sessionStorage.getItem('was here')) setInterval(() => dispatchEvent(new Event('beforeunload')), 100);
sessionStorage.setItem('was here', 'yes');
"""
"""As in a reload on a slow network: the old page is alive until the new one answers."""
DRAWN_FOR_LONG = """() => {
  const isDrawn = document.querySelector('.st-key-add-LAPTOP button')
    && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning';
  window.drawnAt = isDrawn ? window.drawnAt ?? performance.now() : undefined;
  return performance.now() - window.drawnAt > 1000;
}"""


def click_painted(page: Page, url: str, *selectors: str) -> None:
    open_painted(page, f"{url}/product?sku=MOUSE")
    page.wait_for_function("() => window.paintRoot?.querySelector('.foot')")
    for selector in selectors:
        page.evaluate("selector => paintRoot.querySelector(selector).click()", selector)


def change_the_answer(page: Page, url: str, change: Callable[[str], str]) -> None:
    """Let the server's page arrive with changes."""

    def answer(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=change(answer.text()))

    page.context.grant_permissions(["local-network-access"])  # such a page comes from nowhere, to Chromium
    page.route(url, answer)


STEP, ADD, ADD_ANOTHER = "[data-step='1']", "[data-key='add-MOUSE']", ".st-key-cards [data-key]"


def test_a_button_that_is_drawn_late_is_waited_for(shopper: Shopper) -> None:
    """As in Firefox, where the field with the steps may come after all the rest."""
    shopper.page.add_init_script(OPENED + WITHOUT_ITS_FIELD_AT_FIRST)
    click_painted(shopper.page, shopper.url, STEP, STEP, ADD)
    shopper.sees_count(3)


def test_a_reload_between_steps_and_the_add_keeps_the_quantity(shopper: Shopper) -> None:
    page = shopper.page
    page.add_init_script(OPENED + LEFT_AFTER_THE_STEPS)
    click_painted(page, shopper.url, STEP, ADD_ANOTHER, STEP, ADD)
    page.wait_for_function(STEPPED_AND_ANSWERED)
    page.reload()
    shopper.sees_count(4)
    shopper.settled()
    shopper.reload().sees_count(4)


def test_steps_of_the_paint_are_not_done_again_by_a_reload_of_the_page(shopper: Shopper) -> None:
    page = shopper.page
    page.add_init_script(OPENED)
    click_painted(page, shopper.url, STEP)
    page.wait_for_function("() => !document.querySelector('first-paint')")
    shopper.reload()
    assert page.locator(".st-key-buy input").input_value() == "1"


def test_nothing_of_the_real_page_shines_through_the_paint(shopper: Shopper) -> None:
    """Streamlit makes captions and labels visible by themselves, under whatever is hidden."""
    page = shopper.fill_unseen("MOUSE").page
    page.add_init_script(STAYING)
    for path in ("/", "/product?sku=MOUSE"):
        open_painted(page, shopper.url + path)
        page.wait_for_function("() => window.hasDrawn")
        assert page.evaluate(VISIBLE) == []


def test_a_page_that_is_being_left_sends_nothing_that_could_be_cut_off(shopper: Shopper) -> None:
    page = shopper.page
    page.add_init_script(OPENED + BEING_LEFT)
    page.goto(shopper.url, wait_until="commit")  # the click comes before the page is alive
    page.wait_for_function("() => window.paintRoot?.querySelector('[data-key=add-LAPTOP]')")
    page.evaluate("paintRoot.querySelector('[data-key=add-LAPTOP]').click()")
    page.wait_for_function(DRAWN_FOR_LONG)
    assert "add-LAPTOP" in page.evaluate("sessionStorage.getItem('keepcart.acts') ?? ''")
    shopper.reload().sees_count(1)
    shopper.reload().sees_count(1)


def test_a_click_after_the_link_that_leads_away_is_not_shown_as_taken(shopper: Shopper) -> None:
    """The next page could not do it."""
    page = shopper.page
    page.add_init_script(OPENED)
    open_painted(page, shopper.url)
    page.wait_for_function("() => window.paintRoot?.querySelector('.foot')")
    is_noted = page.evaluate(
        """() => {
        const link = paintRoot.querySelector('a[href="product?sku=MOUSE"]');
        const add = paintRoot.querySelector('[data-key=add-LAPTOP]');
        link.addEventListener('click', event => event.preventDefault());  // as if the next page took its time
        link.click();
        dispatchEvent(new Event('beforeunload'));
        add.click();
        return add.classList.contains('noted');
        }"""
    )
    assert not is_noted


def test_a_click_is_heard_while_the_rest_of_the_page_is_still_coming(shopper: Shopper) -> None:
    page = shopper.page
    page.add_init_script(OPENED)
    change_the_answer(page, shopper.url + "/", lambda html: CARD_ENDS.sub(CLICKED_AT_ONCE, html, count=1))
    page.goto(shopper.url, wait_until="commit")
    page.wait_for_function("() => window.paintRoot?.querySelector('.foot')")
    assert page.evaluate("window.early") == {"isNoted": True, "isWhole": False}
    shopper.sees_count(1)


def test_an_old_browser_gets_the_page_though_a_template_is_one_that_is_never_drawn_to_it(shopper: Shopper) -> None:
    page = shopper.page
    change_the_answer(page, shopper.url + "/", lambda html: html.replace('shadowrootmode="closed"', ""))
    shopper.open().fill("LAPTOP")
    assert not page.locator("first-paint").count()


def test_an_old_browser_gets_the_page_without_its_paint(shopper: Shopper) -> None:
    """Safari before 16.4 knows neither declarative shadow roots nor `attachInternals`."""
    shopper.page.add_init_script("delete HTMLElement.prototype.attachInternals")
    shopper.open().fill("LAPTOP")
    assert not shopper.page.locator("first-paint").count()


def test_where_scripts_are_switched_off_the_page_says_that_its_buttons_need_them(
    new_shopper: Callable[..., Shopper], shared_store: Store
) -> None:
    page = new_shopper(shared_store, java_script_enabled=False).page
    page.goto(shared_store.url)
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    assert any("need JavaScript" in node.get("name", {}).get("value", "") for node in nodes)
