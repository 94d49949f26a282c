import streamlit as st

names = st.session_state.setdefault("names", [])


@st.dialog("A name")
def ask() -> None:
    name = st.text_input("Name")
    if st.button("Keep"):
        names.append(name)
        st.rerun()


if st.button("New name"):
    ask()
st.write(f"Names: {names}")
