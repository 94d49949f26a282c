"""Shows the app that the address names."""

from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

APPS = Path(__file__).with_name("apps")


def contents() -> None:
    st.write(sorted(app.stem for app in APPS.glob("*.py")))


# Streamlit looks at every page's file in every run, so where the address is known it gets that one.
name = Path(urlsplit(st.context.url or "").path).name
pages = {app.stem: st.Page(app, url_path=app.stem) for app in APPS.glob(f"{name or '*'}.py")}
st.navigation([st.Page(contents, default=True), *pages.values()], position="hidden").run()
