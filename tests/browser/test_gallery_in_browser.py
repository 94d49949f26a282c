"""Apps of the gallery in a browser: it shows again what it showed, and the first click after a kill counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from testbed.browser.inputs import Inputs
from testbed.browser.shopper import CONNECTED, IDLE, PATIENCE_MS, restart_under
from testbed.gallery.uses import GALLERY, used
from testbed.servers import Store
from testbed.servers.gallery import gallery
from testbed.wire.connection import Cookies

SHOWN = """() => [
  document.querySelector('[data-testid=stApp]').innerText,
  ...[...document.querySelectorAll('input, textarea')].map(input =>
    ['checkbox', 'radio'].includes(input.type) ? input.checked : input.value),
  ...[...document.querySelectorAll('[role=slider], [role=spinbutton]')].map(part => part.ariaValueNow),
  ...[...document.querySelectorAll('[role=radio], button[aria-pressed]')].map(button =>
    `${button.textContent} ${button.ariaChecked ?? button.ariaPressed}`),
  ...[...document.querySelectorAll('[data-tag]')].map(tag => tag.textContent),
].join('\\n')"""
"""Everything that the page says, and everything that its widgets show or have chosen."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("gallery")
    server = gallery(folder, f"sqlite:///{folder}/sessions.db")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    with chromium.new_context() as context:
        context.set_default_timeout(PATIENCE_MS)
        yield context


def visitor_who_used(server: Store, app: str, context: BrowserContext) -> Page:
    """Return a page of the app in the browser of somebody who has used it in a tab that is closed."""
    cookies: Cookies = {}
    with used(server.url, app, tab="closed", cookies=cookies) as past:
        address = past.address
    context.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
    page = context.new_page()
    page.goto(f"{server.url}/{address}")
    return settled(page)


def settled(page: Page) -> Page:
    expect(page.locator(CONNECTED)).to_be_attached()
    expect(page.get_by_test_id("stElementContainer").last).to_be_attached()
    expect(page.locator(IDLE)).to_be_attached()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    return page


def shown(page: Page) -> str:
    return str(page.evaluate(SHOWN))


def button(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name, exact=True).click()


def say_again(page: Page) -> None:
    page.get_by_test_id("stChatInputTextArea").fill("again")
    page.keyboard.press("Enter")


def type_nick(page: Page) -> None:
    page.get_by_label("Nick").fill("Cy")
    page.keyboard.press("Enter")


NEXT: Mapping[str, tuple[str, Callable[[Page], None], str]] = {
    "callbacks": ("nick Bo", type_nick, "'nick Bo', 'nick Cy']"),
    "chat": ("You said there", say_again, "You said again"),
    "filters": ("['lamp', 'chair']", lambda page: page.get_by_text("In stock").click(), "'two\\nlines', False)"),
    "form": ("Ann, days (2, 5), agreed, sent 1", button("Send"), "Ann, days (2, 5), agreed, sent 2"),
    "wizard": ("Step 2 of 3", button("Next"), "Answers: {1: 'Ann', 2: 'L'}"),
}
"""What an app says, what is done next in it, and what it says then."""


@pytest.mark.parametrize("app", NEXT)
def test_a_browser_shows_a_session_again_and_the_first_act_after_a_kill_counts(
    server: Store, context: BrowserContext, app: str
) -> None:
    before, act, after = NEXT[app]
    page = visitor_who_used(server, app, context)
    expect(page.get_by_test_id("stApp")).to_contain_text(before)
    said = shown(page)
    page.reload()
    settled(page)
    assert shown(page) == said
    restart_under(server, Inputs(page, server.url))
    act(page)
    expect(page.get_by_test_id("stApp")).to_contain_text(after)


@pytest.mark.long
@pytest.mark.parametrize("app", [app for app in GALLERY if app not in NEXT])
def test_a_browser_shows_every_session_again(server: Store, context: BrowserContext, app: str) -> None:
    page = visitor_who_used(server, app, context)
    said = shown(page)
    server.restart()
    page.reload()
    settled(page)
    if app != "clock":  # which notes each run
        assert shown(page) == said


def count_of(page: Page, count: int) -> None:
    expect(page.get_by_text(f"Counted to {count}", exact=True)).to_be_visible()


@pytest.mark.parametrize("name", ["", "same"], ids=["opened from it", "with its name"])
def test_a_tab_that_is_duplicated_has_a_session_of_its_own_from_there_on(
    server: Store, context: BrowserContext, name: str
) -> None:
    if name:  # as where the browser copies a tab that it has put into the background
        context.add_init_script(f"sessionStorage.setItem('keepcart.tab', '{name}')")
    page = visitor_who_used(server, "counter", context)
    count_of(page, 2)
    button("One more")(page)
    count_of(page, 3)
    with page.expect_popup() as opening:
        page.evaluate("window.open(location.href)")
    twin = settled(opening.value)
    count_of(twin, 3)
    button("One more")(twin)
    count_of(twin, 4)
    button("One more")(twin)
    count_of(twin, 5)
    button("One more")(page)
    count_of(page, 4)
    if not name:  # the script above would give them one name again
        for tab, count in ((page, 4), (twin, 5)):
            tab.reload()
            count_of(tab, count)
