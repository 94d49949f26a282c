"""A file to which orders are exported again and again, and in which each of them stands once."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import BinaryIO, Final

from app.orders.export import Format

OWNER_ONLY: Final = 0o600
"""Permissions of a new file: it has names and addresses."""


class NotContinued(Exception):
    """A file is not to be appended to, and stays as it is. The message says why."""


@contextmanager
def continued(path: Path, form: Format) -> Iterator[tuple[BinaryIO, int]]:
    """Give a file to append orders to, and the position of the last order in it, 0 if there is none.

    What a killed run has left of an order is cut off. What was appended is on the disk at the end of the block.

    Raises:
        NotContinued: the file is something else, or another export is writing it.
        OSError: it cannot be read or written.
    """
    with open(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY), "r+b") as file:  # noqa: PTH123 - a descriptor
        _reserve(file)
        last, end = _end(file, form)
        file.truncate(end)
        file.seek(end)
        if end == 0:
            file.write(form.header.encode())
        yield file, last
        file.flush()
        os.fsync(file.fileno())


def _reserve(file: BinaryIO) -> None:
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        raise NotContinued("is not a regular file")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise NotContinued("is being written by another export") from None


def _end(file: BinaryIO, form: Format) -> tuple[int, int]:
    """Return the position of the last order that a file has in full, and where that order ends in the file."""
    header, begin = form.header.encode(), form.begin.encode()
    start = file.read(len(begin) + 1)
    if begin.startswith(start):  # empty, or killed before the first order
        return 0, len(header) if start == header else 0
    with mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        if content[: len(begin)] != begin:
            raise NotContinued("is no export of orders in this format")
        return _last_whole(content, len(header), form)


def _last_whole(content: mmap, first: int, form: Format) -> tuple[int, int]:
    """Look from the end backwards for the last line of an order.

    Args:
        content: of the file.
        first: where its first order begins.
        form: its format.
    """
    end = content.rfind(b"\n") + 1
    while end > first:
        start = content.rfind(b"\n", 0, end - 1) + 1
        try:
            position, is_last = form.read(content[start:end].decode())
        except ValueError:
            raise NotContinued("is no export of orders in this format: its last line is none") from None
        if is_last:
            return position, end
        end = start
    return 0, first
