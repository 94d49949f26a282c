"""The app of docs/your-own-app.md, in a browser: on fakeredis and Redis, with the middleware and without."""

from __future__ import annotations

import difflib
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from fakeredis import TcpFakeServer
from playwright.sync_api import Browser, expect

from testbed import ROOT
from testbed.browser.inputs import Headed
from testbed.browser.shopper import LINK_THEN_BUTTONS, restart_under
from testbed.servers import Store, free_port, redis_server, running_store

GUIDE = (ROOT / "docs" / "your-own-app.md").read_text(encoding="utf-8")
*_, BEFORE, AFTER, MAIN = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
(OPTIONS,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
URL = "redis://localhost:6379/0"
ABOUT = f"""
import streamlit as st
from keepcart import begin_visit

visit = begin_visit("{URL}", page="about")
st.title("About us")
visit.complete_run()
"""
WAYS = {
    "middleware": ("-m", "uvicorn", "--no-access-log", "--app-dir", "{folder}", "main:app", "--port"),
    "streamlit run": ("-m", "streamlit", "run", "{folder}/app.py", "--server.headless", "true", "--server.port"),
}

# As Streamlit 1.62 to 1.67 draw them, and as 1.57 does: testbed/versions.py runs this test on each.
CHOSEN = '[role=combobox][value="{0}"], [role=combobox][aria-label^="Selected {0}."]'
TAGS = "[data-tag]:visible, [data-baseweb=tag]:visible"


def test_the_app_needs_at_most_ten_lines_more() -> None:
    changes = difflib.SequenceMatcher(None, BEFORE.splitlines(), AFTER.splitlines(), autojunk=False).get_opcodes()
    written = sum(b2 - b1 for kind, _, _, b1, b2 in changes if kind != "equal")
    removed = sum(a2 - a1 for kind, a1, a2, _, _ in changes if kind != "equal")
    assert (written - removed, removed) == (10, 5), "ten lines more, and five that read otherwise"


@contextmanager
def fake_redis(_folder: Path) -> Iterator[str]:
    """Serve fakeredis, which runs the same Lua, on a port."""
    port = free_port()
    server = TcpFakeServer(("127.0.0.1", port), server_type="redis")
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


@contextmanager
def real_redis(folder: Path) -> Iterator[str]:
    with redis_server(folder) as server:
        yield server.url


STORAGES = {"middleware": real_redis, "streamlit run": fake_redis}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def app(way: str, tmp_path: Path) -> Iterator[Store]:
    """Serve the guide's app from a folder, with one page more."""
    with ExitStack() as ending:
        (tmp_path / "data").mkdir()
        url = ending.enter_context(STORAGES[way](tmp_path / "data"))
        folder = tmp_path / "own"
        (folder / "pages").mkdir(parents=True)
        files = {"app.py": AFTER, "main.py": MAIN, "pages/about.py": ABOUT}
        if way == "streamlit run":
            (folder / ".streamlit").mkdir()
            files[".streamlit/config.toml"] = OPTIONS
        for name, text in files.items():
            (folder / name).write_text(text.replace(URL, url), encoding="utf-8")
        command = tuple(word.format(folder=folder) for word in WAYS[way])
        yield ending.enter_context(running_store(tmp_path, {}, command))


class Trip(Headed):
    """One tab of the app."""

    def has(self, total: int, days: int) -> None:
        """See everything that was typed, chosen and loaded."""
        expect(self.page.get_by_role("heading", name=f"{total} € for Asha")).to_be_visible()
        expect(self.page.get_by_text(f"Coast, {days} days: Tent, Lamp")).to_be_visible()
        expect(self.widget("name").locator("input")).to_have_value("Asha")
        expect(self.widget("days").locator("input")).to_have_value(str(days))
        expect(self.widget("place").locator(CHOSEN.format("Coast"))).to_be_attached()
        expect(self.widget("things").locator(TAGS)).to_have_text([re.compile("^Tent"), re.compile("^Lamp")])

    def picks(self, name: str, *options: str) -> None:
        """Pick from a list that opens. Not by Enter: Streamlit 1.62 takes none right after typing."""
        for option in options:
            field = self.widget(name).get_by_role("combobox")
            field.click()
            field.fill(option)
            self.page.get_by_role("option", name=option, exact=True).click()
            field.press("Escape")
            self.settled()


def test_the_app_of_the_guide_keeps_everything(app: Store, way: str, chromium: Browser) -> None:
    with chromium.new_context() as ours, chromium.new_context() as anothers:
        tab = Trip(ours.new_page(), app.url)
        tab.open()
        tab.types("name", "Asha")
        tab.types("days", "3")
        tab.picks("place", "Coast")
        tab.picks("things", "Tent", "Lamp")
        if way == "middleware":  # and its Turns: a click counts on a page that is being left, and the link leads on
            tab.page.evaluate(LINK_THEN_BUTTONS, ['a[href$="/about"]', ["load"]])
            expect(tab.page.get_by_role("heading", name="About us")).to_be_visible()
            tab.go_to("app")
        else:
            tab.page.get_by_role("button", name="Load offer").click()
        tab.has(135, days=3)

        tab.reload()
        tab.has(135, days=3)
        tab.go_to("about")
        expect(tab.page.get_by_role("heading", name="About us")).to_be_visible()
        tab.go_to("app")
        tab.has(135, days=3)
        second = Trip(ours.new_page(), app.url)
        second.open()
        second.has(135, days=3)

        restart_under(app, tab, second)
        tab.types("days", "4")
        tab.has(180, days=4)
        second.reload()
        second.has(180, days=4)

        (cookie,) = [cookie for cookie in ours.cookies() if cookie.get("name") == "keepcart"]
        assert cookie.get("httpOnly") == (way == "middleware")
        stranger = Trip(anothers.new_page(), app.url)
        stranger.open()
        expect(stranger.widget("name").locator("input")).to_have_value("")
        expect(stranger.page.get_by_role("heading", name="€")).to_have_count(0)
