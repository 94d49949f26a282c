"""What a page does between clicks: it shows notices, follows other tabs, and notices when storage is back.

It is a small component in the browser, which stays the same for as long as the page is open. It tells the browser's
other tabs when the cart has changed. It asks for a run when another tab says so, when the tab comes to the front, and,
while something is not saved, when the server says that storage is back. It also holds the notices. They are the one
live region for screen readers, which do not announce what Streamlit draws as new elements in each run.
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
    """Return the component. Its code travels with every run, so it has the script only if the page's head does not."""
    return st.components.v2.component(
        "keepcart_live_script" if brings_script else "keepcart_live",
        html=_NOTICE,
        js=(script() if brings_script else "") + "\nexport default (component) => keepcartLive(component)\n",
        isolate_styles=False,
    )


def live_page(shopping: Shopping) -> None:
    """Draw the component. It takes no room except for its notices."""
    notices = shopping.notices
    _component(brings_script=not served_by_us())(
        key="live",
        data={
            "version": shopping.visit.version,
            "saved": all(document.saved for document in shopping.visit.documents.values()),
            "leave": _leave(shopping),
            "notice": {"number": notices.number, "done": notices.done(), "warnings": notices.warnings()},
        },
        on_look_change=shopping.visit.look_again,
    )


def _leave(shopping: Shopping) -> dict[str, str] | None:
    """Return what the browser needs to be forgotten, and where it goes then; None where nobody asked for it.

    The second is a tab that has slept while another one of the browser was forgotten: it begins anew where it is.
    """
    if shopping.leaves:
        return {"token": shopping.visit.forget_token, "to": "privacy?forgotten"}
    if shopping.visit.forgotten:
        return {"token": shopping.visit.forget_token, "to": ""}
    return None
