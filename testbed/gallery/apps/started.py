import streamlit as st


class Client:
    """Cannot be kept: its class is made anew in every run."""

    def greet(self) -> str:
        return "Hello"


if "initialized" not in st.session_state:
    st.session_state.initialized = True
    st.session_state.client = Client()
    st.session_state.calls = 0

st.write(st.session_state.client.greet(), st.session_state.calls)
if st.button("Call"):
    st.session_state.calls += 1
    st.rerun()
