"""Every click counts: the one way in which buttons act.

A callback counts quick clicks, each of which interrupts the run before it; `if st.button():` loses about half of
them. But a session that has just begun (the server was restarted, another replica took over) does not know the
callbacks of the page that the visitor still sees: the first click reaches only the `if`. So `click` uses both, and
the visit remembers which of them has acted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

from keepcart.visits.visit import Visit


def click(
    visit: Visit,
    key: str,
    act: Callable[[], object],
    draw: Callable[..., bool] = st.button,
    *,
    redraws: Callable[[], Collection[str]] = tuple,
    **options: Any,
) -> None:
    """Draw a button that acts exactly once for each click. Not for use inside fragments.

        click(visit, "load", lambda: visit.put(LOADED, True), label="Load offer")

    It asks storage nothing. The first click after a restart costs one more run: `act` comes after the page was drawn.

    Args:
        key: unlike every other key of the app; made from what the button acts on, never from its position.
        act: what a click does. It may run before the script (as a callback) or after the button.
        draw: `st.button`, `st.form_submit_button`, or a container's method of that name.
        redraws: returns, after `act`, the keys of the fragments that show all that it has changed, made with
            `st.fragment(key=…)` (Streamlit 1.63 and newer). Then these alone are drawn anew, for a fraction of what the
            page costs. None: the page is drawn as a whole, as it is by the first click after a restart.
        options: for `draw`: the label and the rest.

    Raises:
        Exception: whatever `act` raises, in the page.
    """
    page = visit.page

    def called_back() -> None:
        visit.note_click(key)
        act()
        # A click may come late from a page that has been left. What its fragments would show is not all of the new one.
        if visit.page == page and (fragments := redraws()):
            visit.save()
            st.rerun(list(fragments))  # where a page is being left, Streamlit draws it as a whole, with its click

    if draw(key=key, on_click=called_back, **options) and not visit.forget_click(key):
        act()
        st.rerun()
