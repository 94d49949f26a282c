"""Streamlit's side of a session, the one file that knows its insides (1.67).

It takes of them, and nothing else: the runtime's `_session_mgr.list_active_sessions()` and `_main_script_path`;
`AppSession.session_state`, and of that `reset_state_value`, `__getitem__`, `__contains__` and `clear`; its `_getitem`,
`_old_state`, `_new_session_state`, `_key_id_mapper` and `_new_widget_state`, since listing and reading the keys in the
public way costs more than an unchanged run may; the `widget_metadata` of the last, which `clear` leaves, and which says
how a widget's value becomes what a browser would send; `AppSession.id`, `handle_backmsg`, `_user_info`, `_scriptrunner`
and its `on_event`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import ScriptRunner, ScriptRunnerEvent, get_script_run_ctx
from streamlit.runtime.state import SessionState
from streamlit.runtime.state.common import (
    GENERATED_ELEMENT_ID_PREFIX,
    WidgetMetadata,
    user_key_from_element_id,
)
from streamlit.runtime.state.session_state import SCRIPT_RUN_WITHOUT_ERRORS_KEY, STREAMLIT_INTERNAL_KEY_PREFIX

from keepcart.sessions.holding import Holding
from keepcart.sessions.open_tabs import MARK

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

_NOT_OWN: Final = (GENERATED_ELEMENT_ID_PREFIX, STREAMLIT_INTERNAL_KEY_PREFIX)

_ENDS: Final = frozenset(
    {
        ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS,
        ScriptRunnerEvent.SCRIPT_STOPPED_FOR_RERUN,
        ScriptRunnerEvent.FRAGMENT_STOPPED_WITH_SUCCESS,
    }
)

_with: Final[WeakKeyDictionary[AppSession, object]] = WeakKeyDictionary()


class StreamlitSession:
    """One session of Streamlit. Use it while no run is in progress.

    Attributes:
        app_folder: where the app's script is.
    """

    def __init__(self, session: AppSession, script: str) -> None:
        self._session = session
        self._state: SessionState = session.session_state
        self.app_folder = Path(script).parent

    @classmethod
    def connected_with(cls, mark: str) -> StreamlitSession | None:
        """Return the session that a connection has, by the `MARK` in its handshake."""
        instance = runtime.get_instance()
        newest_first = reversed(instance._session_mgr.list_active_sessions())  # noqa: SLF001 - see above
        for active in newest_first:  # it is nearly always the newest of a thousand
            context = active.client.client_context
            if context is not None and (MARK, mark) in context.headers:
                return cls(active.session, instance._main_script_path)  # noqa: SLF001
        return None

    @property
    def id(self) -> str:
        """Its id in this process."""
        return self._session.id

    @property
    def user(self) -> Mapping[str, Any]:
        """Who has logged in, as `st.user` says; without `email` where nobody has."""
        return self._session._user_info  # noqa: SLF001 - see above

    @property
    def has_run(self) -> bool:
        """Whether a run of it has ended in this process, or is in progress with what was restored."""
        return self._session in _with or SCRIPT_RUN_WITHOUT_ERRORS_KEY in self._state

    def live_with(self, document: object) -> None:
        """Let a document live as long as the session does, also between two connections. It counts as run from now."""
        _with[self._session] = document

    @property
    def failed(self) -> bool:
        """Whether its last run ended with an error."""
        return SCRIPT_RUN_WITHOUT_ERRORS_KEY in self._state and not self._state[SCRIPT_RUN_WITHOUT_ERRORS_KEY]

    def own_keys(self) -> Iterator[tuple[str, Any]]:
        """Yield the app's own keys, those of widgets excepted, with their values."""
        state = self._state
        of_widgets = state._key_id_mapper  # noqa: SLF001 - see above, for these three
        for key, value in {**state._old_state, **state._new_session_state}.items():  # noqa: SLF001
            if not key.startswith(_NOT_OWN) and key not in of_widgets:
                yield key, value

    def put(self, key: str, value: object) -> None:
        """Set one of the app's own keys."""
        self._state.reset_state_value(key, value)

    def drop(self, key: str) -> None:
        """Let one of the app's own keys be gone."""
        if key in self._state:
            del self._state[key]

    def clear(self) -> None:
        """Forget everything, also what the widgets are: in the next run none of them has been changed by anybody."""
        self._state.clear()
        self._state._new_widget_state.widget_metadata.clear()  # noqa: SLF001 - see above

    def run(self, words: BackMsg) -> None:
        """Ask for a run, as if the browser had."""
        self._session.handle_backmsg(words)

    def widgets(self, is_kept: Callable[[str | None], bool]) -> Iterator[Holding]:
        """Yield what the widgets hold that hold anything between runs.

        Args:
            is_kept: tells by its key, None where it has none, whether one is asked for.
        """
        there = self._ids()
        for name in list(self._state._new_widget_state.widget_metadata):  # noqa: SLF001 - see above; in a stable order
            if name in there:
                key = user_key_from_element_id(name)
                if is_kept(key) and (held := self._held(name, key)) is not None:
                    yield held

    def _ids(self) -> set[str]:
        """Return the ids of all widgets that have a value, and the app's own keys."""
        state = self._state
        id_of: Callable[[str, str], Any] = state._key_id_mapper.get_id_from_key  # noqa: SLF001 - as its own `_keys`
        ids = {id_of(key, key) for key in (*state._old_state, *state._new_session_state)}  # noqa: SLF001
        return ids | state._new_widget_state.states.keys()  # noqa: SLF001

    def holds(self, widget: str) -> Holding | None:
        """Return what a widget holds; None for one that the script has not drawn, or that holds nothing to be kept."""
        return self._held(widget, user_key_from_element_id(widget))

    def _held(self, widget: str, key: str | None) -> Holding | None:
        metadata = self._state._new_widget_state.widget_metadata.get(widget)  # noqa: SLF001 - see above
        if metadata is None or metadata.value_type not in _HELD or not _is_settable(metadata):
            return None
        value = self._state._getitem(widget, key or widget)  # noqa: SLF001
        return widget, metadata.value_type, metadata.serializer(value)


def _is_settable(metadata: WidgetMetadata[Any]) -> bool:
    """Tell whether a browser could be made to show what a widget holds.

    It could not for the edits of a data editor, nor for what is selected in a table or a chart: there the script would
    go on with what the page does not show.
    """
    module = getattr(metadata.serializer, "__module__", "")
    return module.startswith("streamlit.elements.widgets.") and module != "streamlit.elements.widgets.data_editor"


def call_after_run(act: Callable[[], None]) -> None:
    """Call something once the script's present run has ended, in its thread. A fragment's later runs are others."""
    context = get_script_run_ctx()
    if context is None:
        return

    def call_at_end(runner: ScriptRunner, event: ScriptRunnerEvent, **_: object) -> None:
        if event in _ENDS:
            runner.on_event.disconnect(call_at_end)
            act()

    for active in runtime.get_instance()._session_mgr.list_active_sessions():  # noqa: SLF001 - see above
        runner = active.session._scriptrunner if active.session.id == context.session_id else None  # noqa: SLF001
        if runner is not None:
            runner.on_event.connect(call_at_end, weak=False)
