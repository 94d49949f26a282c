import streamlit as st

if "lines" not in st.session_state:
    st.session_state.lines = [{"what": "Desk", "pieces": 1}]


def add() -> None:
    st.session_state.lines.append({"what": st.session_state.what, "pieces": 1})
    st.session_state.what = ""


st.text_input("What", key="what", on_change=add)
for number, line in enumerate(st.session_state.lines):
    with st.container(border=True):
        line["pieces"] = st.number_input(line["what"], 1, value=line["pieces"], key=f"pieces-{number}")
        with st.popover("More"):
            line["note"] = st.text_input("Note", line.get("note", ""), key=f"note-{number}")
st.write(str(st.session_state.lines))
