"""Choices that live in the page's address, so that a reload, Back, a second tab and a shared link show the same view.

The widget's callback writes the address, and the widget is set from the address before it is drawn. Streamlit's own
`bind="query-params"` loses the choice on Back after a link that carries query parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from keepcart.visits.showing import showing
from keepcart.visits.visit import Visit

T = TypeVar("T")


def choose(  # noqa: PLR0913 - everything behind `write` stands by name
    visit: Visit,
    key: str,
    chosen: T,
    draw: Callable[..., T | None],
    write: Callable[[T | None], None],
    *,
    parameter: str = "default",
    **options: Any,
) -> None:
    """Draw a choice widget whose value is in the address.

    Args:
        key: the widget's.
        chosen: what the address says.
        draw: `st.pills`, `st.text_input` or another widget with `on_change`.
        write: writes a new choice to the address (None: nothing is chosen).
        parameter: the widget's parameter for its default.
        options: for `draw`.
    """

    def called_back() -> None:
        write(st.session_state[key])

    held = draw(key=key, on_change=called_back, **showing(key, chosen, parameter, settled=visit.settled), **options)
    # Under a page that an older session drew, the browser's widget differs from the page's address only where the
    # shopper has just chosen.
    if not visit.settled and held != chosen:
        write(held)
        visit.settled = True
        st.rerun()
