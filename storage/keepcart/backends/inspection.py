"""What an operator should know about a storage: whether it can be used, and whether documents could vanish from it.

for finding in inspect(open_storage(url, keep_seconds=60)):
    print(finding.name, finding.state, finding.found, finding.advice)
"""

from __future__ import annotations

import secrets
import statistics
import time
from dataclasses import dataclass
from typing import Final, Literal, Protocol, runtime_checkable

from keepcart.backends.contract import Storage
from keepcart.backends.errors import NO_SUCH_DATABASE, REFUSED_LOGIN, StorageError, Unavailable
from keepcart.backends.record import Record, new_origin, stamp

State = Literal["ok", "skipped", "warning", "failure"]

_ROUND_TRIPS: Final = 20
_SLOW_MS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: what was looked at; it stays the same from release to release.
        state: `skipped` where another finding kept it from being looked at.
        found: how it is. It holds no password and no owner.
        advice: what to do; empty where there is nothing to do.
    """

    name: str
    state: State
    found: str
    advice: str = ""


_IS_IT_THERE: Final = "see that it runs, and that the storage URL names it"
_ADVICE: Final = {
    REFUSED_LOGIN: "see user and password in the storage URL; signs such as @ / # are written %40 %2F %23 there",
    NO_SUCH_DATABASE: "see the number at the end of the storage URL: a server has 0 to 15 unless it is set otherwise",
}
"""What to do where storage cannot be reached, by the reason."""


@runtime_checkable
class Inspected(Protocol):
    """A storage that can report on the servers or the file behind it."""

    def inspect(self) -> list[Finding]:
        """Return the findings. May raise `Unavailable`."""


def inspect(storage: Storage) -> list[Finding]:
    """Look at a storage: reach it, write, read, measure, and read the settings of the servers or the file behind it.

    It writes twenty small documents of owners whose names start with `check.`. They expire as every document does, so
    open the storage with a short `keep_seconds`.
    """
    try:
        storage.ping()
    except StorageError as error:
        return [
            Finding("storage", "failure", str(error), _ADVICE.get(getattr(error, "reason", ""), _IS_IT_THERE)),
            Finding("write and read", "skipped", "storage cannot be read"),
            *(_behind(storage) if isinstance(error, Unavailable) and error.answered else []),
        ]
    return [Finding("storage", "ok", "it answers"), _write_and_read(storage), *_behind(storage)]


def _write_and_read(storage: Storage) -> Finding:
    name = "write and read"
    try:
        median = statistics.median(_milliseconds_of_a_save(storage) for _ in range(_ROUND_TRIPS))
    except StorageError as error:
        return Finding(name, "failure", str(error), "no change is kept like this; see what follows")
    except _ReadOtherwise:
        advice = "writes and reads must reach the same server, the primary"
        return Finding(name, "failure", "what was written was not read back", advice)
    found = f"a change takes {median:.2f} ms"
    if median > _SLOW_MS:
        return Finding(
            name, "warning", found, "every change waits for it; move the app and its storage closer together"
        )
    return Finding(name, "ok", found)


class _ReadOtherwise(Exception):
    """What was read is not what was written."""


def _milliseconds_of_a_save(storage: Storage) -> float:
    """Write and read back under a new owner. Twenty of them reach every server of a cluster."""
    owner = f"check.{secrets.token_hex(8)}"
    record = Record.after(None, stamp(new_origin(), 0), b"[1]")
    started = time.perf_counter()
    storage.save(owner, "check", record, replaces=None)
    taken = time.perf_counter() - started
    if storage.load(owner, "check") != record:
        raise _ReadOtherwise
    return taken * 1_000


def _behind(storage: Storage) -> list[Finding]:
    try:
        return storage.inspect() if isinstance(storage, Inspected) else []
    except StorageError as error:
        return [Finding("storage", "failure", str(error), "it answered a moment ago: see its log")]
