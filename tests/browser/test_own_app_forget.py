"""Being forgotten in an app of one's own, with the lines of docs/your-own-app.md: a form and a middleware."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from testbed import ROOT
from testbed.browser.shopper import CONNECTED
from testbed.servers import Store, running_store

GUIDE = (ROOT / "docs" / "your-own-app.md").read_text(encoding="utf-8")
MIDDLEWARE, FORM = re.findall(r"```text\n(.*?)```", GUIDE.partition("## To be forgotten")[2], re.DOTALL)[:2]
URL = "redis://localhost:6379/0"
APP = """
import streamlit as st
from keepcart import Kept, begin_visit

visit = begin_visit("{url}")
town = visit.widget(Kept("town", str, default=""), st.text_input, "Your town")
visit.complete_run()
st.write("Weather in", town)
{form}
"""
MAIN = """
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from keepcart import Door, Turns, VisitorCookie
{middleware}
app = st.App(Path(__file__).with_name("app.py"), middleware=middleware)
"""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Store]:
    url, folder = f"sqlite:///{tmp_path / 'visits.db'}", tmp_path / "own"
    folder.mkdir()
    (folder / "app.py").write_text(APP.format(url=url, form=FORM), encoding="utf-8")
    (folder / "main.py").write_text(MAIN.format(middleware=MIDDLEWARE.replace(URL, url)), encoding="utf-8")
    command = ("-m", "uvicorn", "--no-access-log", "--app-dir", str(folder), "main:app", "--port")
    with running_store(tmp_path, {}, command) as running:
        yield running


def test_a_form_and_a_middleware_make_a_stranger_of_the_browser(app: Store, chromium: Browser) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(app.url)
        town = page.get_by_label("Your town")
        town.fill("Pune")
        town.press("Enter")
        expect(page.get_by_text("Weather in Pune")).to_be_visible()
        page.reload()
        expect(town).to_have_value("Pune")
        before = {cookie["value"] for cookie in context.cookies() if cookie["name"].startswith("keepcart")}
        page.get_by_role("button", name="Forget me").click()
        expect(page.locator(CONNECTED)).to_be_attached()
        expect(town).to_have_value("")
        expect(page).to_have_url(app.url + "/")
        after = {cookie["value"] for cookie in context.cookies() if cookie["name"].startswith("keepcart")}
        assert after
        assert not before & after
        page.reload()
        expect(town).to_have_value("")
