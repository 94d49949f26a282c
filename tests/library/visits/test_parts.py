"""`click(…, redraws=…)`: an act after which a part of the page is drawn anew, and not the page."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import signature
from pathlib import Path

import pytest
import streamlit as st

from testbed.servers import Store, running_store
from testbed.wire.open_page import OpenPage

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif("key" not in signature(st.fragment).parameters, reason="no fragment has a key in this release"),
]

SCRIPT = """
import streamlit as st
from keepcart import Kept, begin_visit, click

COUNT = Kept("count", int, default=0)
visit = begin_visit("sqlite:///{folder}/visits.db")

def count_up():
    visit.put(COUNT, visit.get(COUNT) + 1)

@st.fragment(key="count")
def count():
    st.text(f"Count {{visit.get(COUNT)}}")

count()
click(visit, "part", count_up, redraws=lambda: ["count"], label="Count in part")
click(visit, "even", count_up, redraws=lambda: ["count"] * (visit.get(COUNT) % 2 == 0), label="Whole page if odd")
click(visit, "page", count_up, label="Count")
st.session_state.runs = st.session_state.get("runs", 0) + 1
st.text(f"Runs {{st.session_state.runs}}")
visit.complete_run()
"""
MAIN = """
from pathlib import Path
import streamlit as st
from starlette.middleware import Middleware
from keepcart import Turns, VisitorCookie

script = Path(__file__).with_name("app.py")
app = st.App(script, middleware=[Middleware(VisitorCookie, keep_seconds=60), Middleware(Turns)])
"""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "app.py").write_text(SCRIPT.format(folder=tmp_path), encoding="utf-8")
    (tmp_path / "main.py").write_text(MAIN, encoding="utf-8")
    start = ("-m", "uvicorn", "--no-access-log", "--app-dir", str(tmp_path), "main:app", "--port")
    with running_store(tmp_path, {}, start) as store:
        yield store


def test_a_part_is_drawn_alone_and_what_was_put_is_saved_at_once(app: Store) -> None:
    with OpenPage(app.url) as page:
        page.press("part", "part", "part")
        assert page.shown.text().split("\n")[0] == "Count 3"
        assert "Runs 1" in page.shown.text()
        with OpenPage(app.url, page.cookies) as another:
            assert "Count 3" in another.shown.text()
        page.press("page")
        assert "Count 4" in page.shown.text()
        assert "Runs 2" in page.shown.text()


def test_an_act_that_changes_more_draws_the_page(app: Store) -> None:
    with OpenPage(app.url) as page:
        page.press("even")
        assert "Runs 2" in page.shown.text()
        page.press("even")
        assert "Runs 2" in page.shown.text()
        assert "Count 2" in page.shown.text()


def test_the_first_click_after_a_restart_counts_and_draws_the_page(app: Store) -> None:
    with OpenPage(app.url) as page:
        page.press("part")
        app.kill()
        app.start()
        page.reconnect()
        page.press("part")
        assert "Count 2" in page.shown.text()
        page.press("part", "page", "part")
        assert "Count 5" in page.shown.text()
