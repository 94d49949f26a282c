"""Adds one to a counter many times; as a process of its own: python -m testbed.adding URL OWNER TIMES."""

from __future__ import annotations

import sys
import time

from keepcart.backends import UNREAD, Record, Storage, Unavailable, Unread, new_origin, open_storage, stamp, update

PATIENCE_SECONDS = 60


def add_one(body: bytes | None) -> bytes:
    """Return the counter plus one."""
    return b"%d" % (int(body or b"0") + 1)


def add(storage: Storage, owner: str, times: int, *, keeps_version: bool = True) -> None:
    """Add one so many times, as a visit does: with marks of its own, and the same mark again after `Unavailable`.

    Args:
        keeps_version: hold the version that an add returned for the next one, instead of reading before each.
    """
    origin = new_origin()
    known: Record | Unread | None = UNREAD
    deadline = time.monotonic() + PATIENCE_SECONDS
    for count in range(times):
        while True:
            try:
                known = update(storage, owner, "count", add_one, mark=stamp(origin, count), known=known)
                break
            except Unavailable:
                known = UNREAD
                if time.monotonic() > deadline:
                    raise
        if not keeps_version:
            known = UNREAD


def main() -> None:
    """Print "ready", wait for a line of input, then add."""
    url, owner, times = sys.argv[1:]
    storage = open_storage(url)
    print("ready", flush=True)  # noqa: T201 - what the parent waits for
    sys.stdin.readline()
    add(storage, owner, int(times))
    storage.close()


if __name__ == "__main__":
    main()
