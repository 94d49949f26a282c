import streamlit as st

if not st.session_state.get("name"):
    name = st.text_input("Who are you?")
    if st.button("Come in"):
        st.session_state.name = name
        st.rerun()
    st.stop()

st.write(f"Welcome, {st.session_state.name}")
if st.button("Leave"):
    del st.session_state["name"]
    st.rerun()
