"""The gallery, kept: `uvicorn testbed.gallery.kept:app`; without KEPT it is plain Streamlit.

GALLERY names another script of this folder than the one that shows all the small apps.
"""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from keepcart import KeepSession

app = st.App(
    Path(__file__).parent / os.environ.get("GALLERY", "entry.py"),
    middleware=[Middleware(KeepSession, os.environ["KEPT"])] if "KEPT" in os.environ else [],
)
