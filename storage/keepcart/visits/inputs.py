"""Widgets that edit what is kept: they show it whoever changed it, and none of their edits is lost.

While a session lasts, a widget is set from the kept value before it is drawn, and its callback keeps each edit. Inside
a form Streamlit takes no callbacks; there the edits are kept at the beginning of the run that the form's button asks
for.

A session may begin under a page that an older one drew: the server was restarted, or another replica took over. In its
first run the browser sends what that page's widgets hold. Such a value is the visitor's edit only where it differs
from what the page *showed*. The page itself carries that, in one hidden text input. A comparison with the kept value
would put old values back: one tab edits, the server restarts, and another, stale tab clicks something else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from zlib import crc32

import msgspec
import streamlit as st
from streamlit.errors import StreamlitInvalidFormCallbackError

from keepcart.documents import Locked, Refused
from keepcart.visits.drawing import Drawing
from keepcart.visits.offer import Latest, Offers

T = TypeVar("T")

SHOWN = "keepcart.shown"
"""Key of the hidden input."""

_BOX = "keepcart-shown-box"
_LABEL = "What the inputs of this page show"
LOCKED = "This was not kept: a newer release of this page has changed it. Please load the page again in a minute."


@dataclass(slots=True)
class _Input:
    """A widget as a run drew it.

    Attributes:
        showed: the value that it was to show.
        content: what was in it then.
        offered: what the visitor could choose; nothing else is kept.
        keep: keeps an edit.
        has_callback: Streamlit calls `keep`; otherwise the widget is in a form.
    """

    showed: Any
    content: Any
    offered: Latest
    keep: Callable[[Any], None]
    has_callback: bool


class Inputs:
    """The inputs of one visit."""

    def __init__(self, offers: Offers) -> None:
        """Take what the visit's widgets have offered."""
        self._offers = offers
        self._drawn: dict[str, _Input] = {}
        self._refused: dict[str, str] = {}

    def begin_run(self) -> None:
        """Keep what a submitted form holds: its widgets have no callbacks."""
        for key, drawn in self._drawn.items():
            if not drawn.has_callback and key in st.session_state and st.session_state[key] != drawn.showed:
                self._keep(key, drawn.offered, drawn.keep)
        self._drawn = {}

    def draw(self, key: str, value: T, keep: Callable[[T], None], drawing: Drawing, *, settled: bool) -> T:
        """Draw a widget that shows a value; return what it shows.

        Args:
            key: the widget's.
            value: what is kept.
            keep: keeps an edit; where it raises Refused or Locked, that is said below the widget.
            drawing: the widget.
            settled: of the visit.
        """
        value = drawing.fit(value)
        offered = self._offers.note(key, drawing.offer)
        shown = drawing.showing(key, value, settled=settled)

        def edited() -> None:
            self._keep(key, offered, keep)

        try:
            content = drawing.draw(shown, key=key, edited=edited)
            has_callback = True
        except StreamlitInvalidFormCallbackError:
            content = drawing.draw(shown, key=key, edited=None)
            has_callback = False
        self._drawn[key] = _Input(value, content, offered, keep, has_callback)
        if refusal := self._refused.pop(key, None):
            st.error(refusal)
        return content if settled else value

    def complete_run(self, *, settled: bool) -> bool:
        """Let the page carry what it shows. Return whether widgets show something else than is kept.

        Then the page is to be drawn once more.
        """
        if not self._drawn:
            return False
        shows = json.dumps({key: _fingerprint(drawn.showed) for key, drawn in self._drawn.items()})
        hidden = Drawing(st.text_input, (_LABEL,), {})
        with hidden_box(_BOX):
            text = hidden.draw(hidden.showing(SHOWN, shows, settled=settled), key=SHOWN, edited=None)
        if settled:
            return False
        showed = _fingerprints(text)
        others = {key: drawn for key, drawn in self._drawn.items() if drawn.content != drawn.showed}
        for key, drawn in others.items():
            if showed.get(key) != _fingerprint(drawn.content):
                self._keep(key, drawn.offered, drawn.keep)
        return bool(others)

    def _keep(self, key: str, offered: Latest, keep: Callable[[Any], None]) -> None:
        content = st.session_state[key]
        if not offered.takes(content):
            return  # the next run shows what is kept
        try:
            keep(content)
        except Refused as reason:
            self._refused[key] = str(reason)
        except Locked:
            self._refused[key] = LOCKED


@contextmanager
def hidden_box(key: str) -> Iterator[None]:
    """Draw what nobody sees: inputs by which the page carries something from session to session."""
    with st.container(key=key):
        st.html(f"<style>.st-key-{key} {{ display: none }}</style>")
        yield


def _fingerprint(value: Any) -> str:
    """Return 8 characters that say which value this is: two different values share them with a chance of 1 in 2³²."""
    return f"{crc32(msgspec.json.encode(value)):08x}"


def _fingerprints(text: str) -> Mapping[str, str]:
    """Read what the page showed. The text comes from the browser, so it may be anything; then nothing is known."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
