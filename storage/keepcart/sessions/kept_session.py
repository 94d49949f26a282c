"""One session of Streamlit and what is kept of it: takes up what is stored, and keeps what a run has changed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from keepcart.documents import Held, Values, ValuesChange
from keepcart.sessions.codec import Unreadable, fingerprint
from keepcart.sessions.content import Ended
from keepcart.sessions.holding import Holding, widget_state
from keepcart.sessions.kept_keys import KeptKeys
from keepcart.sessions.kept_tab import Change, KeptTab, State
from keepcart.sessions.shared_keys import GONE, KeysChange, SharedKeys

if TYPE_CHECKING:
    from keepcart.sessions.streamlit_session import StreamlitSession

log = logging.getLogger(__name__)

_NOTHING: Final = State({}, {}, failed=False, missing=frozenset())


class Changes(NamedTuple):
    """What a run has changed: of this tab's, and of what all tabs share."""

    own: Change | None
    shared: KeysChange


class KeptSession:
    """A session that is kept. Use it while no run is in progress.

    Attributes:
        missing: keys that the session had and that could not be kept, until the script sets them again.
    """

    def __init__(  # noqa: PLR0913 - its parts
        self,
        session: StreamlitSession,
        tab: KeptTab,
        keys: KeptKeys,
        shared: SharedKeys | None,
        is_kept: Callable[[str | None], bool],
        *,
        values: Held[Values, ValuesChange] | None = None,
    ) -> None:
        """Take the session, and how it is kept.

        Args:
            shared: None where the app shares no keys.
            is_kept: tells by its key whether a widget is to be kept; None: it has no key.
            values: the visitor's kept values, which the script may ask for in its first run: they are read with the
                session.
        """
        self._session, self._tab, self._keys, self._shared, self._is_kept = session, tab, keys, shared, is_kept
        self._values = values  # until the first run has ended
        self._beginning = _NOTHING
        self._has_looked = False  # at the shared keys, while it was loaded
        self._unreadable: dict[str, bytes] = {}
        self._left_out: set[str] = set()
        self._held: Mapping[str, bytes] = {}  # by the widgets, as it is stored
        self._shown: bytes | None = b""  # the fingerprint of that
        self.missing: frozenset[str] = frozenset()

    @property
    def has_run(self) -> bool:
        """Whether this process has run the session's script last, so that nothing need be restored."""
        return self._session.has_run and not self._tab.is_behind

    @property
    def shares(self) -> bool:
        """Whether the app shares any keys between tabs."""
        return self._shared is not None

    def load(self) -> None:
        """Read what is stored (`KeptTab.load`). What has gone on in another process begins anew in this one."""
        also = (self._values, self._shared.held if self._shared is not None else None)
        self._beginning = self._tab.load(held for held in also if held is not None)
        self._has_looked = True
        if self._values is not None and self._values.read:
            self._values.read_for.add(self._session.id)
        if self._tab.is_behind:
            self._session.clear()

    def restore(self) -> Mapping[str, WidgetState]:
        """Put the stored keys into the session; return what its widgets held, by their ids."""
        self._session.live_with(self._tab.document)
        for key, stored in self._beginning.keys.items():
            try:
                self._session.put(key, self._keys.value(key, stored))
            except Unreadable:
                self._unreadable[key] = stored
        self.missing = self._beginning.missing | self._unreadable.keys()
        return {name: WidgetState.FromString(stored) for name, stored in self._beginning.widgets.items()}

    def note_act(self) -> None:
        """Note that the first request is already an act of the visitor."""
        self._tab.note_act()

    def look(self) -> None:
        """Take up what other tabs have shared since: one round trip, none where the session was just loaded."""
        if self._shared is None:
            return
        if not self._has_looked:
            self._shared.held.load(renew=True)
        self._has_looked = False
        for key, value in self._shared.news():
            if value is GONE:
                self._session.drop(key)
            else:
                self._session.put(key, value)

    def leave_out(self, widget: str) -> None:
        """Never keep what a widget holds, one for a password."""
        self._left_out.add(widget)

    def is_worse(self) -> bool:
        """Tell whether the run that has just ended failed, where the one that was stored had not."""
        return self._session.failed and not self._beginning.failed

    @property
    def failed(self) -> bool:
        """Whether the run that has just ended failed."""
        return self._session.failed

    def holds(self, widget: str) -> Holding | None:
        """Return what a widget holds, once the script has drawn it; None for one that holds nothing between runs."""
        return self._session.holds(widget)

    def begin_anew(self, words: BackMsg) -> None:
        """Forget what was restored, since the script cannot do with it, and ask for a run without."""
        log.warning("a session that was restored fails; it begins anew")
        self._run_without(words)

    def end(self, words: BackMsg) -> None:
        """Forget everything, since the visitor was forgotten, and ask for a run without."""
        self._beginning = _NOTHING
        self._run_without(words)

    def _run_without(self, words: BackMsg) -> None:
        self._unreadable.clear()
        self.missing = frozenset()
        self._session.clear()
        self._session.run(words)

    def put_back(self) -> None:
        """Restore once more what was forgotten: the script fails without it too."""
        self._session.clear()
        self.restore()

    def changed(self) -> Changes | None:
        """Return what the last run has changed of what is kept; None where it has changed nothing.

        Raises:
            RuntimeError: a run is changing it just now.
        """
        self._let_go_of_values()
        keys = dict(self._session.own_keys())
        shared: KeysChange = {}
        if self._shared is not None:
            shared = self._shared.changed([(key, keys.pop(key)) for key in self._shared.names & keys.keys()])
        own = self._keys.stored(keys.items(), self._tab.known())
        self._unreadable = {key: stored for key, stored in self._unreadable.items() if key not in keys}
        self.missing -= keys.keys()
        changes = Changes(
            self._tab.change_to(
                State(
                    {**self._unreadable, **own.forms},
                    self._widgets(),
                    self._session.failed,
                    self.missing | own.unkept,
                )
            ),
            shared,
        )
        return changes if any(changes) else None

    def _let_go_of_values(self) -> None:
        """Let who asks for the kept values later than in the first run read them anew."""
        if self._values is not None:
            self._values.read_for.discard(self._session.id)
            self._values = None

    def _widgets(self) -> Mapping[str, bytes]:
        """Return what the widgets hold, as it is stored; the same object as before where nothing has changed."""
        held = [one for one in self._session.widgets(self._is_kept) if one[0] not in self._left_out]
        now = fingerprint(held)
        if now is None or now != self._shown:
            self._shown = now
            self._held = {one[0]: widget_state(one).SerializeToString(deterministic=True) for one in held}
        return self._held

    def keep(self, changes: Changes) -> bool:
        """Save what a run has changed; return False where the visitor was forgotten, so that the session is over."""
        try:
            goes_on = changes.own is None or self._tab.keep(changes.own)
        except Ended:
            whole = self.changed()
            goes_on = whole is None or whole.own is None or self._tab.keep(whole.own)
        if goes_on and self._shared is not None:
            self._shared.keep(changes.shared)
        self._session.live_with(self._tab.document)
        return goes_on
