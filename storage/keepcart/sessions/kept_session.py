"""One session of Streamlit and what is kept of it: takes up what is stored, and keeps what a run has changed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple, Protocol, TypeVar

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from keepcart.documents import Document, Held, Locked, Refused
from keepcart.sessions.codec import Codec, Unkeepable, Unreadable, fingerprint
from keepcart.sessions.content import LARGE, Content, Run, content_document, emptying, value_document
from keepcart.sessions.streamlit_session import StreamlitSession
from keepcart.sessions.tabs import TABS, Tabs

log = logging.getLogger(__name__)

T = TypeVar("T")
C = TypeVar("C")

OURS: Final = "keepcart."
"""How our own keys of `st.session_state` begin. The visitor's secret id is under one of them; none is ever stored."""

LARGE_BYTES: Final = 16_384
"""A value above it has a document of its own, which is written only when the value changes."""

MAX_VALUE_BYTES: Final = 4_194_304
MAX_SESSION_BYTES: Final = 16_777_216
"""What is larger is not kept, and the log says so once. One string of Redis carries 512 MB; a page load should not."""


class Hold(Protocol):
    """Returns a document of the visitor."""

    def __call__(self, kind: Document[T, C], /) -> Held[T, C]:
        """Return it; storage is asked nothing."""


class Change(NamedTuple):
    """What a run has changed: in the session's document, and values that have one of their own."""

    run: Run
    large: Mapping[str, bytes]


