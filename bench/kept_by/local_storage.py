"""Each value in the browser's local storage, by streamlit-local-storage as its README has it."""

import streamlit as st
from streamlit_local_storage import LocalStorage

storage = LocalStorage()

count = storage.getItem("count") or 0
if st.button("One more", key="more"):
    count += 1
    storage.setItem("count", count, key="set-count")

kept = storage.getItem("note") or ""
note = st.text_input("Note", kept)
if note != kept:
    storage.setItem("note", note, key="set-note")

st.write(f"Counted to {count}")
