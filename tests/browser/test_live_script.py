"""The script of the shop's pages, in a page without a store: whom it asks whether storage is back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, Route

from app.views.parts.script import script
from app.web.page_head import _server_of

HOST = "http://shop.test"
NOTICE = '<div class="notice"><div></div><button></button></div><div class="said"></div>'
UNSAVED = """() => {
  window.looks = 0
  const said = {version: 1, saved: false, notice: {number: 0, done: [], warnings: []}}
  document.querySelector('.said').dataset.said = JSON.stringify(said)
  keepcartLive({parentElement: document.body, setTriggerValue: () => { looks += 1 }})
}"""
ASKS_MS = 2_000
"""How often a page with unsaved changes asks."""

Opens = Callable[..., list[str]]


def server_of(path: str) -> str:
    """Return what the page's head says of its server."""
    return f"<script>{_server_of(path)}</script>"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    page.clock.install()
    yield page
    page.close()


@pytest.fixture
def opens(page: Page) -> Opens:
    """Give a function that opens an unsaved page and returns the paths that it asks for, a list that grows."""

    def opens(path: str, *, head: str, answers: dict[str, int], body: str = "") -> list[str]:
        asked: list[str] = []

        def answer(route: Route, request: Request) -> None:
            place = request.url.removeprefix(HOST)
            if place == path:
                html = f"<!DOCTYPE html><head>{head}</head><body>{NOTICE}<script>{script()}</script></body>"
                route.fulfill(body=html, content_type="text/html")
            else:
                asked.append(place)
                route.fulfill(status=answers.get(place, 404), body=body)

        page.route("**/*", answer)
        page.goto(HOST + path)
        page.evaluate(UNSAVED)
        return asked

    return opens


def looks_again(page: Page) -> bool:
    """Tell whether the page asks for a run within three rounds. By the last answer it has read the ones before."""
    for _ in range(3):
        with page.expect_response("**/readyz"):
            page.clock.run_for(ASKS_MS)
    return bool(page.evaluate("looks"))


@pytest.mark.parametrize(
    ("path", "head", "probe"),
    [
        ("/cart", server_of("/cart"), "/readyz"),
        ("/below/", server_of("/"), "/below/readyz"),
        ("/below/cart", server_of("/cart"), "/below/readyz"),
        ("/below/cart", "", "/below/readyz"),
    ],
)
def test_an_unsaved_page_asks_the_server_that_it_is_from(
    page: Page, opens: Opens, path: str, head: str, probe: str
) -> None:
    asked = opens(path, head=head, answers={probe: 200})
    assert looks_again(page)
    assert set(asked) == {probe}


def test_a_store_without_a_place_for_more_pages_has_its_storage(page: Page, opens: Opens) -> None:
    opens("/", head=server_of("/"), answers={"/readyz": 503}, body='{"status": "unavailable", "reason": "full"}')
    assert looks_again(page)


@pytest.mark.parametrize("status", [404, 503])
def test_only_an_answer_of_200_means_that_storage_is_back(page: Page, opens: Opens, status: int) -> None:
    opens("/", head=server_of("/"), answers={"/readyz": status})
    assert not looks_again(page)


FORGET = """() => {
  const said = {version: 1, saved: true, notice: {number: 0, done: [], warnings: []},
                leave: {token: "t0ken", to: "privacy?forgotten"}}
  document.querySelector('.said').dataset.said = JSON.stringify(said)
  for (const _ of [1, 2]) keepcartLive({parentElement: document.body, setTriggerValue: () => {}})
}"""


def test_a_page_asks_to_be_forgotten_until_the_server_answers_and_then_goes_on_as_a_strangers(
    page: Page, opens: Opens
) -> None:
    """The server is being restarted behind a proxy; the run is repeated meanwhile."""
    opens("/below/cart", head=server_of("/cart"), answers={"/below/privacy?forgotten": 200})
    asked: list[tuple[str, str | None]] = []

    def answer(route: Route, request: Request) -> None:
        asked.append((request.method, request.post_data))
        route.fulfill(status=502) if len(asked) < 3 else route.fulfill(status=204)

    page.route("**/below/forget-me", answer)
    page.evaluate(FORGET)
    for _ in range(2):
        with page.expect_response("**/forget-me"):
            page.clock.run_for(1_000)
    page.clock.run_for(1_000)
    page.wait_for_url(f"{HOST}/below/privacy?forgotten")
    assert asked == [("POST", "token=t0ken")] * 3


LINE = """steps => steps.map(step => {
  if (step === "click") document.body.click()
  if (step === "asks") asked(new Uint8Array([9, 90, 0]).subarray(1))
  if (step === "says something") answered(new Uint8Array([42, 48, 1]).buffer)
  if (step === "ends a run") answered(new Uint8Array([48, 0]).buffer)
  if (step === "ends early for another") answered(new Uint8Array([48, 2]).buffer)
  return connection.hasUnanswered
})"""


@pytest.mark.parametrize(
    ("steps", "asks_who_leaves_then"),
    [
        (["asks", "ends a run"], [False, False]),
        (["click", "asks", "says something", "ends a run"], [False, True, True, False]),
        (["asks", "click", "asks", "ends a run", "ends a run"], [False, False, True, True, False]),
        (["click", "asks", "ends early for another", "ends a run"], [False, True, True, False]),
    ],
)
def test_who_leaves_is_asked_from_the_click_to_the_end_of_its_own_run(
    page: Page, opens: Opens, steps: list[str], asks_who_leaves_then: list[bool]
) -> None:
    opens("/", head="", answers={})
    assert page.evaluate(LINE, steps) == asks_who_leaves_then


def test_a_shop_that_is_silent_after_a_request_is_said_to_be_and_withdrawn_at_its_first_word(
    page: Page, opens: Opens
) -> None:
    opens("/", head="", answers={})
    page.evaluate(LINE, ["asks"])
    page.clock.run_for(3_900)
    assert page.evaluate("notice.trouble") == ""
    page.clock.run_for(200)
    assert "does not answer" in page.evaluate("notice.trouble")
    page.evaluate(LINE, ["says something"])
    assert page.evaluate("notice.trouble") == ""