class KeptSession:
    """A session that is kept. Use it while no run is in progress.

    Attributes:
        missing: keys that the session had and that could not be kept, until the script sets them again.
    """

    def __init__(
        self,
        session: StreamlitSession,
        tab: str,
        like: str,
        hold: Hold,
        codec: Codec,
        is_chosen: Callable[[str], bool],
    ) -> None:
        """Take the session, and how it is kept.

        Args:
            tab: its name among the visitor's.
            like: the tab that it begins like where it is new; "" for the one that was used last.
            hold: returns a document of the visitor.
            is_chosen: tells by its name whether a key is to be kept.
        """
        self._session, self._codec, self._is_chosen = session, codec, is_chosen
        self._tab, self._like, self._hold = tab, like, hold
        self._held: Held[Content, Run] = hold(content_document(tab))
        self._tabs: Held[Tabs, str] = hold(TABS)
        self._beginning = Content()
        self._values: dict[str, Held[bytes, bytes]] = {}
        self._large: dict[str, bytes] = {}  # that it begins with
        self._prints: dict[str, bytes] = {}  # of values as they were when they were last encoded
        self._unreadable: set[str] = set()
        self.missing: frozenset[str] = frozenset()
        self._lost: set[str] = set()  # keys that cannot be kept
        self._said: set[str] = set()  # keys of which the log has heard

    @property
    def has_run(self) -> bool:
        """Whether this process has run the session's script before, so that nothing need be restored."""
        return self._session.has_run

    def load(self) -> None:
        """Read what is stored: one round trip, two more for a tab that is new, and one for each large value."""
        self._held.load(renew=True)
        self._beginning, tab = self._held.value, self._tab
        if self._held.record is None and not self._held.waiting:
            tab = self._like or self._last_used()
            other = self._hold(content_document(tab))
            other.load()
            self._beginning = other.value
        for key, stored in self._beginning.keys.items():
            if stored == LARGE:
                value = self._hold(value_document(tab, key))
                value.load(renew=True)
                self._large[key] = value.value

    def _last_used(self) -> str:
        self._tabs.load(renew=True)
        return next(iter(self._tabs.value), self._tab)

    def restore(self) -> Mapping[str, WidgetState]:
        """Put the stored keys into the session; return what its widgets held, by their ids."""
        self._session.note_restored()
        for key, stored in self._beginning.keys.items():
            try:
                self._session.put(key, self._codec.decode(self._large.get(key, stored)))
            except Unreadable as problem:
                self._unreadable.add(key)
                self._say(key, problem)
        self.missing = self._beginning.missing | self._unreadable
        return {name: WidgetState.FromString(stored) for name, stored in self._beginning.widgets.items()}

    def is_worse(self) -> bool:
        """Tell whether the run that has just ended failed, where the one that was stored had not."""
        return self._session.failed and not self._beginning.failed

    @property
    def failed(self) -> bool:
        """Whether the run that has just ended failed."""
        return self._session.failed

    def holds(self, widget: str) -> WidgetState | None:
        """Return what a widget holds, once the script has drawn it; None for one that holds nothing between runs."""
        return self._session.holds(widget)

    def begin_anew(self, words: BackMsg) -> None:
        """Forget what was restored, since the script cannot do with it, and ask for a run without."""
        log.warning("a session that was restored fails; it begins anew")
        self._unreadable.clear()
        self.missing = frozenset()
        self._session.clear()
        self._session.run(words)

    def put_back(self) -> None:
        """Restore once more what was forgotten: the script fails without it too."""
        self._session.clear()
        self.restore()

    def changed(self) -> Change | None:
        """Return what the last run has changed of what is kept; None where it has changed nothing."""
        content = self._held.value
        large: dict[str, bytes] = {}
        keys = dict(self._changed_keys(content, large))
        widgets = dict(self._changed_widgets(content))
        failed, missing = self._session.failed, self.missing | self._lost
        if not keys and not widgets and not large and content.failed == failed and content.missing == missing:
            return None
        return Change(Run(keys, widgets, failed, missing), large)

    def keep(self, change: Change) -> None:
        """Save what a run has changed: one round trip, and one for each large value. While storage is away it waits."""
        try:
            for key, stored in change.large.items():
                self._value(key).change(stored)
            self._held.change(change.run)
            self._use()
        except Refused as problem:
            log.warning("a run of a session was not kept", extra={"problem": str(problem)})
        except Locked:
            log.warning("a session is kept by a newer release")

    def _use(self) -> None:
        """Note that this tab is the one that was used last; the one that was used least recently may go for it."""
        if self._tabs.value[:1] == (self._tab,):
            return
        if not self._tabs.read:
            self._tabs.load(renew=True)
        before = self._tabs.value
        self._tabs.change(self._tab)
        for gone in set(before) - set(self._tabs.value):
            forgotten = self._hold(content_document(gone))
            forgotten.load()
            forgotten.change(emptying(forgotten.value))

    def _changed_keys(self, content: Content, large: dict[str, bytes]) -> Iterator[tuple[str, bytes | None]]:
        there = set(self._unreadable)
        self._lost = set()
        for key, value in self._session.own_keys():
            if key.startswith(OURS):
                continue
            if key in self.missing:
                self.missing -= {key}
            if not self._is_chosen(key):
                self._lost.add(key)
                continue
            now = fingerprint(value)
            if now is not None and self._prints.get(key) == now:
                there.add(key)
                continue
            stored = self._stored(key, value)
            if stored is None:
                self._lost.add(key)
                continue
            there.add(key)
            self._unreadable.discard(key)
            if now is not None:
                self._prints[key] = now
            if len(stored) > LARGE_BYTES:
                if self._value(key).value != stored:
                    large[key] = stored
                stored = LARGE
            if content.keys.get(key) != stored:
                yield key, stored
        for key in content.keys:
            if key not in there:
                yield key, None

    def _stored(self, key: str, value: object) -> bytes | None:
        """Return the stored form of a value; None where it cannot be kept."""
        try:
            stored = self._codec.encode(value)
        except Unkeepable as problem:
            self._say(key, problem)
            return None
        if len(stored) > MAX_VALUE_BYTES:
            self._say(key, f"{len(stored)} bytes, more than {MAX_VALUE_BYTES}")
            return None
        return stored

    def _changed_widgets(self, content: Content) -> Iterator[tuple[str, bytes | None]]:
        there = set()
        for state in self._session.widgets():
            there.add(state.id)
            stored = state.SerializeToString(deterministic=True)
            if content.widgets.get(state.id) != stored:
                yield state.id, stored
        for name in content.widgets:
            if name not in there:
                yield name, None

    def _value(self, key: str) -> Held[bytes, bytes]:
        if key not in self._values:
            self._values[key] = self._hold(value_document(self._tab, key))
        return self._values[key]

    def _say(self, key: str, problem: object) -> None:
        if key not in self._said:
            self._said.add(key)
            log.warning("a key of st.session_state is not kept", extra={"key": key, "problem": str(problem)})
