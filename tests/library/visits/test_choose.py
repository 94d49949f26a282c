"""A choice that lives in the page's address."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = """
import streamlit as st
from keepcart import begin_visit, choose

visit = begin_visit({url!r})


def write(order):
    st.query_params["sort"] = order


named = st.query_params.get("sort", "name")
choose(visit, "sort", named, st.selectbox, write, label="Sort", options=["name", "price", "age"])
st.text(st.query_params.get("sort", ""))
visit.complete_run()
"""


@pytest.fixture
def page(tmp_path: Path) -> AppTest:
    app = AppTest.from_string(SCRIPT.format(url=f"sqlite:///{tmp_path / 'test.db'}"), default_timeout=60)
    app.session_state["keepcart.visitor"] = "a" * 43
    return app


def shown(page: AppTest) -> str:
    assert not page.exception
    return str(page.selectbox(key="sort").value)


def address(page: AppTest) -> str:
    return str(page.text[0].value)


def test_a_select_box_shows_what_the_address_says_whenever_that_changes(page: AppTest) -> None:
    page.query_params["sort"] = "price"
    assert shown(page.run()) == "price"
    page.query_params["sort"] = "age"
    assert shown(page.run()) == "age"


def test_a_choice_is_written_to_the_address(page: AppTest) -> None:
    page.run()
    page.selectbox(key="sort").select("age").run()
    assert address(page) == "age"
    assert shown(page) == "age"


def test_a_choice_of_the_address_that_is_not_offered_shows_the_first_and_leaves_the_address(page: AppTest) -> None:
    page.query_params["sort"] = "weight"
    assert shown(page.run()) == "name"
    assert address(page) == "weight"


def test_under_a_page_of_an_older_session_what_its_widget_holds_is_the_visitors_choice(page: AppTest) -> None:
    page.query_params["sort"] = "price"
    page.session_state["sort"] = "age"  # as the browser sends it with the first run
    assert shown(page.run()) == "age"
    assert address(page) == "age"
