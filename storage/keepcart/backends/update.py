"""Change a document safely: compare-and-set, retry, exactly once."""

from __future__ import annotations

import enum
import random
import time
from collections.abc import Callable
from typing import Final

from keepcart.backends.contract import Outcome, Storage
from keepcart.backends.errors import Conflict, Unavailable
from keepcart.backends.record import Record

TRIES: Final = 25
PATIENCE_SECONDS: Final = 0.6


class Unread(enum.Enum):
    """The type of UNREAD: the caller has not read the document yet."""

    UNREAD = enum.auto()


UNREAD: Final = Unread.UNREAD


def update(  # noqa: PLR0913 - three say where, one says what; the others stand by name
    storage: Storage,
    owner: str,
    name: str,
    change: Callable[[bytes | None], bytes],
    *,
    mark: str,
    known: Record | Unread | None = UNREAD,
    made: float | None = None,
) -> Record:
    """Apply a change to a document and return the version that holds it.

    One round trip where `known` is current, two where it is UNREAD, one more where one other writer was faster, and
    two for each further try.

    Args:
        change: from the body (None: nothing is stored) to the new body. It is called again for each version it meets,
            so it must be a pure function. What it raises passes through, and nothing is saved.
        mark: makes the change happen once. A call repeated with the same mark, after `Unavailable` or a crash, finds
            the mark in the record and changes nothing. A writer makes its changes one after another.
        known: the version the caller holds; None if it knows that nothing is stored.
        made: when the change was made, by `time.monotonic()`; now, unless told. Tell it for a change that has waited.

    Raises:
        Unavailable: it may or may not have been saved. Repeat the call with the same mark and the same `made`.
        Corrupt: what is stored is not a record. Nothing was changed.
        Forgotten: the owner was forgotten after the change was made. Nothing was saved.
        Conflict: given up after 25 tries, about six seconds. Nothing was saved.
    """
    made = time.monotonic() if made is None else made
    record = storage.load(owner, name) if known is UNREAD else known
    for attempt in range(1, TRIES + 1):
        if record is not None and mark in record.marks:
            return record
        successor = Record.after(record, mark, change(None if record is None else record.body))
        token = None if record is None else record.token
        outcome = _save(storage, owner, name, successor, replaces=token, made=made)
        if outcome.saved:
            return successor
        record = outcome.record
        if attempt > 1:
            # The pause lets the faster writer finish several changes undisturbed, which takes fewer tries in all than
            # pressing on (bench/storage.py counts them). What the reply carried is out of date after it.
            time.sleep(random.random() * 0.032 * 2 ** min(attempt, 4))
            record = storage.load(owner, name)
    raise Conflict(name, TRIES)


def _save(  # noqa: PLR0913 - those of `Storage.save`
    storage: Storage, owner: str, name: str, record: Record, *, replaces: str | None, made: float
) -> Outcome:
    """Save. Where the reply was lost, ask once more: a save that had happened shows itself by its mark."""
    started = time.monotonic()
    try:
        return storage.save(owner, name, record, replaces=replaces, age=started - made)
    except Unavailable:
        if time.monotonic() - started > PATIENCE_SECONDS:
            raise
        return storage.save(owner, name, record, replaces=replaces, age=time.monotonic() - made)
