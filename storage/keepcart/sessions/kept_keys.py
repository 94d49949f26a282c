"""The app's own keys of a session as they are stored; a value is encoded only where it has changed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from keepcart.sessions.codec import Codec, Unkeepable, Unreadable, fingerprint

log = logging.getLogger(__name__)

OURS: Final = "keepcart."
"""How our own keys of `st.session_state` begin. The visitor's secret id is under one of them; none is ever stored."""

MAX_VALUE_BYTES: Final = 4_194_304
MAX_SESSION_BYTES: Final = 16_777_216
"""What is larger is not kept, and the log says so once. One string of Redis carries 512 MB; a page load should not."""


class StoredKeys(NamedTuple):
    """Stored forms by key, and the keys that have none."""

    forms: Mapping[str, bytes]
    unkept: frozenset[str]


class KeptKeys:
    """What the codec makes of the keys of one session."""

    def __init__(self, codec: Codec, is_chosen: Callable[[str], bool]) -> None:
        """Take the app's codec, and what tells by its name whether a key is to be kept."""
        self._codec, self._is_chosen = codec, is_chosen
        self._prints: dict[str, bytes] = {}  # of values as they were when they were last encoded
        self._said: set[str] = set()  # keys of which the log has heard

    def stored(self, keys: Iterable[tuple[str, Any]], known: Mapping[str, bytes]) -> StoredKeys:
        """Return the stored forms of all keys that are to be kept and can be.

        Args:
            keys: of the session, with their values.
            known: their stored forms as of the last call; taken where a value is still the same.
        """
        forms: dict[str, bytes] = {}
        unkept = set()
        size = 0
        for key, value in keys:
            if key.startswith(OURS):
                continue
            form = self._form(key, value, known.get(key)) if self._is_chosen(key) else None
            if form is not None and size + len(form) > MAX_SESSION_BYTES:
                self._say(key, f"the session would have more than {MAX_SESSION_BYTES} bytes")
                form = None
            if form is None:
                unkept.add(key)
            else:
                size += len(form)
                forms[key] = form
        return StoredKeys(forms, frozenset(unkept))

    def value(self, key: str, stored: bytes) -> Any:
        """Return the value of a stored form.

        Raises:
            Unreadable: it is none that this app can make. The log says so.
        """
        try:
            return self._codec.decode(stored)
        except Unreadable as problem:
            self._say(key, problem)
            raise

    def _form(self, key: str, value: object, known: bytes | None) -> bytes | None:
        now = fingerprint(value)
        if known is not None and now is not None and self._prints.get(key) == now:
            return known
        try:
            stored = self._codec.encode(value)
        except Unkeepable as problem:
            self._say(key, problem)
            return None
        if len(stored) > MAX_VALUE_BYTES:
            self._say(key, f"{len(stored)} bytes, more than {MAX_VALUE_BYTES}")
            return None
        if now is not None:
            self._prints[key] = now
        return stored

    def _say(self, key: str, problem: object) -> None:
        if key not in self._said:
            self._said.add(key)
            log.warning("a key of st.session_state is not kept", extra={"key": key, "problem": str(problem)})
