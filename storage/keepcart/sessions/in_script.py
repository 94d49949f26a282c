"""`keep_session`: keys of `st.session_state` survive where the app is started as `streamlit run app.py`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from keepcart.middleware import keeps_sessions
from keepcart.sessions.codec import Codec, OwnClasses
from keepcart.sessions.kept_keys import KeptKeys
from keepcart.sessions.open_tabs import MARK
from keepcart.sessions.shared_keys import GONE, KEYS, SharedKeys
from keepcart.visits import keeper_of, owner_of_browser, recognise

DAY: Final = 86_400
_OURS: Final = "keepcart.keys"


def keep_session(
    url: str,
    *,
    keys: Collection[str],
    keep_days: int = 30,
    name: str = "keepcart",
    seal_key: str | Sequence[str] = (),
) -> None:
    """Keep keys of `st.session_state`, under `streamlit run` and on hosts that start the script themselves.

        keep_session("redis://localhost:6379/0", keys=["cart", "step"])

    Call it first in the script, in every run. It restores the keys in a session's first run, and saves what each run
    has changed of them: one round trip, none where nothing changed.

    It is less than `KeepSession`, which should be taken wherever the app's start is one's own: widgets are kept only
    where they have one of the keys, and no buttons. All tabs of a browser have these keys in common, and another tab's
    change is there after a reload. The first click after the server was restarted does not call its callback. What a
    fragment's own run changes is saved with the next whole run. A run is saved in the moment after the page has shown
    it: a server that is killed in just that moment loses it. A first visit is kept only once the browser has run the
    component that sets the cookie, a script's cookie lives for 7 days in Safari, and scripts can read it.

    Under `KeepSession`, which keeps everything, this does nothing.

    Args:
        url, keep_days, name, seal_key: as of `begin_visit`.
        keys: of `st.session_state`, widgets' among them.

    Raises:
        ValueError, Unavailable, ModuleNotFoundError: as of `begin_visit`.
    """
    if MARK in st.context.headers:
        return
    keeper = keeper_of(url, keep_days=keep_days, name=name, seal_key=seal_key)
    visitor_id = recognise(keep_days * DAY, name)
    begun = st.session_state.get(_OURS)
    if not isinstance(begun, _Keeping) or begun.visitor_id != visitor_id:
        held = keeper.hold(owner_of_browser(visitor_id), KEYS)
        codec = KeptKeys(Codec(OwnClasses(_script_folder())), frozenset(keys).__contains__)
        begun = st.session_state[_OURS] = _Keeping(visitor_id, SharedKeys(keys, held, codec), frozenset(keys))
        begun.restore()
    begun.keep()
    if keeps_sessions():  # else a run is saved when the next one begins
        # An unknown release may not have what this imports.
        from keepcart.sessions.streamlit_session import call_after_run  # noqa: PLC0415

        call_after_run(begun.keep)


def _script_folder() -> Path:
    context = get_script_run_ctx()
    return Path(context.main_script_path).parent if context is not None else Path.cwd()


class _Keeping:
    """The kept keys of one session."""

    def __init__(self, visitor_id: str, shared: SharedKeys, names: frozenset[str]) -> None:
        self.visitor_id, self._shared, self._names = visitor_id, shared, names

    def restore(self) -> None:
        self._shared.held.load(renew=True)
        for key, value in self._shared.news():
            if value is not GONE:
                st.session_state[key] = value

    def keep(self) -> None:
        there = [(key, st.session_state[key]) for key in self._names if key in st.session_state]
        self._shared.keep(self._shared.changed(there))
