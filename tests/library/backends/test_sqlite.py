"""What is special to the SQLite file: locks, other processes, damage, full disks and cleaning up."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

import pytest

from keepcart.backends import Record, Unavailable, new_origin, open_storage, stamp
from testbed.adding import add
from testbed.backends import Sqlite

MARK = stamp(new_origin(), 0)


@pytest.fixture
def backend(tmp_path: Path) -> Sqlite:
    return Sqlite(tmp_path / "documents.db")


def test_while_another_program_holds_the_file_readers_read_and_writers_are_soon_unavailable(backend: Sqlite) -> None:
    storage = backend.open()
    add(storage, "me", 1)
    holder = sqlite3.connect(backend.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    with pytest.raises(Unavailable, match="locked"):
        storage.save("me", "cart", Record.after(None, MARK, b""), replaces=None)
    record = storage.load("me", "count", renew=True)
    assert record is not None
    assert list(storage.load_together("me", ["count", "none"], renew=True)) == [record, None]
    assert time.monotonic() - started < 5
    holder.execute("COMMIT")
    holder.close()
    assert storage.save("me", "cart", Record.after(None, MARK, b""), replaces=None).saved
    storage.close()


def test_a_full_disk_is_unavailable_and_what_was_there_is_still_read(backend: Sqlite) -> None:
    storage = backend.open()
    add(storage, "me", 1)
    storage._file.write("PRAGMA max_page_count = 3")  # type: ignore[attr-defined]
    with pytest.raises(Unavailable, match="full"):
        storage.save("me", "cart", Record.after(None, MARK, b"x" * 100_000), replaces=None)
    assert storage.load("me", "cart") is None
    assert storage.load("me", "count", renew=True) is not None
    storage.close()


def test_a_file_that_may_only_be_read_is_read_and_saves_are_unavailable(backend: Sqlite) -> None:
    storage = backend.open()
    add(storage, "me", 1)
    storage._file.write("PRAGMA query_only = 1")  # type: ignore[attr-defined]
    with pytest.raises(Unavailable, match="readonly"):
        storage.save("me", "cart", Record.after(None, MARK, b""), replaces=None)
    assert storage.load("me", "count", renew=True) is not None
    assert storage.load_together("me", ["count"], renew=True)[0] is not None
    storage.close()


def test_a_file_that_is_no_database_is_a_clear_error_when_opened(backend: Sqlite) -> None:
    backend.path.write_bytes(b"certainly no database" * 100)
    with pytest.raises(Unavailable, match=r"documents\.db is unavailable: file is not a database"):
        backend.open()


def test_a_file_damaged_while_it_is_used_is_unavailable(backend: Sqlite) -> None:
    storage = backend.open()
    for number in range(200):
        storage.save("me", f"document-{number}", Record.after(None, MARK, b"x" * 500), replaces=None)
    backend.query("PRAGMA wal_checkpoint(TRUNCATE)")
    with backend.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 20)
    with pytest.raises(Unavailable, match="malformed"):
        [storage.load("me", f"document-{number}") for number in range(200)]
    storage.close()


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable, match="its folder cannot be made"):
        open_storage(f"sqlite:///{tmp_path}/file/documents.db")


def test_a_mistyped_path_makes_no_folders(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="its folder cannot be made: No such file or directory"):
        open_storage(f"sqlite:///{tmp_path}/nodir/x/documents.db")
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_is_a_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="unable to open database file"):
        open_storage(f"sqlite:///{tmp_path}")


def test_a_relative_path_is_relative_to_the_folder_that_is_given(tmp_path: Path) -> None:
    storage = open_storage("sqlite:///data/my%20cart.db", base_folder=tmp_path)
    add(storage, "me", 1)
    storage.close()
    assert (tmp_path / "data" / "my cart.db").is_file()


def test_an_absolute_path_is_taken_as_it_is(tmp_path: Path) -> None:
    storage = open_storage(f"sqlite:///{tmp_path}/documents.db", base_folder=Path("/nowhere"))
    storage.close()
    assert (tmp_path / "documents.db").is_file()


@pytest.mark.parametrize(("synchronous", "number"), [("NORMAL", 1), ("FULL", 2)])
def test_the_file_keeps_a_write_ahead_log_and_is_as_synchronous_as_was_said(
    tmp_path: Path, synchronous: str, number: int
) -> None:
    storage = open_storage("sqlite:///documents.db", base_folder=tmp_path, sqlite_synchronous=synchronous)
    assert storage._file.write("PRAGMA synchronous") == [(number,)]  # type: ignore[attr-defined]
    assert storage._file.read("PRAGMA journal_mode") == [("wal",)]  # type: ignore[attr-defined]
    storage.close()


def test_a_closed_storage_is_unavailable(backend: Sqlite) -> None:
    storage = backend.open()
    storage.close()
    with pytest.raises(Unavailable):
        storage.load("me", "cart")


def test_expired_rows_are_deleted_at_the_next_opening(backend: Sqlite) -> None:
    storage = backend.open(keep_seconds=1)
    add(storage, "me", 1)
    storage.close()
    time.sleep(1.1)
    backend.open().close()
    assert backend.query("SELECT count(*) FROM documents") == [(0,)]


def test_expired_rows_are_deleted_while_others_save(backend: Sqlite) -> None:
    storage = backend.open()
    for number in range(50):
        storage.save(f"old-{number}", "cart", Record.after(None, MARK, b""), replaces=None)
    backend.query("UPDATE documents SET expires = unixepoch() - 1")
    add(storage, "me", 64)
    assert backend.query("SELECT count(*) FROM documents") == [(1,)]
    storage.close()


def test_who_was_forgotten_is_deleted_from_the_file_when_that_expires(backend: Sqlite) -> None:
    storage = backend.open(keep_seconds=1)
    storage.forget("me")
    storage.close()
    time.sleep(1.1)
    backend.open().close()
    assert backend.query("SELECT count(*) FROM forgotten") == [(0,)]


def test_a_file_of_the_release_before_is_read_and_its_owners_can_be_forgotten(backend: Sqlite) -> None:
    """Such a file has the table of documents and nothing else."""
    record = Record.after(None, MARK, b"[1]")
    backend.query(
        "CREATE TABLE documents (owner TEXT, name TEXT, record BLOB NOT NULL, expires REAL NOT NULL,"
        " PRIMARY KEY (owner, name)) WITHOUT ROWID"
    )
    backend.plant("me", "cart", record.encode())
    storage = backend.open()
    assert storage.load("me", "cart") == record
    storage.forget("me")
    assert storage.load("me", "cart") is None
    storage.close()


def test_while_another_program_holds_the_file_forgetting_is_soon_unavailable_and_deletes_nothing(
    backend: Sqlite,
) -> None:
    storage = backend.open()
    add(storage, "me", 1)
    holder = sqlite3.connect(backend.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="locked"):
        storage.forget("me")
    holder.execute("COMMIT")
    holder.close()
    assert storage.load("me", "count") is not None
    storage.close()


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # Python 3.12 warns of any fork beside threads
def test_a_forked_process_and_its_parent_both_go_on(backend: Sqlite) -> None:
    """The child opens its own connections: SQLite's locks do not survive a fork."""
    storage = backend.open()
    add(storage, "me", 10)
    child = os.fork()
    if child == 0:
        failed = True
        try:
            add(storage, "me", 50)
            storage.close()
            failed = False
        finally:
            os._exit(failed)
    add(storage, "me", 50)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    record = storage.load("me", "count")
    assert record is not None
    assert record.body == b"110"
    assert backend.query("PRAGMA integrity_check") == [("ok",)]
    storage.close()
