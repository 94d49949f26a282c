"""A visitor who wants to be forgotten, in an app of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from keepcart.backends import Storage, new_origin, open_storage, stamp, update
from keepcart.documents import Seal
from keepcart.middleware import visitor_key
from keepcart.visits.owners import owner_of_browser

ME = "m" * 43
SCRIPT = """
import streamlit as st
from keepcart import Kept, begin_visit, click

TOWN = Kept("town", str, default="")
SEEN = Kept("seen", list[str], default=[])

visit = begin_visit({url!r})
seen = visit.get(SEEN)
seen.append("a run")
click(visit, "forget", visit.forget, label="Forget me")
visit.widget(TOWN, st.text_input, "Your town")
st.text(f"Seen {{len(seen)}}")
visit.complete_run()
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def storage(url: str) -> Iterator[Storage]:
    opened = open_storage(url)
    yield opened
    opened.close()


def opened(url: str) -> AppTest:
    app = AppTest.from_string(SCRIPT.format(url=url), default_timeout=60)
    app.session_state["keepcart.visitor"] = ME
    return app.run()


def kept(storage: Storage) -> str:
    record = storage.load(visitor_key(ME), "kept")
    return "" if record is None else Seal(owner_of_browser(ME), "kept").open(record.body).decode()


def test_the_page_shows_defaults_and_storage_has_nothing_of_before(url: str, storage: Storage) -> None:
    page = opened(url)
    page.text_input(key="kept-town").input("Pune").run()
    assert "Pune" in kept(storage)
    page.button(key="forget").click().run()
    assert not page.exception
    assert page.text_input(key="kept-town").value == ""
    assert page.text[0].value == "Seen 1", "this run's own"
    assert "Pune" not in kept(storage)
    assert "seen" in kept(storage)


def test_a_page_loaded_after_it_is_a_strangers(url: str) -> None:
    page = opened(url)
    page.text_input(key="kept-town").input("Pune").run()
    page.button(key="forget").click().run()
    assert opened(url).text_input(key="kept-town").value == ""


def test_what_another_document_of_the_visitor_holds_goes_too(url: str, storage: Storage) -> None:
    update(storage, visitor_key(ME), "cart", lambda _: b"[1,[]]", mark=stamp(new_origin(), 0))
    opened(url).button(key="forget").click().run()
    assert storage.load(visitor_key(ME), "cart") is None
