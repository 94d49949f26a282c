"""What a kept widget does with an edit that cannot be kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from keepcart.backends import new_origin, open_storage, stamp, update
from keepcart.middleware import visitor_key

ME = "m" * 43
SCRIPT = """
import streamlit as st
from keepcart import Kept, begin_visit

visit = begin_visit({url!r})
visit.widget(Kept("town", str, default=""), st.text_input, "Your town")
visit.widget(Kept("agreed", int, default=0), st.checkbox, "Agreed")
visit.complete_run()
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'test.db'}"


def opened(url: str) -> AppTest:
    app = AppTest.from_string(SCRIPT.format(url=url), default_timeout=30)
    app.session_state["keepcart.visitor"] = ME
    return app.run()


def test_an_edit_of_what_a_newer_release_wrote_is_said_and_changes_nothing(url: str) -> None:
    newer = b'[1,{"town":[9,"Pune"]}]'
    storage = open_storage(url)
    update(storage, visitor_key(ME), "kept", lambda _: newer, mark=stamp(new_origin(), 0))
    page = opened(url)
    page.text_input(key="kept-town").input("Goa").run()
    assert not page.exception
    assert "newer release" in page.error[0].value
    record = storage.load(visitor_key(ME), "kept")
    storage.close()
    assert record is not None
    assert record.body == newer


def test_too_large_an_edit_is_said_below_the_widget_once_and_what_was_kept_stays(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = opened(url)
    page.text_input(key="kept-town").input("Pune").run()
    page.text_input(key="kept-town").input("x" * 70_000).run()
    assert not page.exception
    assert page.error[0].value == "This is too long to be kept. What was kept before stays."
    assert any(vars(record).get("size", 0) > 70_000 for record in caplog.records), "names and bytes are for the log"
    assert page.text_input(key="kept-town").value == "Pune"
    assert not page.run().error


def test_an_edit_of_another_type_is_an_error_that_names_the_value(url: str) -> None:
    page = opened(url)
    page.checkbox(key="kept-agreed").check().run()
    assert "'agreed'" in page.exception[0].value
    assert not opened(url).exception
