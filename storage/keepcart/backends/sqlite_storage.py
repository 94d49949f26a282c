"""Storage in one SQLite file, shared by all threads and processes of one machine."""

from __future__ import annotations

import contextlib
import itertools
import json
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from keepcart.backends.contract import FOR_GOOD, Outcome, Storage, check_names, check_owner
from keepcart.backends.errors import Corrupt, Forgotten, Unavailable
from keepcart.backends.inspection import Finding
from keepcart.backends.record import Record, existing, version
from keepcart.backends.sqlite_file import SqliteFile
from keepcart.backends.sqlite_inspection import inspect_file

_DOCUMENTS: Final = (
    "CREATE TABLE IF NOT EXISTS documents (owner TEXT, name TEXT, record BLOB NOT NULL, expires REAL NOT NULL,"
    " PRIMARY KEY (owner, name)) WITHOUT ROWID"
)
_FORGOTTEN: Final = (
    "CREATE TABLE IF NOT EXISTS forgotten (owner TEXT PRIMARY KEY, at REAL NOT NULL, expires REAL NOT NULL)"
    " WITHOUT ROWID"
)
_INDICES: Final = (
    "CREATE INDEX IF NOT EXISTS documents_by_expiry ON documents (expires)",
    "CREATE INDEX IF NOT EXISTS forgotten_by_expiry ON forgotten (expires)",
)
_TRIGGER: Final = (
    "CREATE TRIGGER IF NOT EXISTS forget AFTER INSERT ON forgotten"
    " BEGIN DELETE FROM documents WHERE owner = NEW.owner; END"
)
_SCHEMA: Final = (_DOCUMENTS, _FORGOTTEN, *_INDICES, _TRIGGER)
_LOAD: Final = (
    "SELECT name, record FROM documents WHERE owner = ? AND expires > ? AND name IN (SELECT value FROM json_each(?))"
)
_ALL: Final = "SELECT name, record FROM documents WHERE owner = ? AND expires > ? ORDER BY name"
_RENEW: Final = (
    "UPDATE documents SET expires = ? WHERE owner = ? AND expires > ? AND name IN (SELECT value FROM json_each(?))"
    " RETURNING name, record"
)
_REPLACE: Final = (
    "UPDATE documents SET record = ?, expires = ? WHERE owner = ? AND name = ?"
    " AND NOT EXISTS (SELECT 1 FROM forgotten WHERE owner = ? AND at > ?)"
    " AND expires > ? AND substr(record, 1, 11) = ? RETURNING 1"
)
_CREATE: Final = (
    "INSERT INTO documents (record, expires, owner, name) SELECT ?, ?, ?, ?"
    " WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE owner = ? AND at > ?)"
    " ON CONFLICT (owner, name) DO UPDATE SET record = excluded.record, expires = excluded.expires"
    " WHERE documents.expires <= ? RETURNING 1"
)
_FORGOTTEN_AT: Final = "SELECT at FROM forgotten WHERE owner = ? AND at > ?"
# The trigger deletes the documents. REPLACE, because the trigger would not see a row that an upsert changes.
_FORGET: Final = (
    "INSERT OR REPLACE INTO forgotten (owner, at, expires)"
    " SELECT ?, max(?, ifnull(max(at), 0)), max(?, ifnull(max(expires), 0)) FROM forgotten WHERE owner = ?"
)
_SET_ASIDE: Final = (
    "UPDATE OR REPLACE documents SET name = name || '.corrupt' WHERE owner = ? AND name = ? AND expires > ?"
    " AND CASE WHEN ? IS NULL THEN typeof(record) <> 'blob' ELSE record = ? END RETURNING 1"
)
_PURGE: Final = (
    "DELETE FROM documents WHERE (owner, name) IN (SELECT owner, name FROM documents WHERE expires <= ? LIMIT 256)",
    "DELETE FROM forgotten WHERE owner IN (SELECT owner FROM forgotten WHERE expires <= ? LIMIT 256)",
)
_SAVES_PER_PURGE: Final = 64
_DEFAULT_PREFIX: Final = "keepcart"


