"""A visit: one Streamlit session of a visitor, and the only door between `st.session_state` and storage.

    visit = Visit.current(storage, recognise(keep_seconds))
    note = visit.hold(NOTE)       # the document as a value that survives; change it with note.change(…)
    visit.begin_run(page="note")
    …                             # draw
    visit.complete_run()

The visit stands in `st.session_state["visit"]`, nothing else writes that key.
"""

from __future__ import annotations

from typing import Any, TypeVar

import streamlit as st

from app.domain.document import Document
from app.session.held import Held, Writer
from app.session.notices import Notices
from app.session.visitor import visitor_key
from storage import Storage

T = TypeVar("T")
C = TypeVar("C")

_SESSION_KEY = "visit"


class Visit:
    """One session of one visitor.

    Attributes:
        page: the page drawn in this run, and in the last one until `begin_run`.
        settled: a complete run has drawn this page in this session, so its widgets show what the visit knows.
        handled: keys of buttons whose click a callback has handled and whose `if` has not been reached since.
        notices: what to say to the shopper.
    """

    def __init__(self, storage: Storage, visitor_id: str) -> None:
        self._storage = storage
        self._owner = visitor_key(visitor_id)
        self._writer = Writer()
        self._held: dict[str, Held[Any, Any]] = {}
        self.page: str | None = None
        self.settled = False
        self.handled: set[str] = set()
        self.notices = Notices()

    @classmethod
    def current(cls, storage: Storage, visitor_id: str) -> Visit:
        """Return this session's visit, begun in its first run."""
        visit = st.session_state.get(_SESSION_KEY)
        if not isinstance(visit, cls):
            visit = st.session_state[_SESSION_KEY] = cls(storage, visitor_id)
        return visit

    def hold(self, kind: Document[T, C]) -> Held[T, C]:
        """Return a document of this visitor. The first call reads it, which also starts its expiry anew."""
        held = self._held.get(kind.name)
        if held is None:
            held = self._held[kind.name] = Held(kind, self._storage, self._owner, self._writer)
            held.load(renew=True)
        return held

    def begin_run(self, page: str) -> None:
        """Note which page this run draws; a page switch reads the documents anew, for other tabs' changes."""
        switched = self.page is not None and page != self.page
        for held in self._held.values():
            if switched or held.locked or not held.saved:
                held.load()
        if switched:
            self.settled = False
            self.notices.dismiss()
        self.page = page

    def complete_run(self) -> None:
        """Note that a run has drawn its whole page."""
        self.settled = True
        self.notices.shown()
