"""Keeps small documents where a restart, a second tab and a second server find them again.

    from keepcart.backends import new_origin, open_storage, stamp, update

    storage = open_storage("redis://localhost:6379/0", keep_seconds=30 * 86_400)
    record = update(storage, "visitor-1", "note", lambda body: (body or b"") + b"!", mark=stamp(new_origin(), 0))

`open_storage` opens a storage. `Storage` is the contract of each. `update` changes a document that others may be
changing too. `Storage.forget` deletes all that is stored of an owner. `inspect` tells an operator whether a storage is
fit for its work.
"""

from keepcart.backends.contract import Outcome, Storage
from keepcart.backends.errors import Conflict, Corrupt, Forgotten, StorageError, Unavailable
from keepcart.backends.inspection import Finding, inspect
from keepcart.backends.open import address, open_storage
from keepcart.backends.record import Record, new_origin, stamp
from keepcart.backends.update import UNREAD, Unread, update

__all__ = [
    "UNREAD",
    "Conflict",
    "Corrupt",
    "Finding",
    "Forgotten",
    "Outcome",
    "Record",
    "Storage",
    "StorageError",
    "Unavailable",
    "Unread",
    "address",
    "inspect",
    "new_origin",
    "open_storage",
    "stamp",
    "update",
]
