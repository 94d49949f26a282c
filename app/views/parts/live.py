"""What a page does between clicks: it says what was done, follows other tabs, and looks for storage to come back.

A small component in the browser, the same one for as long as the page is open. It tells the browser's other tabs when
the cart has changed, and asks for a run when one of them says so, when the tab comes to the front, or, while something
is not saved, when the server says that storage is back. And it holds the notices, which are the one live region for
screen readers: what Streamlit draws anew in each run are new elements, which are not announced.
"""

from __future__ import annotations

from functools import cache

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from app.shopper.shopping import Shopping
from app.views.parts.script import script
from keepcart import served_by_us

_NOTICE = '<div class="notice"><div role="status" aria-live="polite"></div><button>Dismiss</button></div>'


@cache
def _component(*, brings_script: bool) -> ComponentRenderer:
    """Return the component; what it consists of travels with every run, so it brings the script only where it must."""
    return st.components.v2.component(
        "keepcart_live_script" if brings_script else "keepcart_live",
        html=_NOTICE,
        js=(script() if brings_script else "") + "\nexport default (component) => keepcartLive(component)\n",
        isolate_styles=False,
    )


def live_page(shopping: Shopping) -> None:
    """Draw the component; it takes no room but for what it says."""
    notices = shopping.notices
    _component(brings_script=not served_by_us())(
        key="live",
        data={
            "version": shopping.visit.version,
            "saved": all(document.saved for document in shopping.visit.documents.values()),
            "notice": {"number": notices.number, "done": notices.done(), "warnings": notices.warnings()},
        },
        on_look_change=shopping.visit.look_again,
    )
