"""`keep_session(…)` at the top of a script that `streamlit run` starts."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from testbed.servers import Store, running_store
from testbed.wire.open_page import OpenPage

pytestmark = pytest.mark.server

SCRIPT = """
import streamlit as st
from keepcart import keep_session

keep_session("sqlite:///{folder}/kept.db", keys=["things", "town", "drawn"])
things = st.session_state.setdefault("things", [])
st.session_state["other"] = st.session_state.get("other", 0) + 1
if st.button("Add"):
    things.append(len(things))

@st.fragment
def part():
    if st.button("Draw"):
        st.session_state["drawn"] = True

part()
st.text_input("Town", key="town")
st.text(f"{{things}} {{st.session_state.town}} {{st.session_state.get('drawn')}} {{st.session_state.other}}")
"""
STREAMLIT = ("-m", "streamlit", "run", "--server.headless", "true", "--server.address", "127.0.0.1")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("called")
    script = folder / "app.py"
    script.write_text(SCRIPT.format(folder=folder), encoding="utf-8")
    with running_store(folder, {}, (*STREAMLIT, str(script), "--server.port"), cwd=folder) as running:
        yield running


def opened(app: Store, browser: str = "b") -> OpenPage:
    return OpenPage(app.url, {"keepcart": browser * 43})


def shows_saved(app: Store, things: str) -> bool:
    """Tell whether a new tab shows something within five seconds: a run is saved a moment after it is shown."""
    for _ in range(50):
        with opened(app) as tab:
            if things in tab.shown.text():
                return True
        time.sleep(0.1)
    return False


def test_its_keys_survive_a_reload_and_a_killed_server(app: Store) -> None:
    with opened(app) as page:
        page.press("Add")
        page.press("Add")
        page.change("town", string_value="Pune")
    with opened(app) as again:
        assert "[0, 1] Pune None 1" in again.shown.text()
        again.press("Add")
    assert shows_saved(app, "[0, 1, 2]")
    app.kill()
    app.start()
    with opened(app) as after:
        assert "[0, 1, 2] Pune None 1" in after.shown.text()


def test_what_a_fragment_has_changed_is_kept_with_the_next_whole_run(app: Store) -> None:
    with opened(app, "c") as page:
        page.press("Draw")
        page.press("Add")
    with opened(app, "c") as again:
        assert "[0]  True 1" in again.shown.text()


def test_another_browser_has_none_of_it(app: Store) -> None:
    with opened(app, "d") as page:
        page.press("Add")
    with opened(app, "e") as stranger:
        assert "[]  None 1" in stranger.shown.text()
