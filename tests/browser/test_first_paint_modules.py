"""How Streamlit's own scripts come behind a first paint: fetched at once, run one by one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route

from testbed.browser.painted import open_painted
from testbed.browser.shopper import Shopper

PRELOADED = re.compile(r'<link[^>]*data-later="modulepreload"[^>]*href="\./static/js/([^"]+)"')
ENTRY = re.compile(r'<script[^>]*data-later="module"[^>]*src="\./static/js/([^"]+)"')
DRAWING = re.compile(r'<first-paint[^>]*data-scripts="([^"]*)"')
LANGUAGES = """
window.languagesAsked = 0;
const ask = Intl.DateTimeFormat.supportedLocalesOf;
Intl.DateTimeFormat.supportedLocalesOf = (...all) => { languagesAsked++; return ask(...all); };
"""
"""Counts what Streamlit's scripts would otherwise be the first to do: it takes long, once."""
GONE = "() => !document.querySelector('first-paint')"


def name_of(url: str) -> str:
    return url.rpartition("/")[2]


@pytest.mark.server
def test_all_scripts_are_asked_for_before_any_has_come_and_the_wait_is_used(shopper: Shopper) -> None:
    page = shopper.page
    held: list[Route] = []
    is_over = False

    def hold(route: Route) -> None:
        if is_over:
            route.continue_()
        else:
            held.append(route)

    page.add_init_script(LANGUAGES)
    page.route("**/static/js/**", hold)
    html = open_painted(page, shopper.url, held)
    (entry,) = ENTRY.findall(html)
    expected = {*PRELOADED.findall(html), entry}
    assert len(expected) > 10
    for _ in range(50):
        if {name_of(route.request.url) for route in held} >= expected:
            break
        page.wait_for_timeout(100)
    names = [name_of(route.request.url) for route in held]
    assert expected <= set(names)
    assert names[0] == entry
    page.wait_for_function("() => languagesAsked === 1", timeout=5_000)
    is_over = True
    for route in held:
        route.continue_()
    page.wait_for_function(GONE)


@pytest.mark.server
@pytest.mark.parametrize(
    "path",
    ["", "/?page=2", "/?q=laptop", "/product?sku=LAPTOP", "/cart", "/delivery", "/privacy", "/kept"],
)
def test_what_draws_the_painted_page_is_asked_for_with_the_first_scripts(shopper: Shopper, path: str) -> None:
    if path == "/cart":
        shopper.open().fill("LAPTOP", "MOUSE")
    asked: list[str] = []
    shopper.page.on("request", lambda request: asked.append(request.url))
    html = open_painted(shopper.page, shopper.url + path, asked)
    shopper.page.wait_for_function(GONE)
    shopper.settled()
    scripts = {name_of(url) for url in asked if "/static/js/" in url}
    (drawing,) = DRAWING.findall(html)
    assert scripts == {*PRELOADED.findall(html), *ENTRY.findall(html), *drawing.split()}


WITHOUT_TIMER = """
const real = window.setTimeout;
window.setTimeout = (act, ms, ...more) => ms === 300 ? 0 : real(act, ms, ...more);
"""
"""Leaves the first frame as the only thing that starts Streamlit; a busy machine may take longer to draw it."""


@pytest.mark.server
def test_no_script_is_asked_for_before_the_first_frame_is_seen(shopper: Shopper) -> None:
    page = shopper.page
    page.add_init_script(WITHOUT_TIMER)
    page.goto(shopper.url)
    page.wait_for_function(GONE)
    seen, asked = page.evaluate("""() => [
        performance.getEntriesByName("first-contentful-paint")[0].startTime,
        performance.getEntriesByType("resource").filter(({name}) => name.includes("/static/js/")).map(e => e.startTime),
    ]""")
    assert asked
    assert min(asked) >= seen


def fail_once(failed: list[str]) -> Callable[[Route], None]:
    def fail(route: Route) -> None:
        if route.request.url in failed:
            route.continue_()
        else:
            failed.append(route.request.url)
            route.abort()

    return fail


@pytest.mark.server
@pytest.mark.parametrize("script", ["loglevel", "Button"])
def test_a_script_that_fails_to_come_once_is_asked_for_again(shopper: Shopper, script: str) -> None:
    failed: list[str] = []
    shopper.page.route(f"**/static/js/{script}.*", fail_once(failed))
    shopper.page.goto(shopper.url)
    shopper.page.wait_for_function(GONE)
    assert failed
