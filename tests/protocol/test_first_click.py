"""The first click on a page whose server was killed counts, whatever it is; and so do those right after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from random import Random
from threading import Event, Thread

import pytest
from websockets.exceptions import InvalidState

from testbed.servers import Store
from testbed.servers.gallery import gallery
from testbed.wire.open_page import OpenPage

Act = Callable[[OpenPage], object]


def press(name: str) -> Act:
    return lambda page: page.press(name)


def change(name: str, **value: object) -> Act:
    return lambda page: page.change(name, **value)


def submit(page: OpenPage) -> object:
    page.hold("in_form", string_value="filled in")
    return page.press("FormSubmitter:form-submit")


def several(*values: object) -> dict[str, object]:
    return {"data": list(values)}


ACTS: dict[str, Act] = {
    "button": press("button"),
    "plain button": press("plain button"),
    "download": press("download"),
    "row-b": press("row-b"),
    "submit filled in": submit,
    "in fragment": press("in fragment"),
    "checked": change("checked", bool_value=True),
    "checkbox": change("checkbox", bool_value=True),
    "toggle": change("toggle", bool_value=True),
    "text": change("text", string_value="x"),
    "area": change("area", string_value="x"),
    "number": change("number", int_value=7),
    "decimal": change("decimal", double_value=1.5),
    "slider": change("slider", int_array_value=several(3)),
    "range": change("range", int_array_value=several(3, 4)),
    "sizes": change("sizes", string_array_value=several("L")),
    "select": change("select", string_value="b"),
    "several": change("several", string_array_value=several("b")),
    "radio": change("radio", string_value="b"),
    "pills": change("pills", string_array_value=several("b")),
    "segments": change("segments", string_array_value=several("b")),
    "date": change("date", string_array_value=several("2026/02/03")),
    "time": change("time", string_value="10:30"),
    "moment": change("moment", string_array_value=several("2026/02/03, 10:30")),
    "colour": change("colour", string_value="#00ff00"),
    "stars": change("stars", string_value="2"),
    "said hello": lambda page: page.say("hello"),
}
"""Each way to act, by what the app notes of it."""


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("every")
    server = gallery(folder, f"sqlite:///{folder}/sessions.db", "apps/alone/every.py")
    server.start()
    yield server
    server.kill()


def noted(page: OpenPage) -> list[str]:
    (line,) = [line for line in page.shown.text().splitlines() if line.startswith("Log:")]
    return [note for note in line.removeprefix("Log:").strip().split(" | ") if note]


def first_acts_after_a_kill(server: Store, pages: int) -> None:
    """Let each way to act be the first after a kill, on so many pages of visitors of their own."""
    with ExitStack() as opened:
        waiting = [
            (note, act, opened.enter_context(OpenPage(server.url, tab="t")))
            for note, act in ACTS.items()
            for _ in range(pages)
        ]
        for number, (_, _, page) in enumerate(waiting):
            if number % 2:  # some have a past
                page.press("button")
        server.restart()
        missed = []
        for number, (note, act, page) in enumerate(waiting):
            page.reconnect()
            act(page)
            page.press("row-a")  # a fragment's run does not draw the log
            if noted(page) != ["button"] * (number % 2) + [note, "row-a"]:
                missed.append((note, noted(page)))
        assert missed == []


def test_the_first_act_after_a_killed_server_counts_once_whatever_it_is(every: Store) -> None:
    first_acts_after_a_kill(every, 5)


@pytest.mark.long
def test_the_first_act_after_a_killed_server_counts_in_hundred_of_hundred(every: Store) -> None:
    for _ in range(10):
        first_acts_after_a_kill(every, 10)


def test_ten_quick_clicks_right_after_a_killed_server_all_count(every: Store) -> None:
    with OpenPage(every.url, tab="t") as page:
        page.press("row-a")
        every.restart()
        page.reconnect()
        page.press(*["button", "row-b"] * 5)
        assert noted(page) == ["row-a", *["button", "row-b"] * 5]


def test_what_was_typed_before_the_first_click_and_not_sent_yet_counts_with_it(every: Store) -> None:
    with OpenPage(every.url, tab="t") as page:
        page.change("area", string_value="before")
        every.restart()
        page.reconnect()
        page.hold("text", string_value="typed")
        page.press("button")
        assert noted(page) == ["area", "text", "button"], "and what was sent before is no news"


def restarts_under_load(server: Store, times: int) -> None:
    """Kill a server at any moment of its work; each time the next act of a page that waits counts, and so do ten more.

    What its own runs in progress have done may be lost; what was answered is not.
    """
    chance, over = Random(12), Event()
    with ExitStack() as opened:
        page, *others = [opened.enter_context(OpenPage(server.url, tab="t")) for _ in range(4)]
        busy = [Thread(target=keep_clicking, args=(other, over)) for other in others]
        for thread in busy:
            thread.start()
            opened.callback(thread.join)
        opened.callback(over.set)
        expected: list[str] = []
        for _ in range(times):
            server.restart()
            page.reconnect()
            note, act = chance.choice([*ACTS.items()][:5])  # each of these notes something every time
            act(page)
            page.press(*["button", "row-b"] * 5)
            expected += [note, *["button", "row-b"] * 5]
            assert noted(page) == expected


def keep_clicking(page: OpenPage, over: Event) -> None:
    """Click as fast as the page answers, and go on whenever its server is there again."""
    while not over.is_set():
        try:
            page.press("button", "row-a")
        except (OSError, InvalidState):
            over.wait(0.1)
            with suppress(OSError):
                page.reconnect()


def test_restarts_under_load_lose_no_click(every: Store) -> None:
    restarts_under_load(every, 3)


@pytest.mark.long
def test_a_hundred_restarts_under_load_lose_no_click(every: Store) -> None:
    restarts_under_load(every, 100)
