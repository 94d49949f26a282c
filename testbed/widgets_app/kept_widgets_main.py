"""The kept widgets' app behind our middleware, for uvicorn."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from keepcart import Turns, VisitorCookie

app = st.App(
    Path(__file__).with_name("kept_widgets.py"),
    middleware=[Middleware(VisitorCookie, keep_seconds=86_400), Middleware(Turns)],
)
