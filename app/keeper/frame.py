"""What every page has around it: the bar of pages, and below what came of the last act."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st
from markupsafe import Markup

from app.keeper import acts
from app.keeper.pages import IN_BAR, Pages
from app.orders.errors import OrdersAway
from app.views.parts.html import html
from app.views.parts.style import colours

HERE: Final = Path(__file__)
PAPER: Final = "@page { size: A4; margin: 16mm; }"
"""It cannot stand within `body { … }`."""


@cache
def style() -> Markup:
    """Return the style element. `body { … }` around the rules gives them precedence over Streamlit's own."""
    rules = HERE.with_name("style.css").read_text(encoding="utf-8")
    root = f"{PAPER} :root {{ {colours()} }}"
    return Markup(f"<style>{root} body {{ {rules} }}</style>")  # noqa: S704 - the app's own file


@cache
def script() -> str:
    """Return the script of all pages."""
    return HERE.with_name("script.js").read_text(encoding="utf-8")


def bar(pages: Pages) -> None:
    """Draw the links to the pages: above the page, and on a phone at its lower edge, below the thumb."""
    with st.container(key="bar", horizontal=True):
        for address, icon in IN_BAR.items():
            st.page_link(pages.by_address[address], icon=icon)


def run(pages: Pages) -> None:
    """Draw the page that was asked for. While the database is away it is a sentence."""
    try:
        pages.asked.run()
    except OrdersAway:
        st.error("The orders' database does not answer.")
        st.button("Try again", key="again")


def foot(next_order: Callable[[], None] | None = None, key: str = "") -> None:
    """Draw what came of the last act, with its way back, and the way to the next order.

    Args:
        next_order: opens it; None where the page is of no order, or there is no other one.
        key: tells the buttons of one order from those of another.
    """
    notice = acts.notice()
    if notice is None and next_order is None:
        return
    with st.container(key="foot", horizontal=True, vertical_alignment="center"):
        html(Markup('<p role="status" class="{}">{}</p>').format(*_said(notice)))
        if notice and notice.undo:
            st.button("Undo", key=f"undo-{acts.done()}", on_click=acts.carry_out_once, args=(notice.undo, acts.done()))
        if notice:
            st.button("✕", key=f"dismiss-{acts.done()}", on_click=acts.dismiss, help="Dismiss")
        if next_order:
            st.button("Next order", key=f"next-{key}", on_click=next_order, shortcut="Ctrl+Down")


def _said(notice: acts.Notice | None) -> tuple[str, str]:
    if notice is None:
        return "", ""
    return "problem" if notice.problem else "done", notice.words
