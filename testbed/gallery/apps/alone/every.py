"""One of each widget, and each way to click; every act is noted by its callback, those without one by the script."""

import datetime

import streamlit as st

log = st.session_state.setdefault("log", [])
st.session_state.setdefault("rows", ["a", "b"])


def note(what: str) -> None:
    log.append(what)


def noted(name: str) -> dict:
    return {"key": name, "on_change": note, "args": (name,)}


st.button("button", on_click=note, args=("button",))
if st.button("plain button"):
    note("plain button")
st.download_button("download", b"bytes", on_click=note, args=("download",))
for row in st.session_state.rows:
    st.button("Row", key=f"row-{row}", on_click=note, args=(f"row-{row}",))
with st.form("form"):
    st.text_input("In the form", key="in_form")
    st.form_submit_button("submit", on_click=lambda: note(f"submit {st.session_state.in_form}"))


@st.fragment
def part() -> None:
    st.button("in fragment", on_click=note, args=("in fragment",))
    st.checkbox("checked in fragment", **noted("checked"))


part()
st.checkbox("checkbox", **noted("checkbox"))
st.toggle("toggle", **noted("toggle"))
st.text_input("text", **noted("text"))
st.text_area("area", **noted("area"))
st.number_input("number", step=1, **noted("number"))
st.number_input("decimal", step=0.5, **noted("decimal"))
st.slider("slider", 0, 10, **noted("slider"))
st.slider("range", 0, 10, (2, 5), **noted("range"))
st.select_slider("sizes", ["S", "M", "L"], **noted("sizes"))
st.selectbox("select", ["a", "b"], **noted("select"))
st.multiselect("several", ["a", "b"], **noted("several"))
st.radio("radio", ["a", "b"], **noted("radio"))
st.pills("pills", ["a", "b"], **noted("pills"))
st.segmented_control("segments", ["a", "b"], **noted("segments"))
st.date_input("date", datetime.date(2026, 1, 1), **noted("date"))
st.time_input("time", datetime.time(9, 0), **noted("time"))
st.datetime_input("moment", datetime.datetime(2026, 1, 1, 9, 0), **noted("moment"))
st.color_picker("colour", "#ff0000", **noted("colour"))
st.feedback("stars", **noted("stars"))
if said := st.chat_input("Say"):
    note(f"said {said}")
st.write(f"Log: {' | '.join(log)}")
