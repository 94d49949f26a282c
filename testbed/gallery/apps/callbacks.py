import streamlit as st

log = st.session_state.setdefault("log", [])


def note(what: str, *, times: int = 1) -> None:
    log.extend([what] * times)


st.button("Once", on_click=note, args=("once",))
st.button("Twice", on_click=note, args=("twice",), kwargs={"times": 2})
st.text_input("Nick", key="nick", on_change=lambda: note(f"nick {st.session_state.nick}"))
st.selectbox("Colour", ["red", "blue"], key="colour", on_change=note, args=("colour",))
st.write(f"Log: {log}")