class SqliteStorage:
    """The contract of `Storage` in a table. Each act is one statement, which SQLite carries out as one transaction."""

    def __init__(self, path: Path, *, address: str, keep_seconds: int, prefix: str, synchronous: str) -> None:
        """Open the file, for its owner alone; make it and its folder where they are missing. Errors name `address`."""
        self._path = path
        self._keep_seconds = keep_seconds
        # The rows of the default prefix bear the owner's bare name. No name has a colon, so no other row is like them.
        self._before_owner = "" if prefix == _DEFAULT_PREFIX else f"{prefix}:"
        # With a write-ahead log readers and a writer do not wait for each other.
        pragmas = ("PRAGMA journal_mode = WAL", f"PRAGMA synchronous = {synchronous}")
        self._file = SqliteFile(path, address=address, prepare=(*pragmas, *_SCHEMA))
        self._saves = itertools.count(1)
        self._purge()

    def load(self, owner: str, name: str, *, renew: bool = False) -> Record | None:  # noqa: D102 - see Storage
        return existing(*self.load_together(owner, (name,), renew=renew))

    def load_together(  # noqa: D102
        self, owner: str, names: Sequence[str], *, renew: bool = False
    ) -> Sequence[Record | Corrupt | None]:
        for name in names:
            check_names(owner, name)
        found = dict(self._rows(self._before_owner + owner, names, renew=renew))
        return [version(found.get(name)) for name in names]

    def _rows(self, owner: str, names: Sequence[str], *, renew: bool) -> list[tuple[str, Any]]:
        now = time.time()
        which = owner, now, json.dumps(names)
        if renew:
            # A full disk or another writer must not keep anyone from reading.
            with contextlib.suppress(Unavailable):
                return self._file.write(_RENEW, now + self._keep_seconds, *which)
        return self._file.read(_LOAD, *which)

    def save(  # noqa: D102
        self, owner: str, name: str, record: Record, *, replaces: str | None, age: float = 0.0
    ) -> Outcome:
        check_names(owner, name)
        bare, owner, now = owner, self._before_owner + owner, time.time()
        row = (record.encode(), now + self._keep_seconds, owner, name, owner, now - age, now)
        if replaces is None:
            saved = self._file.write(_CREATE, *row)
        else:
            saved = self._file.write(_REPLACE, *row, replaces.encode())
        if not saved:
            if forgotten := self._file.read(_FORGOTTEN_AT, owner, now - age):
                raise Forgotten(name, for_good=forgotten[0][0] >= FOR_GOOD)
            return Outcome(saved=False, record=self.load(bare, name))
        if next(self._saves) % _SAVES_PER_PURGE == 0:
            self._purge()
        return Outcome(saved=True, record=record)

    def documents(  # noqa: D102
        self,
        owner: str,
        *,
        also: Collection[str] = (),  # noqa: ARG002 - the table has them all
    ) -> Mapping[str, bytes | None]:
        check_owner(owner)
        rows = self._file.read(_ALL, self._before_owner + owner, time.time())
        return {name: raw if isinstance(raw, bytes) else None for name, raw in rows}

    def forget(self, owner: str, *, age: float = 0.0, for_good: bool = False) -> None:  # noqa: D102
        check_owner(owner)
        owner, now = self._before_owner + owner, time.time()
        at = FOR_GOOD if for_good else now - age
        self._file.write(_FORGET, owner, at, now + self._keep_seconds, owner)

    def set_aside(self, owner: str, name: str, raw: bytes | None) -> bool:  # noqa: D102
        check_names(owner, name)
        return bool(self._file.write(_SET_ASIDE, self._before_owner + owner, name, time.time(), raw, raw))

    def ping(self) -> None:  # noqa: D102
        self._file.read("SELECT 1 FROM documents LIMIT 1")

    def inspect(self) -> list[Finding]:
        """Look at the file and its disk (`inspect` of this package)."""
        ((journal,),) = self._file.write("PRAGMA journal_mode")
        ((synchronous,),) = self._file.write("PRAGMA synchronous")
        return inspect_file(self._path, journal=journal, synchronous=synchronous)

    def close(self) -> None:  # noqa: D102
        self._file.close()

    def _purge(self) -> None:
        """Delete some expired rows, more than are saved in between. Nobody sees them any more, so it may fail."""
        with contextlib.suppress(Unavailable):
            for statement in _PURGE:
                self._file.write(statement, time.time())


def open_url(  # noqa: PLR0913 - the options of `open_storage`
    url: str, *, address: str, keep_seconds: int, prefix: str, synchronous: str, base_folder: Path
) -> Storage:
    """Return the storage at `sqlite:///relative/path` (to `base_folder`) or `sqlite:////absolute/path`.

    Raises:
        ValueError: the URL or `synchronous` cannot be used.
        Unavailable: the file cannot be made or is not a database.
    """
    if synchronous not in {"NORMAL", "FULL"}:
        raise ValueError(f"SQLite's synchronous must be NORMAL or FULL, not {synchronous!r}")
    place = url.removeprefix("sqlite://")
    if not place.startswith("/"):
        raise ValueError(f"{address}: a SQLite URL has no host; it starts with three slashes, sqlite:///data/file.db")
    if "?" in place or "#" in place:
        raise ValueError(f"{address}: a SQLite URL has no query; write ? as %3F and # as %23")
    path = unquote(place[1:])
    if not path.strip("/") or path.endswith("/"):
        raise ValueError(f"{address}: a SQLite URL names a file, as in sqlite:///data/file.db")
    return SqliteStorage(
        base_folder / path, address=address, keep_seconds=keep_seconds, prefix=prefix, synchronous=synchronous
    )
