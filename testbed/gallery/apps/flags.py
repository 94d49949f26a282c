import streamlit as st

if st.button("Show more"):
    st.session_state["more"] = True
if st.button("Hide"):
    st.session_state["more"] = False

if st.session_state.get("more"):
    st.write("More is shown")
    if st.button("Even more"):
        st.session_state["even"] = True
    if st.session_state.get("even"):
        st.write("Even more is shown")
