"""How Streamlit's own scripts come behind a first paint: fetched at once, run one by one."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route

from testbed.browser.shopper import Shopper

PRELOADED = re.compile(r'<link[^>]*data-later="modulepreload"[^>]*href="\./(static/js/[^"]+)"')
ENTRY = re.compile(r'<script[^>]*data-later="module"[^>]*src="\./(static/js/[^"]+)"')


@pytest.mark.server
def test_all_scripts_are_asked_for_before_any_has_come(shopper: Shopper) -> None:
    page = shopper.page
    held: list[Route] = []
    page.route("**/static/js/**", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    answer = page.goto(shopper.url, wait_until="commit")
    assert answer
    html = answer.text()
    expected = {f"{shopper.url}/{name}" for name in (*PRELOADED.findall(html), *ENTRY.findall(html))}
    assert len(expected) > 10
    for _ in range(50):
        if {route.request.url for route in held} >= expected:
            break
        page.wait_for_timeout(100)
    assert {route.request.url for route in held} == expected
    for route in held:
        route.continue_()
    page.unroute("**/static/js/**")
    page.wait_for_function("() => !document.querySelector('first-paint')")


@pytest.mark.server
def test_a_script_that_fails_to_come_once_is_asked_for_again(shopper: Shopper) -> None:
    page = shopper.page
    failed: list[str] = []

    def fail(route: Route) -> None:
        if route.request.url in failed:
            route.continue_()
        else:
            failed.append(route.request.url)
            route.abort()

    page.route("**/static/js/loglevel.*", fail)
    page.goto(shopper.url)
    page.wait_for_function("() => !document.querySelector('first-paint')")
    assert failed
