"""Twenty apps as people write them, not a line of them changed: their sessions go on after whatever happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from inspect import getsource
from typing import NamedTuple

import pytest
from streamlit.proto.Common_pb2 import ChatInputValue
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner import ScriptRunner

from testbed.fixtures import Tell
from testbed.gallery.uses import GALLERY, used, words
from testbed.servers import Store
from testbed.servers.gallery import gallery
from testbed.wire.open_page import OpenPage

pytestmark = pytest.mark.server


@dataclass
class Servers:
    """Two replicas over one storage, and plain Streamlit, to which nothing happens."""

    one: Store
    two: Store
    plain: Store


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    folder = tmp_path_factory.mktemp("gallery")
    url = f"sqlite:///{folder}/sessions.db"
    running = Servers(gallery(folder / "one", url), gallery(folder / "two", url), gallery(folder / "plain"))
    every = (running.one, running.two, running.plain)
    try:
        for server in every:
            server.start()
        yield running
    finally:
        for server in every:
            server.kill()


NOTES_EACH_RUN = {"clock"}
"""A restored session has one run more, as after a reload; this one notes each."""


class Said(NamedTuple):
    """What an app says on a server that nothing happens to.

    Attributes:
        before: after it was used.
        again: after a run without any act; what a button's run alone has drawn is gone.
        after: after the next act, right after it was used.
        after_again: after the next act, after such a run.
    """

    before: str
    again: str
    after: str
    after_again: str


@pytest.fixture(scope="module")
def steady(servers: Servers) -> Mapping[str, Said]:
    """Give what each app says on a server that nothing happens to."""
    said = {}
    for app, use in GALLERY.items():
        with used(servers.plain.url, app) as page, used(servers.plain.url, app) as rerun:
            before = page.shown.text()
            use.next(page)
            rerun.rerun()
            again = rerun.shown.text()
            use.next(rerun)
            said[app] = Said(before, again, page.shown.text(), rerun.shown.text())
    return said


KEEPS_WIDGETS_AT_RERUN = "SCRIPT_STOPPED_FOR_RERUN" in getsource(ScriptRunner._on_script_finished)
"""Older releases forget what widgets hold at a `st.rerun()` before they are drawn, whoever keeps the session."""

kept_apps = pytest.mark.parametrize(
    "app",
    [
        pytest.param(
            app,
            marks=pytest.mark.skipif(app == "ready" and not KEEPS_WIDGETS_AT_RERUN, reason="a release that lacks it"),
        )
        for app in GALLERY
    ],
)


@kept_apps
def test_after_a_reload_an_app_says_what_it_said(servers: Servers, steady: Mapping[str, Said], app: str) -> None:
    with used(servers.one.url, app, tab="t") as page:
        assert page.shown.text() == steady[app].before
    with OpenPage(servers.one.url, page.cookies, page.address, tab="t") as again:
        assert again.shown.text() == steady[app].again
        GALLERY[app].next(again)
        assert again.shown.text() == steady[app].after_again


@kept_apps
def test_in_a_new_tab_and_on_another_replica_it_goes_on_where_the_visitor_was(
    servers: Servers, steady: Mapping[str, Said], app: str
) -> None:
    with used(servers.one.url, app, tab="t") as page:
        pass
    with OpenPage(servers.two.url, page.cookies, page.address, tab="u") as other:
        assert other.shown.text() == steady[app].again
        GALLERY[app].next(other)
        assert other.shown.text() == steady[app].after_again


def test_after_a_killed_server_the_next_act_counts_in_each(servers: Servers, steady: Mapping[str, Said]) -> None:
    pages = {app: used(servers.one.url, app, tab="t") for app in GALLERY}
    servers.one.restart()
    found = {}
    for app, page in pages.items():
        page.reconnect()
        GALLERY[app].next(page)
        found[app] = page.shown.text()
        page.__exit__(None, None, None)
    assert found == {app: said.after_again if app in NOTES_EACH_RUN else said.after for app, said in steady.items()}


@pytest.mark.parametrize("app", ["started", "later"])
def test_an_app_that_cannot_do_without_what_could_not_be_kept_starts_anew_without_an_error_page(
    servers: Servers, app: str
) -> None:
    with OpenPage(servers.plain.url, path=app) as page:
        new = page.shown.text()
        page.press("Call")
        used_once = page.shown.text()
    with OpenPage(servers.one.url, path=app, tab="t") as page:
        page.press("Call")
        assert page.shown.text() == used_once
    with OpenPage(servers.two.url, page.cookies, app, tab="t") as again:
        if app == "later":
            assert again.shown.text() == used_once, "the page itself can do without"
            again.press("Call")
        assert again.shown.text() == new
        again.press("Call")
        assert again.shown.text() == used_once
    with OpenPage(servers.one.url, page.cookies, app, tab="t") as page:
        servers.one.restart()
        page.reconnect()
        page.press("Call")
        assert page.shown.text() == (used_once if app == "started" else new)


def test_what_a_browser_cannot_be_made_to_show_is_not_kept_either(servers: Servers) -> None:
    with OpenPage(servers.one.url, path="edited", tab="t") as page:
        words("Name", "Ann")(page)
        page.change("edits", string_value='{"edited_rows": {"0": {"pieces": 5}}, "added_rows": [], "deleted_rows": []}')
        page.change("chosen", string_value='{"selection": {"rows": [1], "columns": [], "cells": []}}')
        assert page.shown.text().endswith("Ann: 7 pieces, chosen [1]")
    with OpenPage(servers.one.url, page.cookies, page.address, tab="t") as again:
        assert again.shown.text().endswith("Ann: 3 pieces, chosen []")


def test_what_was_asked_is_there_after_a_reload_in_the_middle_of_a_long_answer(servers: Servers) -> None:
    with OpenPage(servers.one.url, path="streamed", tab="t") as page:
        (box,) = [part.content.id for part in page.shown.parts if part.kind == "chat_input"]
        asked = page._request([WidgetState(id=box, chat_input_value=ChatInputValue(data="why"))], "")
        page.send_raw(asked)
        page.wait_for("why3")
    with OpenPage(servers.one.url, page.cookies, "streamed", tab="t") as again:
        assert "You: why" in again.shown.text()
        assert "why3" not in again.shown.text()


def test_a_dialog_that_was_open_on_a_killed_server_closes_and_the_page_goes_on(servers: Servers) -> None:
    with OpenPage(servers.one.url, path="asked", tab="t") as page:
        page.press("New name")
        servers.one.restart()
        page.reconnect()
        page.press("Keep")
        assert not page.shown.has("Keep")
        page.press("New name")
        page.hold("Name", string_value="Ann")
        page.press("Keep")
        assert page.shown.text().endswith("Names: ['Ann']")


@pytest.mark.long
def test_in_a_script_that_takes_longer_than_a_turn_the_first_click_counts_once_and_is_answered(
    servers: Servers,
) -> None:
    with OpenPage(servers.one.url, path="slow", tab="t") as page:
        page.press("More")
        servers.one.restart()
        page.reconnect()
        run = page.press("More")
        assert page.shown.text().endswith("Counted to 2")
        assert run.seconds < 15, "its rehearsal was left once it had drawn the button"
        page.press("More")
        assert page.shown.text().endswith("Counted to 3")


def test_plain_streamlit_loses_what_is_kept(servers: Servers, steady: Mapping[str, Said], tell: Tell) -> None:
    """What the tests above show is not what Streamlit does by itself."""
    for app in GALLERY:
        with used(servers.plain.url, app) as page:
            pass
        with OpenPage(servers.plain.url, page.cookies, page.address) as again:
            lost = lines_lost(steady[app].again, again.shown.text())
        assert lost, app
        tell(f"{app}: {lost[0]}" + (f" and {len(lost) - 1} more" if lost[1:] else ""))


def lines_lost(before: str, after: str) -> list[str]:
    """Return the lines of a page that another does not have."""
    there = after.splitlines()
    return [line for line in before.splitlines() if line and line not in there]
