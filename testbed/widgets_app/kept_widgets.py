"""Every input of Streamlit that has a key and a default, drawn from a kept value; on two pages.

The environment names the storage: `WIDGETS_URL`. What is kept is told at the end of every page, as JSON.
"""

from __future__ import annotations

import datetime as dt
import os
from functools import partial
from typing import Any

import msgspec
import streamlit as st

from keepcart import Kept, Visit, begin_visit

DAY = dt.date(2026, 3, 2)
SIZES = ["S", "M", "L", "XL"]
COLOURS = ["red", "green", "blue"]
Days = tuple[dt.date, ...]


def united(base: str, mine: str, theirs: str) -> str:
    """Keep what both tabs have typed, the other's first."""
    return f"{theirs} {mine}".strip() if base == "" else mine


TEXT = Kept("text", str, default="")
NOTES = Kept("notes", str, default="", merge=united)
AREA = Kept("area", str, default="")
NUMBER = Kept("number", int, default=1)
SLIDER = Kept("slider", int, default=5)
RANGE = Kept("range", tuple[int, int], default=(2, 8))
SELECT_SLIDER = Kept("select-slider", str, default="S")
SELECT_SLIDER_RANGE = Kept("select-slider-range", tuple[str, str], default=("S", "L"))
SELECTBOX = Kept("selectbox", str | None, default=None)
NEW_OPTION = Kept("new-option", str | None, default=None)
RADIO = Kept("radio", str, default="red")
CHECKBOX = Kept("checkbox", bool, default=False)
TOGGLE = Kept("toggle", bool, default=True)
MULTISELECT: Kept[list[str]] = Kept("multiselect", list[str], default=[])
NEW_OPTIONS: Kept[list[str]] = Kept("new-options", list[str], default=[])
PILL = Kept("pill", str | None, default=None)
PILLS: Kept[list[str]] = Kept("pills", list[str], default=[])
SEGMENT = Kept("segment", str | None, default=None)
SEGMENTS: Kept[list[str]] = Kept("segments", list[str], default=[])
DATE = Kept("date", dt.date, default=DAY)
DATES = Kept("dates", Days, default=(DAY, DAY + dt.timedelta(days=3)))
MOMENT = Kept("moment", dt.datetime, default=dt.datetime(2026, 3, 2, 9, 0))  # noqa: DTZ001 - as the widget
TIME = Kept("time", dt.time, default=dt.time(9, 0))
COLOR = Kept("color", str, default="#ff0000")
STARS = Kept("stars", int | None, default=None)
FORM_TEXT = Kept("form-text", str, default="")
FORM_SLIDER = Kept("form-slider", int, default=5)
FORM_CHECKBOX = Kept("form-checkbox", bool, default=False)
FORM_SELECTBOX = Kept("form-selectbox", str, default="S")
FORM_MULTISELECT: Kept[list[str]] = Kept("form-multiselect", list[str], default=[])
FORM_DATE = Kept("form-date", dt.date, default=DAY)
MANY = [Kept(f"many-{number}", int, default=0) for number in range(50)]

ALL = [value for value in globals().values() if isinstance(value, Kept)]


def widgets(visit: Visit) -> None:
    """Draw one of each, unless they are to be hidden for a while."""
    if st.checkbox("Hide", key="hide"):
        return
    draw = visit.widget
    draw(TEXT, st.text_input, "Text")
    draw(NOTES, st.text_input, "Notes")
    draw(AREA, st.text_area, "Area")
    draw(NUMBER, st.number_input, "Number", 0, 100)
    draw(SLIDER, st.slider, "Slider", 0, 10)
    draw(RANGE, st.slider, "Range", 0, 10)
    draw(SELECT_SLIDER, st.select_slider, "Select slider", SIZES)
    draw(SELECT_SLIDER_RANGE, st.select_slider, "Select slider range", SIZES)
    draw(SELECTBOX, st.selectbox, "Selectbox", SIZES)
    draw(NEW_OPTION, st.selectbox, "New option", SIZES, accept_new_options=True)
    draw(RADIO, st.radio, "Radio", COLOURS)
    draw(CHECKBOX, st.checkbox, "Checkbox")
    draw(TOGGLE, st.toggle, "Toggle")
    draw(MULTISELECT, st.multiselect, "Multiselect", COLOURS)
    draw(NEW_OPTIONS, st.multiselect, "New options", COLOURS, accept_new_options=True)
    draw(PILL, st.pills, "Pill", COLOURS)
    draw(PILLS, st.pills, "Pills", COLOURS, selection_mode="multi")
    draw(SEGMENT, st.segmented_control, "Segment", COLOURS)
    draw(SEGMENTS, st.segmented_control, "Segments", COLOURS, selection_mode="multi")
    draw(DATE, st.date_input, "Date")
    draw(DATES, st.date_input, "Dates")
    draw(MOMENT, st.datetime_input, "Moment")
    draw(TIME, st.time_input, "Time")
    draw(COLOR, st.color_picker, "Color")
    draw(STARS, st.feedback, "stars")
    with st.form("form"):
        draw(FORM_TEXT, st.text_input, "Form text")
        draw(FORM_SLIDER, st.slider, "Form slider", 0, 10)
        draw(FORM_CHECKBOX, st.checkbox, "Form checkbox")
        draw(FORM_SELECTBOX, st.selectbox, "Form selectbox", SIZES)
        draw(FORM_MULTISELECT, st.multiselect, "Form multiselect", COLOURS)
        draw(FORM_DATE, st.date_input, "Form date")
        st.form_submit_button("Send", key="send")


def other(visit: Visit) -> None:
    """Draw another page, which has one of the widgets too, and shows the many."""
    visit.widget(TEXT, st.text_input, "Text")
    st.button("Nothing", key="nothing")
    if st.button("Raise all", key="raise"):
        for one in MANY:
            visit.put(one, visit.get(one) + 1)
    st.write("Sum", sum(visit.get(one) for one in MANY))


def kept(visit: Visit) -> dict[str, Any]:
    """Return everything that is kept and not its default."""
    values = {one.name: (visit.get(one), one.default) for one in ALL}
    return {name: value for name, (value, default) in values.items() if value != default}


def main() -> None:
    """Compose the page."""
    visits: list[Visit] = []
    pages = {name: st.Page(partial(_draw, draw, visits), title=name, url_path=name) for name, draw in _PAGES.items()}
    page = st.navigation(list(pages.values()))
    visits.append(begin_visit(os.environ["WIDGETS_URL"], page=page.url_path))
    st.header(page.title)
    page.run()
    with st.container(key="told"):
        st.text(msgspec.json.encode(kept(visits[0])).decode())
    visits[0].complete_run()


def _draw(draw: Any, visits: list[Visit]) -> None:
    draw(visits[0])


_PAGES = {"widgets": widgets, "other": other}
main()
