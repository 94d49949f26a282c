"""What is kept of one session, and what a run changes in it: the document of one tab of a visitor's browser."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from typing import Final

import msgspec

from keepcart.documents import Document, Refused, read

LARGE: Final = b"\xc1"
"""Stands for a value that has a document of its own. No value in msgpack begins so."""


class Content(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a session.

    Attributes:
        begun: a name for this session, new whenever one begins; "" where there is none.
        keys: the app's own keys of `st.session_state`, as `Codec` writes their values.
        widgets: what the page's widgets hold, as Streamlit's `WidgetState`, by the element's id.
        failed: the last run ended with an error.
        missing: keys that the session had and that could not be kept.
    """

    begun: str = ""
    keys: Mapping[str, bytes] = {}
    widgets: Mapping[str, bytes] = {}
    failed: bool = False
    missing: frozenset[str] = frozenset()


class Run(msgspec.Struct, frozen=True):
    """What a run has changed; None for what is gone.

    One tab has one writer, so a change needs no merging. It is refused where the session that it changes is not there
    any more.

    Attributes:
        begun: the name of the session.
        whole: it says everything, of a session that is new in storage.
    """

    begun: str
    whole: bool
    keys: Mapping[str, bytes | None]
    widgets: Mapping[str, bytes | None]
    failed: bool
    missing: frozenset[str]


class Ended(Refused):
    """The session is not in storage any more: its visitor was forgotten, or has opened many other tabs since."""


GONE: Final = Run("", whole=True, keys={}, widgets={}, failed=False, missing=frozenset())
"""The change after which nothing is left of a session."""


def _after(content: Content, run: Run) -> Content:
    if run.whole:
        content = Content()
    elif content.begun != run.begun:
        raise Ended("This page's session has ended.")
    return Content(
        run.begun, _changed(content.keys, run.keys), _changed(content.widgets, run.widgets), run.failed, run.missing
    )


def _joined(earlier: Run, later: Run) -> Run | None:
    if later.whole:
        return later
    if later.begun != earlier.begun:
        return None
    return Run(
        later.begun,
        earlier.whole,
        {**earlier.keys, **later.keys},
        {**earlier.widgets, **later.widgets},
        later.failed,
        later.missing,
    )


def _changed(before: Mapping[str, bytes], changes: Mapping[str, bytes | None]) -> Mapping[str, bytes]:
    after = {name: stored for name, stored in before.items() if name not in changes}
    return after | {name: stored for name, stored in changes.items() if stored is not None}


def content_document(tab: str) -> Document[Content, Run]:
    """Return the kind of document that holds the session of a tab."""
    return Document(
        name=f"session-{tab}",
        empty=Content(),
        encode=lambda content: msgspec.json.encode((1, content)),
        decode=partial(read, readers={1: lambda body: _decoder.decode(body)[1]}),
        apply=_after,
        join=_joined,
        size=lambda run: sum(len(stored or b"") for part in (run.keys, run.widgets) for stored in part.values()),
        sealed=True,
    )


_decoder = msgspec.json.Decoder(tuple[int, Content])


def value_document(tab: str, key: str) -> Document[bytes, bytes]:
    """Return the kind of document that holds one large value of the session of a tab."""
    return Document(
        name=f"session-{tab}-{sha256(key.encode()).hexdigest()[:16]}",
        empty=b"",
        encode=lambda stored: msgspec.json.encode((1, stored)),
        decode=partial(read, readers={1: lambda body: _value_decoder.decode(body)[1]}),
        apply=lambda _before, stored: stored,
        join=lambda _earlier, later: later,
        size=len,
        sealed=True,
    )


_value_decoder = msgspec.json.Decoder(tuple[int, bytes])
