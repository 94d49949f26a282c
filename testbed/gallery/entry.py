"""Shows the app that the address names."""

from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

APPS = Path(__file__).with_name("apps")


def contents() -> None:
    st.write(sorted(app.stem for app in APPS.glob("*.py")))


# Streamlit looks at every page's file in every run, so it gets the one that is asked for.
name = Path(urlsplit(st.context.url or "").path).name
asked = [st.Page(app, url_path=name) for app in APPS.glob("*.py") if app.stem == name]
st.navigation([st.Page(contents, default=True), *asked], position="hidden").run()
