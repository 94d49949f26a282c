import streamlit as st

QUESTIONS = [("2 + 2", ["3", "4"], "4"), ("3 * 3", ["6", "9"], "9"), ("10 / 2", ["5", "2"], "5")]

if "at" not in st.session_state:
    st.session_state.at, st.session_state.score = 0, 0

if st.session_state.at < len(QUESTIONS):
    question, options, right = QUESTIONS[st.session_state.at]
    answer = st.radio(question, options, index=None)
    if st.button("Answer"):
        st.session_state.score += answer == right
        st.session_state.at += 1
        st.rerun()
st.write(f"{st.session_state.score} of {st.session_state.at}")
