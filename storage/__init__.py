"""Keeps small documents where a restart, a second tab and a second server find them again.

    from storage import new_origin, open_storage, stamp, update

    storage = open_storage("redis://localhost:6379/0", keep_seconds=30 * 86_400)
    record = update(storage, "visitor-1", "note", lambda body: (body or b"") + b"!", mark=stamp(new_origin(), 0))

`open_storage` is the one door; `Storage` is the contract it returns; `update` is the way to change a document that
others may be changing too. It needs nothing of the rest of this project: take the folder.
"""

from storage.base import (
    Conflict,
    Corrupt,
    Outcome,
    Record,
    Storage,
    StorageError,
    Unavailable,
    new_origin,
    stamp,
)
from storage.open import address, open_storage
from storage.update import UNREAD, update

__all__ = [
    "UNREAD",
    "Conflict",
    "Corrupt",
    "Outcome",
    "Record",
    "Storage",
    "StorageError",
    "Unavailable",
    "address",
    "new_origin",
    "open_storage",
    "stamp",
    "update",
]
