"""Which kept text inputs say what is typed before Enter."""

from __future__ import annotations

from inspect import signature
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

SCRIPT = """
import streamlit as st
from keepcart import Kept, begin_visit

visit = begin_visit({url!r})
visit.widget(Kept("town", str, default=""), st.text_input, "Town")
visit.widget(Kept("street", str, default=""), st.sidebar.text_input, "Street", live="1s")
visit.widget(Kept("notes", str, default="", merge=lambda base, mine, theirs: mine), st.text_input, "Notes")
visit.input("pieces", "1", lambda text: None, st.text_input, "Pieces")
with st.form("order"):
    visit.widget(Kept("name", str, default=""), st.text_input, "Name")
    st.form_submit_button("Order")
visit.complete_run()
"""


@pytest.mark.skipif("live" not in signature(st.text_input).parameters, reason="this release of Streamlit has no live=")
def test_a_kept_text_input_does_unless_it_has_a_merge_stands_in_a_form_or_says_otherwise(tmp_path: Path) -> None:
    page = AppTest.from_string(SCRIPT.format(url=f"sqlite:///{tmp_path / 'test.db'}"), default_timeout=60)
    page.session_state["keepcart.visitor"] = "a" * 43
    page.run()
    assert not page.exception
    pauses = {text.key: text.proto.live_debounce_ms for text in [*page.text_input, *page.sidebar.text_input]}
    pauses.pop("keepcart.shown")
    assert pauses == {"kept-town": 300, "kept-street": 1000, "kept-notes": 0, "pieces": 0, "kept-name": 0}
