"""Serves kept.py through the middleware that sets the visitor's cookie with the page."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from keepcart import VisitorCookie

app = st.App(Path(__file__).with_name("kept.py"), middleware=[Middleware(VisitorCookie, keep_seconds=30 * 86_400)])
