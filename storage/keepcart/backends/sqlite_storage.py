"""Storage in one SQLite file, shared by all threads and processes of one machine."""

from __future__ import annotations

import contextlib
import itertools
import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from keepcart.backends.contract import Corrupt, Outcome, Record, Storage, Unavailable, check_names
from keepcart.backends.inspection import Finding
from keepcart.backends.sqlite_file import SqliteFile
from keepcart.backends.sqlite_inspection import inspect_file

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS documents (owner TEXT, name TEXT, record BLOB NOT NULL, expires REAL NOT NULL,"
    " PRIMARY KEY (owner, name)) WITHOUT ROWID"
)
_INDEX: Final = "CREATE INDEX IF NOT EXISTS documents_by_expiry ON documents (expires)"
_LOAD: Final = "SELECT record FROM documents WHERE owner = ? AND name = ? AND expires > ?"
_RENEW: Final = "UPDATE documents SET expires = ? WHERE owner = ? AND name = ? AND expires > ? RETURNING record"
_REPLACE: Final = (
    "UPDATE documents SET record = ?, expires = ? WHERE owner = ? AND name = ? AND expires > ?"
    " AND substr(record, 1, 11) = ? RETURNING 1"
)
_CREATE: Final = (
    "INSERT INTO documents (record, expires, owner, name) VALUES (?, ?, ?, ?) ON CONFLICT (owner, name) DO UPDATE"
    " SET record = excluded.record, expires = excluded.expires WHERE documents.expires <= ? RETURNING 1"
)
_SET_ASIDE: Final = (
    "UPDATE OR REPLACE documents SET name = name || '.corrupt' WHERE owner = ? AND name = ? AND expires > ?"
    " AND CASE WHEN ? IS NULL THEN typeof(record) <> 'blob' ELSE record = ? END RETURNING 1"
)
_PURGE: Final = (
    "DELETE FROM documents WHERE (owner, name) IN (SELECT owner, name FROM documents WHERE expires <= ? LIMIT 256)"
)
_SAVES_PER_PURGE: Final = 64


class SqliteStorage:
    """The contract of `Storage` in a table. Each act is one statement, which SQLite carries out as one transaction."""

    def __init__(self, path: Path, *, address: str, keep_seconds: int, synchronous: str) -> None:
        """Open the file, making it and its folder where they are missing; `address` is what errors name."""
        self._path = path
        self._keep_seconds = keep_seconds
        # With a write-ahead log readers and a writer do not wait for each other.
        pragmas = ("PRAGMA journal_mode = WAL", f"PRAGMA synchronous = {synchronous}")
        self._file = SqliteFile(path, address=address, prepare=(*pragmas, _TABLE, _INDEX))
        self._saves = itertools.count(1)
        self._purge()

    def load(self, owner: str, name: str, *, renew: bool = False) -> Record | None:  # noqa: D102 - see Storage
        check_names(owner, name)
        now = time.time()
        if renew:
            # A full disk or another writer must not keep anyone from reading.
            with contextlib.suppress(Unavailable):
                return _record(self._file.write(_RENEW, now + self._keep_seconds, owner, name, now))
        return _record(self._file.read(_LOAD, owner, name, now))

    def save(self, owner: str, name: str, record: Record, *, replaces: str | None) -> Outcome:  # noqa: D102
        check_names(owner, name)
        now = time.time()
        row = (record.encode(), now + self._keep_seconds, owner, name, now)
        if replaces is None:
            saved = self._file.write(_CREATE, *row)
        else:
            saved = self._file.write(_REPLACE, *row, replaces.encode())
        if not saved:
            return Outcome(saved=False, record=self.load(owner, name))
        if next(self._saves) % _SAVES_PER_PURGE == 0:
            self._purge()
        return Outcome(saved=True, record=record)

    def set_aside(self, owner: str, name: str, raw: bytes | None) -> bool:  # noqa: D102
        check_names(owner, name)
        return bool(self._file.write(_SET_ASIDE, owner, name, time.time(), raw, raw))

    def ping(self) -> None:  # noqa: D102
        self._file.read("SELECT 1 FROM documents LIMIT 1")

    def inspect(self) -> list[Finding]:
        """Look at the file and its disk (`storage.inspection`)."""
        ((journal,),) = self._file.write("PRAGMA journal_mode")
        ((synchronous,),) = self._file.write("PRAGMA synchronous")
        return inspect_file(self._path, journal=journal, synchronous=synchronous)

    def close(self) -> None:  # noqa: D102
        self._file.close()

    def _purge(self) -> None:
        """Delete some expired rows, more than are saved in between; they are invisible already, so it may fail."""
        with contextlib.suppress(Unavailable):
            self._file.write(_PURGE, time.time())


def _record(rows: list[Any]) -> Record | None:
    if not rows:
        return None
    raw = rows[0][0]
    if not isinstance(raw, bytes):
        raise Corrupt(None)
    return Record.decode(raw)


def open_url(url: str, *, address: str, keep_seconds: int, synchronous: str, base_folder: Path) -> Storage:
    """Return the storage at `sqlite:///relative/path` (to `base_folder`) or `sqlite:////absolute/path`.

    Raises:
        ValueError: the URL or `synchronous` cannot be used.
        Unavailable: the file cannot be made or is no database.
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
    return SqliteStorage(base_folder / path, address=address, keep_seconds=keep_seconds, synchronous=synchronous)
