"""One SQLite file for all threads of a process: one connection reads, another one writes."""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any, Final

from keepcart.backends.errors import Unavailable
from keepcart.backends.sqlite_privacy import make_private

_PATIENCE_SECONDS: Final = 1.0


class SqliteFile:
    """Runs single statements, each its own transaction. It waits a second for other writers, then is Unavailable."""

    def __init__(self, path: Path, *, address: str, prepare: tuple[str, ...]) -> None:
        """Open the file and run the statements `prepare` on the connection that writes."""
        self._path = path
        self._address = address
        self._prepare = prepare
        self._fork_lock = threading.Lock()
        self._of_parents: list[_Connection] = []
        try:
            make_private(path)
        except OSError as error:
            raise Unavailable(address, f"its folder cannot be made: {error.strerror}") from error
        self._open()

    def read(self, statement: str, *values: Any) -> list[Any]:
        """Run a statement that writes nothing; return its rows."""
        self._reopen_after_fork()
        return self._reader.run(statement, values)

    def write(self, statement: str, *values: Any) -> list[Any]:
        """Run a statement; return its rows once it is committed."""
        self._reopen_after_fork()
        return self._writer.run(statement, values)

    def close(self) -> None:
        """Close both connections. Every later statement is Unavailable."""
        self._reopen_after_fork()
        self._reader.close()
        self._writer.close()

    def _open(self) -> None:
        self._writer = _Connection(self._path, self._address)
        try:
            for statement in self._prepare:
                self._writer.run(statement)
            self._reader = _Connection(self._path, self._address)
        except Unavailable:
            self._writer.close()
            raise
        self._process = os.getpid()

    def _reopen_after_fork(self) -> None:
        if self._process == os.getpid():
            return
        with self._fork_lock:
            if self._process != os.getpid():
                # Closing the parent's connections here would release its locks and may take its log away.
                self._of_parents += [self._reader, self._writer]
                self._open()


class _Connection:
    """One connection, one statement at a time."""

    def __init__(self, path: Path, address: str) -> None:
        self._address = address
        self._lock = threading.Lock()
        try:
            # timeout=0: waiting is done in `run`. isolation_level=None: a statement is a transaction.
            self._connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise Unavailable(address, str(error)) from error

    def run(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Run a statement; return its rows. While the file is locked, try again after short random pauses.

        SQLite's own busy handler sleeps up to 100 ms between tries, so some of many writers would get no turn.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return self._run_once(statement, values, deadline)
            except sqlite3.Error as error:
                if not _is_busy(error) or time.monotonic() > deadline:
                    raise Unavailable(self._address, str(error), answered=True) from error
            time.sleep(random.random() * 0.002)

    def _run_once(self, statement: str, values: tuple[Any, ...], deadline: float) -> list[Any]:
        if not self._lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise Unavailable(self._address, "other threads are waiting for it, too")
        try:
            return self._connection.execute(statement, values).fetchall()
        finally:
            self._lock.release()

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _is_busy(error: sqlite3.Error) -> bool:
    # The low byte is the kind of error, the others its variants.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
