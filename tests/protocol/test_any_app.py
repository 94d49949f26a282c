"""The first lines of docs/any-app.md, as they stand there, in both of the ways to start them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from testbed import ROOT
from testbed.servers import running_store
from testbed.wire.open_page import OpenPage

pytestmark = pytest.mark.server

APP = """
import streamlit as st

if st.button("More"):
    st.session_state["count"] = st.session_state.get("count", 0) + 1
town = st.text_input("Town")
st.text(f"{st.session_state.get('count')} in {town}")
"""
STARTS = {
    "uvicorn": ("-m", "uvicorn", "main:app", "--host", "127.0.0.1", "--port"),
    "streamlit": (
        *("-m", "streamlit", "run", "main.py", "--server.headless", "true"),
        *("--server.address", "127.0.0.1", "--server.port"),
    ),
}


@pytest.mark.parametrize("start", STARTS)
def test_three_lines_keep_the_session_of_an_app(tmp_path: Path, start: str) -> None:
    page = (ROOT / "docs" / "any-app.md").read_text(encoding="utf-8")
    (main, *_) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "main.py").write_text(main, encoding="utf-8")
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    with running_store(tmp_path, {}, STARTS[start], cwd=tmp_path) as app:
        with OpenPage(app.url, tab="a") as visitor:
            visitor.press("More")
            visitor.change("Town", string_value="Pune")
            app.restart()
            visitor.reconnect()
            visitor.press("More")
            assert "2 in Pune" in visitor.shown.text()
        with OpenPage(app.url, visitor.cookies, tab="a") as again:
            assert "2 in Pune" in again.shown.text()
