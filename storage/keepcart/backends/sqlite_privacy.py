"""Who may read a SQLite file: its owner alone. It holds what people put into carts and typed into forms."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import Final

_NEW_FILE: Final = 0o600
_ONLY_OWNER: Final = 0o700
_OTHERS: Final = 0o077


def make_private(path: Path) -> None:
    """Make a file that nobody else can read, and its folder where that is missing, whatever the umask.

    Only that one folder is made: where its own folder is missing too, the path is more likely mistyped.

    A file that is there already loses the permissions of others, and so do its log and shared memory; SQLite gives new
    ones the permissions of the file. A folder that is there already stays as it is.

    Raises:
        OSError: a folder cannot be made. Why a file cannot, SQLite says when it opens it.
    """
    path = path.resolve()
    if not path.parent.exists():
        with contextlib.suppress(FileExistsError):  # another process was faster
            path.parent.mkdir()
            path.parent.chmod(_ONLY_OWNER)
    if not path.parent.is_dir():
        path.parent.mkdir()  # says why that cannot be
    # Not opened if it is there: closing it would take the locks away that this process holds on it.
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _NEW_FILE))
        path.chmod(_NEW_FILE)
    for file in (path, *_beside(path)):
        with contextlib.suppress(OSError):  # not there, or somebody else's: `readable_by_others` tells
            if mode := _open_to_others(file):
                file.chmod(mode & _ONLY_OWNER)


def readable_by_others(path: Path) -> list[Path]:
    """Return which of a SQLite file, its log and its shared memory others may read or write."""
    found = []
    for file in (path, *_beside(path)):
        with contextlib.suppress(OSError):
            if _open_to_others(file):
                found.append(file)
    return found


def _beside(path: Path) -> tuple[Path, Path]:
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def _open_to_others(file: Path) -> int:
    """Return the mode of a file that others may open; 0 if none may, or if it is no file."""
    mode = file.stat().st_mode
    return stat.S_IMODE(mode) if stat.S_ISREG(mode) and mode & _OTHERS and os.name == "posix" else 0
