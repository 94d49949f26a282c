import streamlit as st

if "initialized" not in st.session_state:
    st.session_state.initialized = True
    st.session_state.client = lambda: "an answer"
    st.session_state.answers = []

if st.button("Call"):
    st.session_state.answers.append(st.session_state.client())
st.write(f"Answers: {st.session_state.answers}")
