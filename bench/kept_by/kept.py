"""Kept by visit/: the script is the same with the middleware (kept_app.py) and without."""

import os

import streamlit as st

from keepcart import Kept, begin_visit, click

COUNT = Kept("count", int, default=0, merge=lambda base, mine, theirs: theirs + mine - base)
NOTE = Kept("note", str, default="")

visit = begin_visit(os.environ["WAYS_REDIS"])
click(visit, "more", lambda: visit.put(COUNT, visit.get(COUNT) + 1), label="One more")
visit.widget(NOTE, st.text_input, "Note")
st.write(f"Counted to {visit.get(COUNT)}")
visit.complete_run()
