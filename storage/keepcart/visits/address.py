"""Choices that live in the page's address, so that a reload, Back, a second tab and a shared link show the same view.

The widget's callback writes the address, and the widget is set from the address before it is drawn. Streamlit's own
`bind="query-params"` loses the choice on Back after a link that carries query parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from keepcart.visits.drawing import Drawing
from keepcart.visits.visit import Visit

T = TypeVar("T")


def choose(
    visit: Visit, key: str, chosen: T, draw: Callable[..., Any], write: Callable[[T | None], None], **options: Any
) -> None:
    """Draw a choice widget whose value is in the address.

        choose(visit, "sort", st.query_params.get("sort", "name"), st.selectbox, write, label="Sort", options=ORDERS)

    Args:
        key: the widget's.
        chosen: what the address says.
        draw: `st.selectbox`, `st.pills`, `st.text_input` or any other input with a key and a default.
        write: writes a new choice to the address (None: nothing is chosen). It gets only what the page has offered.
        options: the widget's own, without its default.

    Raises:
        TypeError: the widget has no default, or it takes no such options.
    """
    drawing = Drawing(draw, (), options)
    chosen = drawing.fit(chosen)
    offered = visit.offers.note(key, drawing.offer)

    def edited() -> None:
        if offered.takes(st.session_state[key]):
            write(st.session_state[key])

    content = drawing.draw(drawing.showing(key, chosen, settled=visit.settled), key=key, edited=edited)
    # Under a page that an older session drew, the browser's widget differs from the page's address only where the
    # visitor has just chosen.
    if not visit.settled and content != chosen:
        if offered.takes(content):
            write(content)
        visit.settle()
        st.rerun()
