"""Widgets that edit what is kept: set from it before they are drawn, whoever changed it, and no edit of theirs is lost.

While a session lasts a widget is set from the kept value, and its callback makes the change. Inside a form Streamlit
allows no callback; there the change is made at the beginning of the run that the form's button asks for.

In the first run of a session under a page that was drawn by an older one (the server restarted, another replica took
over), the browser sends what that page's widgets hold. Such a value is the shopper's edit only where it differs from
what the page *showed*. That is carried by the page itself, in one hidden text input. Comparing with the kept value
instead would put old values back: one tab edits, the server restarts, another tab, stale, clicks something else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import msgspec
import streamlit as st
from streamlit.errors import StreamlitInvalidFormCallbackError

from keepcart.documents import Locked, Refused
from keepcart.visits.drawing import Drawing
from keepcart.visits.showing import showing

SHOWN = "visit-shown"
"""Key of the hidden input."""

_HIDE = f"<style>.st-key-{SHOWN}-box {{ display: none }}</style>"
_LABEL = "What the inputs of this page show"
_LOCKED = "This was not kept: a newer release of this page has changed it. Please load the page again in a minute."


@dataclass(slots=True)
class _Input:
    """A widget as a run drew it: what it was to show, what it held then, what keeps an edit, and who calls that."""

    showed: Any
    held: Any
    keep: Callable[[Any], None]
    has_callback: bool


class Inputs:
    """The inputs of one visit."""

    def __init__(self) -> None:
        self._drawn: dict[str, _Input] = {}
        self._refused: dict[str, str] = {}

    def begin_run(self) -> None:
        """Keep what a submitted form holds: its widgets have no callbacks."""
        for key, drawn in self._drawn.items():
            if not drawn.has_callback and key in st.session_state and st.session_state[key] != drawn.showed:
                self._keep(key, drawn.keep)
        self._drawn = {}

    def draw(  # noqa: PLR0913, PLR0917 - what an input is, and all that is the widget's own
        self,
        key: str,
        value: Any,
        keep: Callable[[Any], None],
        draw: Callable[..., Any],
        args: tuple[Any, ...],
        options: Mapping[str, Any],
        *,
        settled: bool,
    ) -> Any:
        """Draw a widget that shows a value; see `Visit.input`. Returns what it holds."""
        options = dict(options)
        also = options.pop("on_change", None)

        def called_back() -> None:
            self._keep(key, keep)
            if also is not None:
                also()

        drawing = Drawing(draw, args, options)
        value = drawing.fit(value)
        shown = showing(key, value, drawing.parameter, settled=settled)
        try:
            held = drawing.draw(shown, key=key, on_change=called_back)
            has_callback = True
        except StreamlitInvalidFormCallbackError:
            held = drawing.draw(shown, key=key)
            has_callback = False
        self._drawn[key] = _Input(value, held, keep, has_callback)
        if refusal := self._refused.pop(key, None):
            st.error(refusal)
        return held if settled else value

    def complete_run(self, *, settled: bool) -> bool:
        """Let the page carry what it shows. Returns whether it shows something else than is kept, to be drawn anew."""
        if not self._drawn:
            return False
        shows = json.dumps({key: _fingerprint(drawn.showed) for key, drawn in self._drawn.items()})
        with st.container(key=f"{SHOWN}-box"):
            st.html(_HIDE)
            text = st.text_input(_LABEL, key=SHOWN, **showing(SHOWN, shows, "value", settled=settled))
        if settled:
            return False
        showed = _fingerprints(text)
        others = {key: drawn for key, drawn in self._drawn.items() if drawn.held != drawn.showed}
        for key, drawn in others.items():
            if showed.get(key) != _fingerprint(drawn.held):
                self._keep(key, drawn.keep)
        return bool(others)

    def _keep(self, key: str, keep: Callable[[Any], None]) -> None:
        try:
            keep(st.session_state[key])
        except Refused as reason:
            self._refused[key] = str(reason)
        except Locked:
            self._refused[key] = _LOCKED


def _fingerprint(value: Any) -> str:
    """Return 8 characters that another value has once in four thousand million times."""
    return f"{crc32(msgspec.json.encode(value)):08x}"


def _fingerprints(text: str) -> Mapping[str, str]:
    """Read what the page showed; it comes from the browser, so anything else is nothing."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
