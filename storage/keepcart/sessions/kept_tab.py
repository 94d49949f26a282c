"""What storage has of one tab of a visitor: its session, its large values, and its place among the visitor's tabs."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from keepcart.documents import Document, Held, Locked, Refused
from keepcart.sessions.content import GONE, LARGE, Content, Ended, Run, content_document, value_document
from keepcart.sessions.tabs import MOST_TABS, TABS, Tabs

log = logging.getLogger(__name__)

T = TypeVar("T")
C = TypeVar("C")
S = TypeVar("S")

LARGE_BYTES: Final = 16_384
"""A value above it has a document of its own, which is written only when the value changes."""


class Hold(Protocol):
    """Returns a document of the visitor."""

    def __call__(self, kind: Document[T, C], /) -> Held[T, C]:
        """Return it; storage is asked nothing."""


class State(NamedTuple):
    """A session as it is stored, with all values: the parts of `Content`."""

    keys: Mapping[str, bytes]
    widgets: Mapping[str, bytes]
    failed: bool
    missing: frozenset[str]


class Change(NamedTuple):
    """What a run has changed: in the session's document, and values that have one of their own."""

    run: Run
    large: Mapping[str, bytes]


class KeptTab:
    """One tab in storage.

    Attributes:
        is_behind: another process has changed it since this one did, or the visitor was forgotten.
    """

    def __init__(self, name: str, like: str, hold: Hold, before: Hold | None = None) -> None:
        """Name a tab. Storage is asked nothing.

        Args:
            name: among the visitor's tabs.
            like: the tab that it begins like where it is new; "" for the one that was used last.
            hold: returns a document of the visitor.
            before: returns one of the browser's, where the visitor has logged in: what it has of this tab moves.
        """
        self._name, self._like, self._hold, self._before = name, like, hold, before
        self._held: Held[Content, Run] = hold(content_document(name))
        self._tabs: Held[Tabs, Tabs] = hold(TABS)
        self._values: dict[str, Held[bytes, bytes]] = {}
        self._begun = ""  # the session that is in storage; "" until it is
        self._is_blind = self.is_behind = False
        self._moves = False  # the browser's own session of this tab goes once this one is saved

    @property
    def document(self) -> object:
        """What must live for `is_behind` to be known after the next load."""
        return self._held

    def load(self, also: Iterable[Held[Any, Any]] = ()) -> State:
        """Read what is stored: one round trip, one more for a tab that is new, and one where there are large values.

        Args:
            also: documents of the visitor that are read with it.
        """
        record, was_read = self._held.record, self._held.read
        self._held.load_with((self._tabs, *also), renew=True)
        self.is_behind = was_read and (record != self._held.record or not self._held.value.begun)
        content, name, hold = self._held.value, self._name, self._hold
        self._begun = content.begun
        self._is_blind = not (content.begun or self._held.read)
        if self._before is not None:
            browsers = self._stored(self._before, name)
            self._moves = bool(browsers.begun)
            if self._moves and not content.begun:
                content, hold = browsers, self._before
        if not content.begun:
            name, content = self._beginning(hold)
        keys = {**content.keys, **self._large(hold, name, content)}
        return State(keys, content.widgets, content.failed, content.missing)

    def note_act(self) -> None:
        """Note that the visitor has done something, so that what is there now counts."""
        self._is_blind = False

    def known(self) -> Mapping[str, bytes]:
        """Return the stored forms of the session's keys, as of the last save."""
        return {
            key: self._value(key).value if stored == LARGE else stored for key, stored in self._held.value.keys.items()
        }

    def change_to(self, state: State) -> Change | None:
        """Return the change after which storage has this; None where it has it already.

        A page that was loaded while storage was away shows a session that has begun anew. That of before stays until
        the visitor has done something: a reload brings it back.
        """
        if self._is_blind:
            self._is_blind = False
            return None
        content = self._held.value
        whole = not self._begun
        if whole:
            self._begun, content = secrets.token_urlsafe(6), Content()
        small = {key: LARGE if len(stored) > LARGE_BYTES else stored for key, stored in state.keys.items()}
        large = {
            key: state.keys[key]
            for key, stored in small.items()
            if stored == LARGE and self._value(key).value != state.keys[key]
        }
        keys, widgets = _difference(content.keys, small), _difference(content.widgets, state.widgets)
        is_same = content.begun == self._begun and not (keys or widgets or large)
        if is_same and (content.failed, content.missing) == (state.failed, state.missing):
            return None
        return Change(Run(self._begun, whole, keys, widgets, state.failed, state.missing), large)

    def keep(self, change: Change) -> bool:
        """Save what a run has changed: one round trip, and one for each large value. While storage is away it waits.

        Returns False where the visitor was forgotten: then this session is over.

        Raises:
            Ended: the session has gone for newer ones of the visitor's. Its next change says everything.
        """
        try:
            for key, stored in change.large.items():
                self._value(key).change(stored)
            self._held.change(change.run)
            self._use()
        except Ended:
            self._begun = ""
            self._values.clear()
            self._tabs.load()
            if self._held.record is None:  # a session that went for newer ones has left an empty record
                return False
            raise
        except Refused as problem:
            log.warning("a run of a session was not kept", extra={"problem": str(problem)})
        except Locked:
            log.warning("a session is kept by a newer release")
        return not self._held.forgotten

    def _use(self) -> None:
        """Note that this tab is the one that was used last; the one that was used least recently may go for it."""
        if self._moves and self._before is not None and self._held.saved:
            _empty(self._before, self._name)
            self._moves = False
        before = self._tabs.value
        if before[:1] != (self._name,):
            self._tabs.change((self._name,))
            is_full = len(self._tabs.value) == MOST_TABS  # else they are missing because the visitor was forgotten
            for gone in set(before) - set(self._tabs.value) if is_full else ():
                _empty(self._hold, gone)

    def _beginning(self, hold: Hold) -> tuple[str, Content]:
        """Return the tab that this one begins like, and what is stored of it.

        In an outage a tab may have been used whose session storage then has refused.
        """
        for name in (self._like,) if self._like else self._tabs.value:
            content = self._stored(hold, name)
            if content.begun:
                return name, content
        return self._name, Content()

    def _stored(self, hold: Hold, name: str) -> Content:
        held = hold(content_document(name))
        held.load()
        return held.value

    def _large(self, hold: Hold, name: str, content: Content) -> Mapping[str, bytes]:
        """Return the values that have documents of their own: one round trip for all of them."""
        is_own = hold is self._hold and name == self._name
        large = {
            key: self._value(key) if is_own else hold(value_document(name, key))
            for key, stored in content.keys.items()
            if stored == LARGE
        }
        if large:
            first, *others = large.values()
            first.load_with(others, renew=True)
        return {key: held.value for key, held in large.items()}

    def _value(self, key: str) -> Held[bytes, bytes]:
        if key not in self._values:
            self._values[key] = self._hold(value_document(self._name, key))
        return self._values[key]


def _difference(before: Mapping[str, S], after: Mapping[str, S]) -> dict[str, S | None]:
    if before == after:  # nearly always
        return {}
    changed: dict[str, S | None] = {name: stored for name, stored in after.items() if before.get(name) != stored}
    return changed | dict.fromkeys(before.keys() - after.keys())


def _empty(hold: Hold, name: str) -> None:
    """Let nothing be left of a tab."""
    held = hold(content_document(name))
    held.load()
    for key, stored in held.value.keys.items():
        if stored == LARGE:
            hold(value_document(name, key)).change(b"")
    held.change(GONE)
