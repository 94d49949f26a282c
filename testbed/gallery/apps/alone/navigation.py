import streamlit as st

state = st.session_state
state.setdefault("role", None)
state.setdefault("notes", [])


def enter() -> None:
    state.role = state.chosen


def login() -> None:
    st.selectbox("Role", ["reader", "writer"], key="chosen")
    st.button("Log in", on_click=enter)


def leave() -> None:
    state.role = None


def read() -> None:
    st.write(f"Notes: {state.notes}")
    if state.role == "writer" and st.button("Write one"):
        st.switch_page(WRITE)


def write() -> None:
    note = st.text_input("Note")
    if st.button("Save"):
        state.notes.append(note)
        st.switch_page(READ)
    st.write(f"{len(state.notes)} notes")


READ = st.Page(read, title="Read", default=True)
WRITE = st.Page(write, title="Write")
pages = {None: [st.Page(login, title="Log in")], "reader": [READ], "writer": [READ, WRITE]}
chosen = st.navigation(pages[state.role])
if state.role:
    with st.sidebar:
        size = st.radio("Size", ["small", "large"])
        st.button("Log out", on_click=leave)
    st.write(f"{state.role}, {size}")
chosen.run()
