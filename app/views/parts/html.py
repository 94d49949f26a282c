"""The one place that draws HTML."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup


def html(content: Markup) -> None:
    """Draw HTML.

    It takes `Markup` and no other text, so that a forgotten escape is a type error. `Markup("<b>{}</b>").format(name)`
    escapes the name.
    """
    st.html(str(content))
