"""Keys of `st.session_state` that all tabs of a visitor share: a document of their own; the later change wins."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final

import msgspec

from keepcart.documents import Document, Held, Locked, Refused, read
from keepcart.sessions.codec import Unreadable
from keepcart.sessions.kept_keys import KeptKeys

log = logging.getLogger(__name__)

GONE: Final = object()

Keys = Mapping[str, bytes]
"""Stored forms by name."""

KeysChange = Mapping[str, bytes | None]
"""None for what is gone."""


def _after(keys: Keys, change: KeysChange) -> Keys:
    after = {**keys, **change}
    return {key: stored for key, stored in after.items() if stored is not None}


_decoder = msgspec.json.Decoder(tuple[int, dict[str, bytes]])


def _document(name: str) -> Document[Keys, KeysChange]:
    return Document(
        name=name,
        empty={},
        encode=lambda keys: msgspec.json.encode((1, keys)),
        decode=partial(read, readers={1: lambda body: _decoder.decode(body)[1]}),
        apply=_after,
        join=lambda earlier, later: {**earlier, **later},
        size=lambda change: sum(len(stored or b"") for stored in change.values()),
        sealed=True,
    )


SHARED: Final = _document("session-shared")
"""Of `KeepSession`."""

KEYS: Final = _document("session-keys")
"""Of `keep_session`, which knows of no tabs."""


class SharedKeys:
    """The shared keys as one session sees them.

    Attributes:
        names: of the keys.
        held: their document. `news` and `changed` are as of its last load.
    """

    def __init__(self, names: Collection[str], held: Held[Keys, KeysChange], keys: KeptKeys) -> None:
        """Take the names of the keys, their document, and what makes their stored forms."""
        self.names, self.held, self._keys = frozenset(names), held, keys
        self._seen: dict[str, bytes] = {}

    def news(self) -> Iterator[tuple[str, Any]]:
        """Yield what other tabs have changed since the last call, by key; `GONE` for what is not there any more."""
        now = self.held.value
        for key in self._seen.keys() - now.keys():
            yield key, GONE
        for key, stored in now.items():
            if key in self.names and self._seen.get(key) != stored:
                with suppress(Unreadable):
                    yield key, self._keys.value(key, stored)
        self._seen = dict(now)

    def changed(self, keys: Iterable[tuple[str, Any]]) -> KeysChange:
        """Return what the session has changed of them since it saw the others' changes."""
        stored = self._keys.stored(keys, self._seen)
        return {
            key: stored.forms.get(key)
            for key in self.names - stored.unkept
            if stored.forms.get(key) != self._seen.get(key)
        }

    def keep(self, change: KeysChange) -> None:
        """Save changes: one round trip."""
        if not change:
            return
        try:
            self.held.change(change)
        except (Refused, Locked) as problem:
            log.warning("shared keys were not kept", extra={"problem": type(problem).__name__})
        self._seen = {key: stored for key, stored in {**self._seen, **change}.items() if stored is not None}
