import streamlit as st

if "greet" not in st.session_state:
    st.session_state.greet = lambda name: f"Hello, {name}"
    st.session_state.visits = st.session_state.get("visits", 0)
    st.rerun()

name = st.text_input("Name", "you")
if st.button("Visit"):
    st.session_state.visits += 1
st.write(st.session_state.greet(name), st.session_state.visits)
