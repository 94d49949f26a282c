"""`KeepSession` around somebody's app on two replicas: tabs, logins, what is shared, left out and forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, generate_xsrf_token_string

from testbed.servers import Store, running_store
from testbed.wire.open_page import OpenPage

pytestmark = pytest.mark.server

MAIN = """
import os
import streamlit as st
from starlette.middleware import Middleware
from keepcart import KeepSession

app = st.App("app.py", middleware=[Middleware(
    KeepSession, os.environ["KEPT"], share=["cart"], leave_out=["pin", "scratch"], owner=lambda user: user.get("sub")
)])
"""
SCRIPT = """
import os
import streamlit as st
from keepcart import begin_visit

state = st.session_state
state.setdefault("cart", [])
state.setdefault("steps", 0)
state.setdefault("scratch", 0)
visit = begin_visit(os.environ["KEPT"])
if st.button("Buy"):
    state.cart.append(len(state.cart))
if st.button("Step"):
    state.steps += 1
    state.scratch += 1
if st.button("Forget me"):
    visit.forget()
note = st.text_input("Note")
pin = st.text_input("Pin", key="pin")
password = st.text_input("Password", type="password")
st.text(f"cart {state.cart} steps {state.steps} scratch {state.scratch} note {note!r} pin {pin!r} {password}")
"""
COMMAND = ("-m", "uvicorn", "main:app", "--host", "127.0.0.1", "--port")
SECRET = "s" * 32


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    folder = tmp_path_factory.mktemp("around")
    (folder / "main.py").write_text(MAIN, encoding="utf-8")
    (folder / "app.py").write_text(SCRIPT, encoding="utf-8")
    kept = {"KEPT": f"sqlite:///{folder}/kept.db", "STREAMLIT_SERVER_COOKIE_SECRET": SECRET}
    with ExitStack() as running:
        folders = [folder / "one", folder / "two"]
        for one in folders:
            one.mkdir()
        first, second = (running.enter_context(running_store(each, kept, COMMAND, cwd=folder)) for each in folders)
        yield first, second


def stored_bytes(store: Store) -> bytes:
    """Return everything that storage has, as bytes."""
    return b"".join(path.read_bytes() for path in Path(store.working_folder()).glob("kept.db*"))


def logged_in(cookies: Mapping[str, str], store: Store, who: str) -> dict[str, str]:
    """Return the cookies of a browser after its login, as Streamlit sets them."""
    said = json.dumps({"origin": store.url, "is_logged_in": True, "sub": who})
    signed = create_signed_value(SECRET, "_streamlit_user", said).decode()
    return {**cookies, "_streamlit_user": signed, "_streamlit_xsrf": generate_xsrf_token_string()}


def test_what_is_shared_is_the_same_in_every_tab_on_every_replica(replicas: tuple[Store, Store]) -> None:
    one, two = replicas
    with (
        OpenPage(one.url, tab="a") as first,
        OpenPage(one.url, first.cookies, tab="b") as second,
        OpenPage(two.url, first.cookies, tab="c") as third,
    ):
        first.press("Buy")
        second.press("Buy")
        third.press("Buy")
        first.press("Step")
        assert "cart [0, 1, 2] steps 1" in first.shown.text()
        second.rerun()
        assert "cart [0, 1, 2] steps 0" in second.shown.text()


def test_what_is_left_out_is_not_kept(replicas: tuple[Store, Store]) -> None:
    with OpenPage(replicas[0].url, tab="a") as page:
        page.press("Step")
        page.change("pin", string_value="1234")
        page.change("Note", string_value="hello")
        assert "steps 1 scratch 1 note 'hello' pin '1234'" in page.shown.text()
    with OpenPage(replicas[0].url, page.cookies, tab="a") as again:
        assert "steps 1 scratch 0 note 'hello' pin ''" in again.shown.text()


def test_a_password_is_not_kept(replicas: tuple[Store, Store]) -> None:
    with OpenPage(replicas[0].url, tab="a") as page:
        page.change("Password", string_value="hunter2")
        page.press("Step")
        assert "hunter2" in page.shown.text()
    with OpenPage(replicas[0].url, page.cookies, tab="a") as again:
        assert "steps 1" in again.shown.text()
        assert "hunter2" not in again.shown.text()


def test_two_tabs_of_one_name_are_parted(replicas: tuple[Store, Store]) -> None:
    """A browser that duplicates a tab gives both the same name."""
    with OpenPage(replicas[0].url, tab="a") as page:
        page.press("Step")
        with OpenPage(replicas[0].url, page.cookies, tab="a") as copy:
            assert "steps 1" in copy.shown.text()
            copy.press("Step")
            copy.press("Step")
        page.change("Note", string_value="hello")
    with OpenPage(replicas[0].url, page.cookies, tab="a") as again:
        assert "steps 1 scratch 0 note 'hello'" in again.shown.text()


def begins_anew(page: OpenPage) -> None:
    """Ask until the page says so: the server runs the script once more by itself, before or after it has heard this."""
    for _ in range(5):
        page.rerun()
        if "steps 0" in page.shown.text():
            return
    raise AssertionError(page.shown.text())


@pytest.mark.parametrize("elsewhere", [0, 1])
def test_a_visitor_who_is_forgotten_in_one_tab_is_forgotten_in_all(
    replicas: tuple[Store, Store], elsewhere: int
) -> None:
    one, other = replicas[0], replicas[elsewhere]
    with OpenPage(one.url, tab="a") as page, OpenPage(other.url, page.cookies, tab="b") as second:
        second.press("Step")
        page.press("Step")
        page.press("Forget me")
        begins_anew(page)
        second.press("Step")
        begins_anew(second)
    with OpenPage(other.url, page.cookies, tab="b") as again:
        assert "steps 0" in again.shown.text()


def test_a_session_follows_a_login_to_another_browser_and_leaves_with_the_logout(
    replicas: tuple[Store, Store],
) -> None:
    one, two = replicas
    with OpenPage(one.url, tab="a") as stranger:
        stranger.press("Step")
    ann = logged_in(stranger.cookies, one, "ann")
    with OpenPage(one.url, ann, tab="a") as page:
        assert "steps 1" in page.shown.text()
        page.press("Step")
    with OpenPage(two.url, logged_in({}, two, "ann"), tab="z") as elsewhere:
        assert "steps 2" in elsewhere.shown.text()
    with OpenPage(one.url, stranger.cookies, tab="a") as after_logout:
        assert "steps 0" in after_logout.shown.text()
    with OpenPage(one.url, logged_in(stranger.cookies, one, "bob"), tab="a") as another:
        assert "steps 0" in another.shown.text()


def test_storage_has_neither_the_visitors_secret_id_nor_what_she_typed(replicas: tuple[Store, Store]) -> None:
    with OpenPage(replicas[0].url, tab="tab-of-this-test") as page:
        page.change("Note", string_value="a word that nobody else types")
    with OpenPage(replicas[0].url, page.cookies, tab="tab-of-this-test") as again:
        assert "a word that nobody else types" in again.shown.text()
    kept = stored_bytes(replicas[0])
    assert b"session-tab-of-this-test" in kept
    assert page.cookies["keepcart"].encode() not in kept
    assert b"a word that nobody" not in kept
    assert "tab-of-this-test" not in replicas[0].output
