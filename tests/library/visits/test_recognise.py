"""Who the visitor is where the page came another way than through our middleware."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from keepcart import recognise

ID = "a" * 43
SCRIPT = """
import streamlit as st
from keepcart import recognise

st.session_state.setdefault("cookies", "the app's own")
st.text(recognise(60, {name!r}))
st.text(st.session_state["cookies"])
"""


def served(monkeypatch: pytest.MonkeyPatch, *, cookies: Mapping[str, str], headers: Mapping[str, str]) -> None:
    """Let a session's handshake have had these."""
    monkeypatch.setattr(st, "context", SimpleNamespace(cookies=cookies, headers=headers, url=None))
    st.session_state.clear()


def opened(name: str = "keepcart") -> AppTest:
    return AppTest.from_string(SCRIPT.format(name=name), default_timeout=60).run()


def test_without_the_middleware_a_visitor_has_an_id_from_the_first_run_on() -> None:
    page = opened()
    assert not page.exception
    visitor_id = page.text[0].value
    assert re.fullmatch("[A-Za-z0-9_-]{43}", visitor_id)
    assert page.run().text[0].value == visitor_id


def test_session_state_under_the_controllers_usual_key_stays_the_apps_own() -> None:
    assert opened().run().text[1].value == "the app's own"


def test_where_the_package_that_writes_the_cookie_is_missing_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "streamlit_cookies_controller", None)
    (problem,) = opened().exception
    assert "did not come through keepcart.VisitorCookie" in problem.value
    assert "pip install 'keepcart[cookies]'" in problem.value


@pytest.mark.parametrize("name", ["", "My app", "shelf/2"])
def test_a_name_that_cannot_be_used_is_an_error_in_the_page(name: str) -> None:
    (problem,) = opened(name).exception
    assert f"an app cannot be named {name!r}" in problem.value


@pytest.mark.parametrize("cookie", ["shelf", "__Host-shelf"])
def test_a_script_of_another_name_than_its_middleware_is_an_error_that_says_both(
    monkeypatch: pytest.MonkeyPatch, cookie: str
) -> None:
    served(monkeypatch, cookies={cookie: ID}, headers={"X-Shelf-Served": "1"})
    assert recognise(60, "shelf") == ID
    with pytest.raises(ValueError, match=r"VisitorCookie\(name='shelf'\), but its script says name='keepcart'"):
        recognise(60)


def test_cookies_and_headers_of_others_are_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "streamlit_cookies_controller", SimpleNamespace(CookieController=Controller))
    served(monkeypatch, cookies={"shelf": ID, "keepcart": "b" * 43}, headers={"X-Cache-Served": "1"})
    assert recognise(60) == "b" * 43


class Controller:
    """Stands for the one that writes cookies."""

    def __init__(self, key: str) -> None:
        assert key != "cookies"

    def set(self, name: str, value: str, **others: object) -> None:
        assert (name, value) == ("keepcart", "b" * 43)
        assert others
