"""Shows the app that the address names."""

from pathlib import Path

import streamlit as st

apps = sorted(Path(__file__).with_name("apps").glob("*.py"))
st.navigation([st.Page(app, url_path=app.stem) for app in apps], position="hidden").run()
