"""A kept value that the script changes in place, and what happens where that cannot be kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGE = """
import streamlit as st
from keepcart import Kept, begin_visit

if "kept" not in st.session_state:
    st.session_state["kept"] = Kept("notes", list[str], default=[]), Kept("marks", list[str], default=[])
NOTES, MARKS = st.session_state["kept"]
visit = begin_visit(URL)
if st.button("Note", key="note"):
    visit.get(NOTES).append("a")
if st.button("Too much", key="too-much"):
    visit.get(NOTES).append("x" * 70_000)
    visit.get(MARKS).append("m")
st.text(f"{len(visit.get(NOTES))} {len(visit.get(MARKS))}")
visit.complete_run()
"""


@pytest.fixture
def page(tmp_path: Path) -> AppTest:
    app = AppTest.from_string(f"URL = 'sqlite:///{tmp_path}/kept.db'\n{PAGE}", default_timeout=30)
    app.session_state["keepcart.visitor"] = "a" * 43
    return app.run()


def click(page: AppTest, key: str) -> str:
    page.button(key=key).click().run()
    return str(page.text[0].value)


def test_what_was_changed_in_place_is_kept(page: AppTest) -> None:
    assert click(page, "note") == "1 0"
    assert click(page, "note") == "2 0"


def test_a_change_in_place_that_cannot_be_kept_fails_one_run_and_no_other_change(page: AppTest) -> None:
    click(page, "note")
    click(page, "too-much")
    assert "too long to be kept" in page.exception[0].value
    assert click(page, "note") == "2 1"
    assert not page.exception
