"""The recipes of docs/your-own-app.md, run as they stand there: a table, tabs, a fragment, page files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from testbed import ROOT
from testbed.browser.inputs import Headed
from testbed.browser.shopper import restart_under
from testbed.servers import Store, running_store

GUIDE = (ROOT / "docs" / "your-own-app.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"```py\n# (\w+\.py)\n(.*?)```", GUIDE, re.DOTALL))
URL = "sqlite:///data/visits.db"
MAIN = """
from pathlib import Path
import streamlit as st
from starlette.middleware import Middleware
from keepcart import Turns, VisitorCookie

middleware = [Middleware(VisitorCookie, keep_seconds=86_400), Middleware(Turns)]
app = st.App(Path(__file__).with_name("app.py"), middleware=middleware)
"""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Store]:
    folder = tmp_path / "own"
    folder.mkdir()
    for name, text in {**RECIPES, "main.py": MAIN}.items():
        (folder / name).write_text(text.replace(URL, f"sqlite:///{tmp_path}/visits.db"), encoding="utf-8")
    command = ("-m", "uvicorn", "--no-access-log", "--app-dir", str(folder), "main:app", "--port")
    with running_store(tmp_path, {}, command) as store:
        yield store


class Trip(Headed):
    """One tab of the recipes' app."""

    @property
    def table(self) -> Locator:
        return self.page.get_by_test_id("stDataFrame")

    def chooses(self, row: int, column: int) -> None:
        """Click a cell: row 1 is the first below the names of the columns, and column 0 has the boxes of rows."""
        self.settled()
        box = self.table.bounding_box()
        assert box
        narrow, high, wide = 33, 35, (box["width"] - 33) / 2
        x = narrow / 2 if column == 0 else narrow + wide * (column - 0.5)
        self.table.click(position={"x": x, "y": high * (row + 0.5)})

    def writes(self, row: int, column: int, text: str) -> None:
        """Open a cell and write into it. The table is a canvas, which does not tell when it takes keys."""
        field = self.page.locator("#portal input, #portal textarea")
        for _ in range(5):
            self.chooses(row, column)
            self.page.keyboard.press("Enter")
            with suppress(PlaywrightTimeout):
                field.wait_for(timeout=2_000)
                break
        field.fill(text)
        field.press("Enter")
        expect(field).to_have_count(0)

    def adds_row(self, things: int, euros: int) -> None:
        self.settled()
        self.table.hover()
        self.page.get_by_role("button", name="Add row").click()
        self.sees(things, euros)

    def deletes(self, row: int) -> None:
        self.chooses(row, 0)
        self.page.keyboard.press("Delete")

    def sees(self, things: int, euros: int) -> None:
        expect(self.page.get_by_text(f"{things} things, {euros}.00 €")).to_be_visible()

    def has(self, name: str, value: str) -> None:
        expect(self.widget(name).locator("input, textarea").last).to_have_value(value)


@pytest.mark.parametrize("edits", [5, pytest.param(20, marks=pytest.mark.long)])
def test_a_table_keeps_every_edit_and_deleted_rows(app: Store, chromium: Browser, edits: int) -> None:
    with chromium.new_context() as ours:
        tab = Trip(ours.new_page(), app.url)
        tab.open()
        tab.sees(1, 40)
        for price in range(1, edits + 1):
            tab.writes(1, 2, str(price))
            tab.sees(1, price)

        tab.reload()
        tab.sees(1, edits)
        restart_under(app, tab.settled())
        tab.sees(1, edits)
        tab.writes(1, 2, "6")
        tab.sees(1, 6)
        tab.go_to("Notes")
        tab.go_to("Packing")
        tab.sees(1, 6)

        second = Trip(ours.new_page(), app.url)
        second.open()
        second.writes(1, 2, "31")
        second.sees(1, 31)
        tab.reload()
        tab.sees(1, 31)
        tab.page.get_by_role("button", name="Begin anew").click()
        tab.sees(1, 40)
        tab.writes(1, 2, "41")
        tab.sees(1, 41)
        tab.deletes(1)
        tab.sees(0, 0)
        tab.adds_row(1, 0)
        tab.reload()
        tab.sees(1, 0)


def test_tabs_and_a_fragment_keep_what_is_in_them(app: Store, chromium: Browser) -> None:
    with chromium.new_context() as ours:
        tab = Trip(ours.new_page(), app.url)
        tab.open("/notes")
        tab.types("plan", "North")
        tab.page.get_by_role("tab", name="The people").click()
        tab.types("people", "Asha")
        tab.clicks("part", "People")
        for _ in range(3):
            tab.slides("kilos", "ArrowRight")
        expect(tab.page.get_by_text("8 kg")).to_be_visible()
        restart_under(app, tab)
        tab.slides("kilos", "ArrowRight")
        expect(tab.page.get_by_text("9 kg")).to_be_visible()

        second = Trip(ours.new_page(), app.url)
        second.open("/notes")
        second.has("plan", "North")
        second.has("people", "Asha")
        expect(second.page.get_by_text("Part: People")).to_be_visible()
        expect(second.page.get_by_text("9 kg")).to_be_visible()
