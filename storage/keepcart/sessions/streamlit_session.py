"""Streamlit's side of a session, the one file that knows its insides (1.67).

It takes of them, and of nothing else: `runtime.get_instance()._session_mgr.list_active_sessions()`,
`AppSession.session_state`, and of that `__setitem__`, `__getitem__`, `__iter__`, `clear`, `get_widget_metadata`,
`get_widget_value`; and `WStates`, which makes a widget's value what a browser would send.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from streamlit import runtime
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.common import is_element_id
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


class StreamlitSession:
    """One session of Streamlit. Use it while no run is in progress."""

    def __init__(self, state: SessionState) -> None:
        self._state = state

    @classmethod
    def connected_with(cls, mark: str) -> StreamlitSession | None:
        """Return the session that a connection has, by the mark in its handshake's `HEADER`."""
        for active in runtime.get_instance()._session_mgr.list_active_sessions():  # noqa: SLF001 - see above
            if (HEADER, mark) in active.client.client_context.headers:
                return cls(active.session.session_state)
        return None

    @property
    def has_run(self) -> bool:
        """Whether a run of it has ended in this process."""
        return SCRIPT_RUN_WITHOUT_ERRORS_KEY in self._state

    @property
    def failed(self) -> bool:
        """Whether its last run ended with an error."""
        return self.has_run and not self._state[SCRIPT_RUN_WITHOUT_ERRORS_KEY]

    def keys(self) -> Iterator[tuple[str, Any]]:
        """Yield the app's own keys, those of widgets excepted, with their values."""
        for key in list(self._state):
            if not is_element_id(key) and not key.startswith(STREAMLIT_INTERNAL_KEY_PREFIX):
                yield key, self._state[key]

    def put(self, key: str, value: object) -> None:
        """Set one of the app's own keys."""
        self._state[key] = value

    def begin_anew(self) -> None:
        """Forget everything."""
        self._state.clear()

    def widgets(self) -> Iterator[WidgetState]:
        """Yield what the widgets hold that hold anything between runs."""
        written = WStates()
        for name in list(self._state):
            metadata = self._state.get_widget_metadata(name) if is_element_id(name) else None
            if metadata is None or metadata.value_type not in _HELD:
                continue
            written.set_widget_metadata(metadata)
            written.set_from_value(name, self._state.get_widget_value(name))
            state = written.get_serialized(name)
            if state is not None:
                yield state


def has_triggers(widgets: Iterable[WidgetState]) -> bool:
    """Tell whether one of them is an event, such as a click, and not what a widget holds."""
    return any((widget.WhichOneof("value") or "").endswith("trigger_value") for widget in widgets)
