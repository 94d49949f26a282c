"""A visit: one Streamlit session of a visitor, and the only door between `st.session_state` and storage.

    keeper = Keeper(storage, keep_seconds=keep_seconds)     # one a process
    visit = Visit.current(keeper, recognise(keep_seconds))
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
from app.session.held import Held
from app.session.keeper import Keeper
from app.session.notices import Notices
from app.session.visitor import visitor_key

T = TypeVar("T")
C = TypeVar("C")

_SESSION_KEY = "visit"


class Visit:
    """One session of one visitor.

    Attributes:
        page: the page drawn in this run, and in the last one until `begin_run`.
        settled: a complete run has drawn this page in this session, so its widgets show what the visit knows.
        seen: the shop's cart as this visit's page shows it, to tell what another tab has changed.
        handled: keys of buttons whose click a callback has handled and whose `if` has not been reached since.
        notices: what to say to the shopper.
        began: this run is the visit's first.
        was_unsaved: this page has said that something is not saved yet, and the shopper has not acted since it was.
    """

    def __init__(self, keeper: Keeper, visitor_id: str) -> None:
        self._keeper = keeper
        self._owner = visitor_key(visitor_id)
        self._held: dict[str, Held[Any, Any]] = {}
        self.page: str | None = None
        self.settled = False
        self.seen: Any = None
        self.handled: set[str] = set()
        self.notices = Notices()
        self.began = True
        self.was_unsaved = False
        self._look_again = False

    @classmethod
    def current(cls, keeper: Keeper, visitor_id: str) -> Visit:
        """Return this session's visit, begun in its first run."""
        visit = st.session_state.get(_SESSION_KEY)
        if not isinstance(visit, cls):
            visit = st.session_state[_SESSION_KEY] = cls(keeper, visitor_id)
        return visit

    def hold(self, kind: Document[T, C]) -> Held[T, C]:
        """Return a document of this visitor. The first call reads it, which also starts its expiry anew."""
        held = self._held.get(kind.name)
        if held is None:
            held = self._held[kind.name] = self._keeper.hold(self._owner, kind)
            held.load(renew=True)
        return held

    def look_again(self) -> None:
        """Let the next run read the documents anew: the browser says that another tab has changed something."""
        self._look_again = True

    def begin_run(self, page: str) -> None:
        """Note which page this run draws; a page switch reads the documents anew, for other tabs' changes."""
        self.began = self.page is None
        switched = not self.began and page != self.page
        for held in self._held.values():
            if switched or self._look_again or held.locked or not held.read:
                held.load()
        self._look_again = False
        if switched:
            self.settled = self.was_unsaved = False
            self.notices.dismiss()
        self.page = page

    def complete_run(self) -> None:
        """Note that a run has drawn its whole page."""
        self.settled = True
        self.was_unsaved = self.was_unsaved or any(held.waiting for held in self._held.values())
        self.notices.shown()
