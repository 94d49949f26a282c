"""Every input of Streamlit that has a key and a default, as a kept widget, through all that a page goes through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from testbed.browser.inputs import Inputs
from testbed.browser.shopper import restart_under
from testbed.servers import Store
from testbed.servers.widgets import widgets_app

TALL: ViewportSize = {"width": 1200, "height": 4500}

EDITED: dict[str, Any] = {
    "text": "Pune",
    "notes": "milk",
    "area": "one\ntwo",
    "number": 7,
    "slider": 6,
    "range": [2, 7],
    "select-slider": "M",
    "select-slider-range": ["S", "XL"],
    "selectbox": "L",
    "new-option": "XXL",
    "radio": "blue",
    "checkbox": True,
    "toggle": False,
    "multiselect": ["red", "blue"],
    "new-options": ["green", "pink"],
    "pill": "green",
    "pills": ["red", "blue"],
    "segment": "green",
    "segments": ["red", "blue"],
    "date": "2026-04-05",
    "dates": ["2026-03-01", "2026-03-09"],
    "moment": "2026-04-05T10:30:00",
    "time": "11:45:00",
    "color": "#00ff00",
    "stars": 3,
}
SENT: dict[str, Any] = {
    "form-text": "Goa",
    "form-slider": 4,
    "form-checkbox": True,
    "form-selectbox": "XL",
    "form-multiselect": ["green"],
    "form-date": "2026-05-06",
}


def edit_all(tab: Inputs) -> None:
    """Use every widget outside the form as a person would."""
    tab.types("text", "Pune")
    tab.types("notes", "milk")
    tab.types("area", "one\ntwo", "Control+Enter")
    tab.types("number", "7")
    tab.slides("slider", "ArrowRight")
    tab.slides("range", "ArrowLeft", thumb=1)
    tab.slides("select-slider", "ArrowRight")
    tab.slides("select-slider-range", "ArrowRight", thumb=1)
    tab.picks("selectbox", "L")
    tab.picks("new-option", "XXL")
    tab.clicks("radio", "blue")
    tab.clicks("checkbox", "Checkbox")
    tab.clicks("toggle", "Toggle")
    tab.picks("multiselect", "red", "blue")
    tab.picks("new-options", "green", "pink")
    tab.clicks("pill", "green")
    tab.clicks("pills", "red", "blue")
    tab.clicks("segment", "green")
    tab.clicks("segments", "red", "blue")
    tab.dials("date", "2026", "04", "05")
    tab.dials("dates", "2026", "03", "01", "2026", "03", "09")
    tab.dials("moment", "2026", "04", "05", "10", "30")
    tab.dials("time", "11", "45")
    tab.colours("color", "#00ff00")
    tab.rates("stars", 4)


def fill_form(tab: Inputs) -> None:
    """Use the form's widgets, without sending it."""
    tab.types("form-text", "Goa", "Tab")
    tab.slides("form-slider", "ArrowLeft")
    tab.clicks("form-checkbox", "Form checkbox")
    tab.picks("form-selectbox", "XL")
    tab.picks("form-multiselect", "green")
    tab.dials("form-date", "2026", "05", "06")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with widgets_app(tmp_path_factory.mktemp("widgets")) as app:
        yield app


@pytest.fixture
def tab(app: Store, chromium: Browser) -> Iterator[Inputs]:
    with chromium.new_context(viewport=TALL) as context:
        yield Inputs(context.new_page(), app.url).open()


def test_every_kind_of_widget_is_kept_through_everything(app: Store, tab: Inputs) -> None:
    untouched = tab.shown()
    edit_all(tab)
    tab.keeps(EDITED)
    shown = tab.shown()
    assert {name for name in shown if shown[name] != untouched[name]} == set(EDITED), "each shows what was edited"

    tab.reload().shows(shown)

    tab.go_to("other").keeps(EDITED)
    tab.go_to("widgets").shows(shown)

    tab.another_tab().open().shows(shown)

    hide = tab.page.locator(".st-key-hide label").first
    hide.click()
    expect(tab.widget("stars")).to_have_count(0)
    tab.settled().page.wait_for_timeout(300)
    hide.click()
    tab.shows(shown)

    restart_under(app, tab)
    tab.shows(shown)
    hide.click()
    expect(tab.widget("stars")).to_have_count(0)
    hide.click()
    tab.shows(shown)
    tab.keeps(EDITED)


def test_a_form_is_kept_once_it_is_sent_and_not_before(tab: Inputs) -> None:
    untouched = tab.shown()
    fill_form(tab)
    tab.keeps({})
    tab.page.locator(".st-key-send").get_by_role("button").click()
    tab.keeps(SENT)
    shown = tab.shown()
    assert {name for name in shown if shown[name] != untouched[name]} == set(SENT)
    tab.reload().shows(shown)
    tab.go_to("other").go_to("widgets").shows(shown)
    tab.another_tab().open().shows(shown)


def test_a_form_that_is_sent_to_a_restarted_server_is_kept(app: Store, tab: Inputs) -> None:
    fill_form(tab)
    restart_under(app, tab)
    tab.page.locator(".st-key-send").get_by_role("button").click()
    tab.keeps(SENT)
    tab.reload().keeps(SENT)


def test_what_is_typed_is_kept_without_enter_and_no_run_disturbs_the_typing(tab: Inputs) -> None:
    text = "A tent for two, and a stove that burns well"
    field = tab.widget("text").locator("input")
    field.click()
    for number, letter in enumerate(text):
        field.press_sequentially(letter)
        tab.page.wait_for_timeout(350 if number % 5 == 0 else 40)  # a pause begins a run, the next letters meet it
    tab.keeps({"text": text})
    expect(field).to_be_focused()
    expect(field).to_have_value(text)
    tab.reload().keeps({"text": text})
    expect(field).to_have_value(text)
