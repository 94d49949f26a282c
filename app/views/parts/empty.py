"""The box on a page that has nothing to show."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup
from streamlit.navigation.page import Page

from app.views.parts.html import html
from app.views.parts.setup_page import onward


def empty(words: str, hint: str, page: Page | str, *, label: str) -> None:
    """Say that there is nothing and why, with a link to a page that goes on.

    Args:
        words: what there is not.
        hint: why, or where it may be.
        page: where the link goes; the name of the page on which the box stands, if the link is to drop its query.
        label: of the link.
    """
    with st.container(key="empty", border=True, horizontal_alignment="center"):
        html(in_words(words, hint))
        if isinstance(page, str):
            html(onward(page, label))
        else:
            st.page_link(page, label=label, icon=":material/arrow_back:")


def in_words(words: str, hint: str) -> Markup:
    """Return the texts of the box."""
    return Markup('<div class="empty"><p>{}</p><small>{}</small></div>').format(words, hint)
