"""Each value in a cookie of its own, by streamlit-cookies-controller as its README has it."""

import streamlit as st
from streamlit_cookies_controller import CookieController

controller = CookieController()

count = controller.get("count") or 0
if st.button("One more", key="more"):
    count += 1
    controller.set("count", count)

kept = controller.get("note") or ""
note = st.text_input("Note", kept)
if note != kept:
    controller.set("note", note)

st.write(f"Counted to {count}")
