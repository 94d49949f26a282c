"""What a page does between clicks: it shows notices, follows other tabs, and notices when storage is back.

It is a small component in the browser, which stays the same for as long as the page is open. It tells the browser's
other tabs when the cart has changed. It asks for a run when another tab says so, when the tab comes to the front, and,
while something is not saved, when the server says that storage is back. It also holds the notices. They are the one
live region for screen readers, which do not announce what Streamlit draws as new elements in each run.

What the page's script has to know for this stands in a hidden element beside it, a fragment: where an act has changed
nothing else of the page, that is drawn anew without the page. A component in a fragment would not do: where the server
was restarted, a click in a fragment reaches nobody.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import streamlit as st
from markupsafe import Markup
from streamlit.components.v2.types import ComponentRenderer

from app.shopper.shopping import Shopping, undo_name
from app.views.parts.html import html
from app.views.parts.script import script
from keepcart import click, served_by_us

_KEY = "live"
SAID = "said"
"""Key of the hidden element and of its fragment."""

CART = "cart"
"""The address of the page that shows the cart's total and lines by itself."""

_NOTICE = (
    '<div class="notice"><div role="status" aria-live="polite"></div><div class="acts"><button hidden>Undo</button>'
    '<a hidden href="cart">View cart</a><button>Dismiss</button></div></div>'
)


@cache
def _component(*, brings_script: bool) -> ComponentRenderer:
    """Return the component. Its code travels with every run, so it has the script only if the page's head does not."""
    return st.components.v2.component(
        "keepcart_live_script" if brings_script else "keepcart_live",
        html=_NOTICE,
        js=(script() if brings_script else "") + "\nexport default (component) => keepcartLive(component)\n",
        isolate_styles=False,
    )


@st.fragment(key=SAID)
def say(shopping: Shopping) -> None:
    """Draw the hidden element that tells the page's script how things are: JSON in its attribute `data-said`.

    It is the last thing that a run draws, of the whole page or of the fragments, so the shopper has seen the rest.
    """
    said = {
        "version": shopping.visit.version,
        "saved": all(document.saved for document in shopping.visit.documents.values()),
        "leave": _leave(shopping),
        "notice": _notice(shopping),
    }
    with st.container(key=SAID):
        html(in_attribute(said))
    shopping.complete_run()


def in_attribute(said: Mapping[str, Any]) -> Markup:
    """Return the hidden element.

    Streamlit's page drops attributes in which something looks like the end of a comment or of an element, be it
    escaped (DOMPurify 3, `SAFE_FOR_XML`). So their characters are written as JSON has them.
    """
    text = json.dumps(said).replace("<", r"\u003c").replace(">", r"\u003e")
    return Markup('<div class="said" data-said="{}"></div>').format(text)


def live_page(shopping: Shopping) -> None:
    """Draw the component. It takes no room except for its notices.

    *Undo* in a notice sends the name of the act that it undoes. It is a button like all others (`click`), so it acts
    once for each click, also in a page whose server was restarted.
    """
    draw = _component(brings_script=not served_by_us())

    def undo() -> None:
        shopping.undo_named(st.session_state[_KEY].undo)

    def drawn(*, key: str, on_click: Callable[[], None]) -> bool:
        result = draw(
            key=key,
            on_look_change=shopping.visit.look_again,
            on_undo_change=on_click,
        )
        return result.undo is not None

    click(shopping.visit, _KEY, undo, drawn)


def _notice(shopping: Shopping) -> dict[str, Any]:
    """Return what the notice says and offers: an act to undo, and the way to the cart with what it costs."""
    notices, act = shopping.notices, shopping.undo_in_notice
    is_elsewhere = notices.done() and notices.is_of_cart and shopping.visit.page != CART
    return {
        "number": notices.number,
        "done": notices.done(),
        "warnings": notices.warnings(),
        "total": f"Cart total {shopping.total}" if is_elsewhere else "",
        "undo": {"name": undo_name(act), "words": shopping.shop.in_words(act)} if act else None,
    }


def _leave(shopping: Shopping) -> dict[str, str] | None:
    """Return what the browser needs to be forgotten, and where it goes then; None where nobody asked for it.

    The second is a tab that has slept while another one of the browser was forgotten: it begins anew where it is.
    """
    if shopping.leaves:
        return {"token": shopping.visit.forget_token, "to": "privacy?forgotten"}
    if shopping.visit.forgotten:
        return {"token": shopping.visit.forget_token, "to": ""}
    return None
