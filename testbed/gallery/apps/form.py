import streamlit as st

with st.form("contact"):
    name = st.text_input("Your name")
    days = st.slider("Days", 1, 14, (2, 5))
    agreed = st.checkbox("I agree")
    sent = st.form_submit_button("Send")
if sent:
    st.session_state["sent"] = st.session_state.get("sent", 0) + 1
st.write(
    f"{name or 'Nobody'}, days {days}, {'agreed' if agreed else 'not agreed'}, sent {st.session_state.get('sent', 0)}"
)
