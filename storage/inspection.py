"""What an operator should know about a storage: whether it can be used, and whether carts could vanish from it.

for finding in inspect(open_storage(url, keep_seconds=60)):
print(finding.name, finding.state, finding.found, finding.advice)
"""

from __future__ import annotations

import secrets
import statistics
import time
from dataclasses import dataclass
from typing import Final, Literal

from storage.base import Record, Storage, StorageError, new_origin, stamp

State = Literal["ok", "warning", "failure"]

_ROUND_TRIPS: Final = 20
_SLOW_MS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        advice: what to do; empty where all is well.
    """

    name: str
    state: State
    found: str
    advice: str = ""


def inspect(storage: Storage) -> list[Finding]:
    """Look at a storage: reach it, write, read, measure, and read the settings of what is behind it.

    It writes one document of an owner that no visitor can be, which expires as every document does: open the storage
    with a short `keep_seconds`.
    """
    try:
        storage.ping()
        findings = [Finding("storage", "ok", "it answers"), _write_and_read(storage)]
    except StorageError as error:
        return [Finding("storage", "failure", str(error), "see that it runs, and that storage.url names it")]
    look = getattr(storage, "inspect", None)  # what only the kind of storage can tell
    return [*findings, *(look() if look else [])]


def _write_and_read(storage: Storage) -> Finding:
    owner = f"check.{secrets.token_hex(8)}"
    record = Record.after(None, stamp(new_origin(), 0), b"[1]")
    storage.save(owner, "check", record, replaces=None)
    seconds = []
    for _ in range(_ROUND_TRIPS):
        started = time.perf_counter()
        read = storage.load(owner, "check")
        seconds.append(time.perf_counter() - started)
        if read != record:
            advice = "writes and reads must go to the same server, the primary"
            return Finding("write and read", "failure", "what was written was not read back", advice)
    median = statistics.median(seconds) * 1_000
    found = f"a round trip takes {median:.1f} ms"
    if median > _SLOW_MS:
        return Finding("write and read", "warning", found, "every click waits for one; move the store and it closer")
    return Finding("write and read", "ok", found)
