"""Streamlit's side of a session, the one file that knows its insides (1.67).

It takes of them, and nothing else: the runtime's `_session_mgr.list_active_sessions()` and `_main_script_path`;
`AppSession.handle_backmsg` and `session_state`, and of the latter `reset_state_value`, `__getitem__`, `__iter__`,
`clear`, `get_widget_metadata` and `get_widget_value`; and `WStates`, which makes of a widget's value what a browser
would send.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from weakref import WeakSet

from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.state.common import WidgetMetadata, is_element_id
from streamlit.runtime.state.session_state import SCRIPT_RUN_WITHOUT_ERRORS_KEY, STREAMLIT_INTERNAL_KEY_PREFIX, WStates

HEADER: Final = "keepcart-connection"
"""The header of a handshake that finds its session again. No browser can send it: ours takes its place."""

_HELD: Final = frozenset(
    {
        "bool_value",
        "double_value",
        "int_value",
        "string_value",
        "double_array_value",
        "int_array_value",
        "string_array_value",
    }
)
"""Kinds of values that a widget holds between runs. The others are events, files, or a component's own."""

_restored: Final[WeakSet[AppSession]] = WeakSet()


class StreamlitSession:
    """One session of Streamlit. Use it while no run is in progress.

    Attributes:
        app_folder: where the app's script is.
    """

    def __init__(self, session: AppSession, script: str) -> None:
        self._session = session
        self._state = session.session_state
        self.app_folder = Path(script).parent

    @classmethod
    def connected_with(cls, mark: str) -> StreamlitSession | None:
        """Return the session that a connection has, by the mark in its handshake's `HEADER`."""
        instance = runtime.get_instance()
        for active in instance._session_mgr.list_active_sessions():  # noqa: SLF001 - see above
            context = active.client.client_context
            if context is not None and (HEADER, mark) in context.headers:
                return cls(active.session, instance._main_script_path)  # noqa: SLF001
        return None

    @property
    def has_run(self) -> bool:
        """Whether a run of it has ended in this process, or is in progress with what was restored."""
        return self._session in _restored or SCRIPT_RUN_WITHOUT_ERRORS_KEY in self._state

    @property
    def failed(self) -> bool:
        """Whether its last run ended with an error."""
        return SCRIPT_RUN_WITHOUT_ERRORS_KEY in self._state and not self._state[SCRIPT_RUN_WITHOUT_ERRORS_KEY]

    def own_keys(self) -> Iterator[tuple[str, Any]]:
        """Yield the app's own keys, those of widgets excepted, with their values."""
        for key in list(self._state):
            if not is_element_id(key) and not key.startswith(STREAMLIT_INTERNAL_KEY_PREFIX):
                yield key, self._state[key]

    def put(self, key: str, value: object) -> None:
        """Set one of the app's own keys."""
        self._state.reset_state_value(key, value)

    def note_restored(self) -> None:
        """Note that it holds what was stored."""
        _restored.add(self._session)

    def clear(self) -> None:
        """Forget everything."""
        self._state.clear()

    def run(self, words: BackMsg) -> None:
        """Ask for a run, as if the browser had."""
        self._session.handle_backmsg(words)

    def widgets(self) -> Iterator[WidgetState]:
        """Yield what the widgets hold that hold anything between runs."""
        for name in list(self._state):
            if is_element_id(name) and (held := self.holds(name)) is not None:
                yield held

    def holds(self, widget: str) -> WidgetState | None:
        """Return what a widget holds; None for one that the script has not drawn, or that holds nothing to be kept."""
        metadata = self._state.get_widget_metadata(widget)
        if metadata is None or metadata.value_type not in _HELD or not _is_settable(metadata):
            return None
        written = WStates()
        written.set_widget_metadata(metadata)
        written.set_from_value(widget, self._state.get_widget_value(widget))
        return written.get_serialized(widget)


def _is_settable(metadata: WidgetMetadata[Any]) -> bool:
    """Tell whether a browser could be made to show what a widget holds.

    It could not for the edits of a data editor, nor for what is selected in a table or a chart: there the script would
    go on with what the page does not show.
    """
    module = getattr(metadata.serializer, "__module__", "")
    return module.startswith("streamlit.elements.widgets.") and module != "streamlit.elements.widgets.data_editor"
