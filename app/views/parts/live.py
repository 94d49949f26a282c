"""What a page does between clicks: it follows other tabs, looks for storage to come back, and speaks.

A small component in the browser, the same one for as long as the page is open. It tells the browser's other tabs when
the cart has changed, and asks for a run when one of them says so, when the tab comes to the front, or, while something
is not saved, when the server says that storage is back. And it holds the one live region for screen readers: what
Streamlit draws anew in each run are new elements, which are not announced.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from app.session.shopping import Shopping

_REGION = '<div class="live" role="status" aria-live="polite"></div>'


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(
        "keepcart_live",
        html=_REGION,
        js=Path(__file__).with_name("live.js").read_text(encoding="utf-8"),
        isolate_styles=False,
    )


def live_page(shopping: Shopping) -> None:
    """Draw the component; it takes no room."""
    notices, document = shopping.visit.notices, shopping.document
    with st.container(key="live"):
        _component()(
            key="live-page",
            data={
                "version": document.version,
                "said": [notices.number, ". ".join([*notices.done(), *notices.warnings()])],
                "saved": document.saved,
            },
            on_look_change=shopping.visit.look_again,
        )
