"""Nobody but its owner reads a SQLite file, and whoever could is told."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from keepcart.backends import Storage, Unavailable, inspect, open_storage
from keepcart.backends.sqlite_inspection import inspect_file
from testbed.adding import add

pytestmark = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def opened(path: Path) -> Storage:
    return open_storage(f"sqlite:///{path}", keep_seconds=60)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in sorted(folder.iterdir())}


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o777])
def test_the_file_and_what_sqlite_puts_beside_it_are_their_owners_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    with umask(mask):
        storage = opened(tmp_path / "new" / "documents.db")
        add(storage, "me", 1)
        made = modes(tmp_path / "new")
        storage.close()
    assert made == {"documents.db": 0o600, "documents.db-shm": 0o600, "documents.db-wal": 0o600}
    assert modes(tmp_path) == {"new": 0o700}


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o755)
    opened(folder / "documents.db").close()
    assert modes(tmp_path) == {"shared": 0o755}


def test_files_from_before_are_tightened_while_another_process_has_them_open(tmp_path: Path) -> None:
    path = tmp_path / "documents.db"
    before = opened(path)
    add(before, "me", 1)
    for file in tmp_path.iterdir():
        file.chmod(0o664)
    after = opened(path)
    assert set(modes(tmp_path).values()) == {0o600}
    add(before, "me", 1)
    add(after, "me", 1)
    record = after.load("me", "count")
    assert record is not None
    assert record.body == b"3"
    before.close()
    after.close()


def test_a_link_leads_to_a_private_file(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "elsewhere.db")
    with umask(0):
        opened(tmp_path / "link.db").close()
    assert modes(tmp_path)["elsewhere.db"] == 0o600


def test_a_folder_of_that_name_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "documents.db"
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(Unavailable):
        opened(folder)
    assert modes(tmp_path) == {"documents.db": 0o755}


def test_it_is_told_whether_others_can_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "documents.db"
    storage = opened(path)
    (told,) = [finding for finding in inspect(storage) if finding.name == "sqlite: privacy"]
    assert (told.state, told.found) == ("ok", "only its owner can read the file")
    path.chmod(0o640)  # as it is where the file belongs to another user, whose it is to change
    told = inspect_file(path, journal="wal", synchronous=1)[-1]
    assert (told.state, told.found) == ("warning", "others can read documents.db")
    storage.close()
