"""A page of text that the shopkeeper wrote."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from app.domain.text import Text
from app.views.parts.html import html
from app.views.parts.markdown import plain


def show(text: Text) -> None:
    """Draw the page."""
    st.title(plain(text.title), anchor=False)
    html(body(text))


def body(text: Text) -> Markup:
    """Return what is below the heading."""
    drawn = Markup(text.html)  # noqa: S704 - made from Markdown, which brings no HTML (catalogue/text_files.py)
    return Markup('<div class="prose text">{}</div>').format(drawn)
