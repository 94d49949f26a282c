"""Every click counts: the one way in which buttons and number inputs act.

A callback counts quick clicks, each of which interrupts the run before it; `if st.button():` loses about half of
them. But a session that has just begun - the server restarted, another replica took over - does not know the
callbacks of the page that the shopper still sees: the first click reaches only the `if`. So both are used, and the
visit remembers which of them has acted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from app.session.kept_widget import showing
from app.session.visit import Visit


def click(
    visit: Visit, key: str, act: Callable[[], None], draw: Callable[..., bool] = st.button, **options: Any
) -> None:
    """Draw a button that acts exactly once for each click. Not for use inside fragments.

    Args:
        key: unlike every other key of the app; made from what the button acts on, never from its position.
        act: what a click does. It may run before the script (as a callback) or after the button.
        draw: `st.button`, `st.form_submit_button`, or a container's method of that name.
        options: for `draw`: the label and the rest.
    """

    def called_back() -> None:
        visit.handled.add(key)
        act()

    if draw(key=key, on_click=called_back, **options):
        if key in visit.handled:
            visit.handled.discard(key)
        else:
            act()
            st.rerun()


_LABEL = "Quantities shown on this page"


class Numbers:
    """The number inputs of a page that edit kept quantities.

    While a session lasts an input is set from the kept value, and its callback makes the change. In the first run of
    a session under a page that was drawn by an older one, the browser sends what that page's inputs hold; such a
    number is the shopper's edit only where it differs from what the page *showed*. That is carried by the page itself,
    in one hidden text input. Comparing with the kept value instead would put old numbers back: one tab edits, the
    server restarts, another tab, stale, removes something else.
    """

    def __init__(self, visit: Visit, key: str, kept: Mapping[str, int]) -> None:
        """Draw the hidden input.

        Args:
            key: of the hidden input; style it away by its class `st-key-<key>`.
            kept: the kept values by the key of their input.
        """
        self._visit = visit
        self._kept = kept
        held = st.text_input(
            _LABEL, key=key, label_visibility="collapsed", **showing(visit, key, json.dumps(kept), "value")
        )
        self._showed = kept if visit.settled else _numbers(held)
        self._stale = self._showed != kept

    def draw(self, key: str, act: Callable[[int], None], **options: Any) -> None:
        """Draw the number input of a kept value.

        Args:
            act: makes the change to a new number.
            options: for `st.number_input`: label, bounds and the rest, but no value.
        """

        def called_back() -> None:
            act(st.session_state[key])

        kept = self._kept[key]
        held = st.number_input(key=key, on_change=called_back, **showing(self._visit, key, kept, "value"), **options)
        if self._visit.settled:
            return
        if key in self._showed and held != self._showed[key]:
            act(held)
        self._stale = self._stale or held != kept

    def finish(self) -> None:
        """Draw the page again, once, where a browser's numbers were not the kept ones."""
        if self._stale:
            self._visit.settled = True
            st.rerun()


def _numbers(text: str) -> Mapping[str, int]:
    """Read what the page showed; it comes from the browser, so anything else is nothing."""
    try:
        numbers = json.loads(text)
    except ValueError:
        return {}
    return numbers if isinstance(numbers, dict) else {}
