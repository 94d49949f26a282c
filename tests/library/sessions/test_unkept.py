"""An app's own tests learn which values could not be kept, and why."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from keepcart import unkept

SCRIPT = """
import io
import streamlit as st

st.session_state["rows"] = [{"thing": "Lamp"}]
st.session_state["file"] = io.StringIO()
st.text_input("Note", key="note")
"""


def test_what_cannot_be_kept_is_named_with_the_reason(tmp_path: Path) -> None:
    page = AppTest.from_string(SCRIPT, default_timeout=60).run()
    found = unkept(page.session_state, folder=tmp_path)
    assert list(found) == ["file"]
    assert "StringIO" in found["file"]
