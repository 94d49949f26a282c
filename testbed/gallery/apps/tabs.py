import streamlit as st

left, right = st.tabs(["Left", "Right"])
with left:
    st.session_state["left"] = st.text_input("Left words", st.session_state.get("left", ""))
with right, st.expander("Details", expanded=True):
    st.number_input("Right number", key="right", step=1)
with st.sidebar:
    mode = st.radio("Mode", ["day", "night"])
st.write(f"{st.session_state.left}, {st.session_state.right}, {mode}")
