"""The document of all kept values of a visitor: one round trip reads them, one saves all that a run has changed.

Its stored form is `[1,{"count":[1,3],"town":[2,"Pune"]}]`: the document's schema, then each value by name, with its own
schema. It is sealed at rest.

A stored value that its definition cannot read (it is of another type, or its upgrade fails) reads as the default. The
first write to it moves it to the name `<name>!unreadable`, over an older one there, and the log says so: it is still
the visitor's data, for the developer to bring back. No definition has such a name. A release that knows nothing of
these names leaves them alone, as it does every name that it has no definition for.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Final

import msgspec

from keepcart.documents.document import Document, read
from keepcart.documents.kept import too_large
from keepcart.documents.moving import Bring, Leave, Settle
from keepcart.documents.write import Write

log = logging.getLogger(__name__)

MAX_VALUES: Final = 256
MAX_BYTES: Final = 262_144
"""Of all values of a visitor together, where the app sets no smaller bound. Streamlit's session and one Redis string
carry more; a page load should not."""

UNREADABLE: Final = "!unreadable"
"""Ends the name under which an unreadable value is kept aside."""

Values = Mapping[str, bytes]
"""Stored forms by name, also of what is kept aside; values that equal their default are missing."""


Writes = Mapping[str, Write]
"""Writes by the value's name."""

ValuesChange = Writes | Bring | Leave | Settle
"""A change of the document."""

_decoder = msgspec.json.Decoder(tuple[int, dict[str, msgspec.Raw]])


def _encode(values: Values) -> bytes:
    return msgspec.json.encode((1, {name: msgspec.Raw(stored) for name, stored in values.items()}))


def _decode(body: bytes) -> Values:
    return read(body, {1: _decode_first})


def _decode_first(body: bytes) -> Values:
    values = {name: bytes(stored) for name, stored in _decoder.decode(body)[1].items()}
    for stored in values.values():
        msgspec.json.decode(stored, type=tuple[int, msgspec.Raw])
    return values


def _apply(values: Values, change: ValuesChange, *, max_bytes: int) -> Values:
    if isinstance(change, Leave | Settle):
        return change.apply(values)
    if isinstance(change, Bring):
        after = change.apply(values)
        _check_bounds(values, after, tuple(change.brought), max_bytes)
        return after
    return _write(values, change, max_bytes)


def _write(values: Values, writes: Writes, max_bytes: int) -> Values:
    after = dict(values)
    unreadable = {}
    for name, write in writes.items():
        found = values.get(name)
        if found is not None and not write.kept.is_readable(found):
            unreadable[name + UNREADABLE] = found
        stored = write.met(found)
        if stored is None:
            after.pop(name, None)
        else:
            after[name] = stored
    _check_bounds(values, after, tuple(writes), max_bytes)
    return {**after, **unreadable}


def _check_bounds(before: Values, after: Values, names: tuple[str, ...], max_bytes: int) -> None:
    """Refuse a write that makes a document larger than the bounds, or still larger where it exceeds them already.

    What is kept aside counts, except for the write that moves it there, so that a visitor can always write over what
    cannot be read. The document may exceed the bounds by what was kept aside; then it takes no write that needs more
    room.
    """
    message = "There is no room left to keep this. What was kept before stays."
    if len(after) > max(MAX_VALUES, len(before)):
        raise too_large(message, names, size=len(after), bound=MAX_VALUES, unit="values")
    size = _bytes_of(after)
    if size > max(max_bytes, _bytes_of(before)):
        raise too_large(message, names, size=size, bound=max_bytes)


def _bytes_of(values: Values) -> int:
    return sum(map(len, values.values()))


def _join(earlier: ValuesChange, later: ValuesChange) -> Writes | None:
    """Return the writes that do what both do; the later one may be another tab's and not have seen the earlier."""
    if not (isinstance(earlier, Mapping) and isinstance(later, Mapping)):
        return None
    both = dict(earlier)
    for name, write in later.items():
        first = earlier.get(name)
        both[name] = write if first is None else Write(write.kept, first.seen, write.met(first.wanted))
    return both


def _report(before: Values, after: Values) -> None:
    for name, stored in after.items():
        if name.endswith(UNREADABLE) and stored != before.get(name):
            facts = {"value": name.removesuffix(UNREADABLE), "size": len(stored)}
            log.error("unreadable kept value kept aside", extra=facts)


def _size(change: ValuesChange) -> int:
    """Return the bytes of the values that a change holds on to."""
    if isinstance(change, Bring | Leave):
        return _bytes_of(change.brought)
    if isinstance(change, Settle):
        return 0
    return sum(len(write.seen or b"") + len(write.wanted or b"") for write in change.values())


def values_document(max_bytes: int = MAX_BYTES) -> Document[Values, ValuesChange]:
    """Return the document that holds all kept values of a visitor.

    Args:
        max_bytes: the most that their stored forms may take together.
    """
    return Document(
        name="kept",
        empty={},
        encode=_encode,
        decode=_decode,
        apply=partial(_apply, max_bytes=max_bytes),
        join=_join,
        report=_report,
        size=_size,
        sealed=True,
    )


VALUES = values_document()
"""The document of an app that sets no bound of its own."""
