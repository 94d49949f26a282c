"""Kept widgets in two tabs, over two servers, and in the first run of a server that has just started."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from testbed.servers import RedisServer, Store, redis_server
from testbed.servers.widgets import widgets_app
from testbed.wire.connection import Cookies
from testbed.wire.open_page import OpenPage

Opens = Callable[..., OpenPage]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with widgets_app(tmp_path_factory.mktemp("widgets")) as app:
        yield app


@pytest.fixture
def open_tab() -> Iterator[Opens]:
    """Give a function that opens the app, in a browser of its own without cookies."""
    with ExitStack() as leaving:

        def opened(app: Store, cookies: Cookies | None, path: str = "") -> OpenPage:
            return leaving.enter_context(OpenPage(app.url, cookies, path))

        yield opened


def kept(page: OpenPage) -> dict[str, Any]:
    """Return what the script has told to be kept."""
    found: dict[str, Any] = json.loads(page.shown.text("told"))
    return found


def writes(page: OpenPage, name: str, text: str) -> None:
    page.change(f"kept-{name}", string_value=text)


def test_the_first_edit_after_a_restart_counts_and_puts_nothing_old_back(app: Store, open_tab: Opens) -> None:
    tab = open_tab(app, None)
    stale = open_tab(app, tab.cookies)
    writes(tab, "text", "Pune")
    app.restart()
    for page in (tab, stale):
        page.reconnect()
    writes(stale, "radio", "green")
    assert kept(stale) == {"text": "Pune", "radio": "green"}
    assert stale.value("kept-text") == "Pune"
    writes(tab, "area", "one")
    assert kept(tab) == {"text": "Pune", "area": "one", "radio": "green"}


def test_of_two_tabs_in_one_field_the_later_wins_unless_a_merge_decides(app: Store, open_tab: Opens) -> None:
    tab = open_tab(app, None)
    other = open_tab(app, tab.cookies)
    writes(tab, "text", "Pune")
    writes(other, "text", "Goa")
    assert kept(other) == {"text": "Goa"}
    writes(tab, "notes", "milk")
    assert kept(tab) == {"text": "Goa", "notes": "milk"}
    writes(other, "notes", "eggs")
    assert kept(other) == {"text": "Goa", "notes": "milk eggs"}
    assert other.value("kept-notes") == "milk eggs"
    assert kept(open_tab(app, tab.cookies)) == {"text": "Goa", "notes": "milk eggs"}


@pytest.fixture
def two_apps(tmp_path: Path) -> Iterator[tuple[RedisServer, Store, Store]]:
    with (
        redis_server(tmp_path / "redis") as redis,
        widgets_app(tmp_path / "one", redis.url) as one,
        widgets_app(tmp_path / "two", redis.url) as two,
    ):
        yield redis, one, two


def test_two_servers_whose_tabs_edit_one_field_at_once_merge_it(
    two_apps: tuple[RedisServer, Store, Store], open_tab: Opens
) -> None:
    _, one, two = two_apps
    tab = open_tab(one, None)
    other = open_tab(two, tab.cookies)
    writes(tab, "notes", "milk")
    writes(tab, "text", "Pune")
    writes(other, "notes", "eggs")
    assert kept(other)["notes"] == "eggs", "what it met is found when it is saved, and shown by the next run"
    writes(other, "text", "Goa")
    assert kept(other) == {"text": "Goa", "notes": "milk eggs"}
    assert kept(open_tab(one, tab.cookies)) == {"text": "Goa", "notes": "milk eggs"}


def test_a_page_load_and_a_page_switch_ask_storage_once_and_fifty_changes_save_once(
    two_apps: tuple[RedisServer, Store, Store], open_tab: Opens
) -> None:
    redis, one, _ = two_apps
    page = open_tab(one, None)
    writes(page, "text", "Pune")

    redis.tell("CONFIG", "RESETSTAT")
    page = open_tab(one, page.cookies)
    page.follow("other")
    assert commands(redis.tell("INFO", "commandstats")) == {**LOADED, "get": 1}, "a page load, a page switch"

    redis.tell("CONFIG", "RESETSTAT")
    page.press("raise")
    assert "Sum `50`" in page.shown.text()
    assert commands(redis.tell("INFO", "commandstats"))["evalsha"] == 1

    redis.tell("CONFIG", "RESETSTAT")
    assert "Sum `50`" in open_tab(one, page.cookies, "other").shown.text()
    assert commands(redis.tell("INFO", "commandstats")) == LOADED


LOADED = {"evalsha": 1, "getex": 1, "hexists": 1, "pttl": 1}
"""A page load: one script, and the commands in it."""


def commands(stats: dict[str, dict[str, int]]) -> dict[str, int]:
    """Return how often each command was called, without what a client says when it connects."""
    calls = {name.removeprefix("cmdstat_"): figures["calls"] for name, figures in stats.items()}
    connecting = {"info", "hello", "client|setinfo", "config|resetstat", "auth", "select", "client|setname", "ping"}
    return {name: count for name, count in calls.items() if name not in connecting}
