"""A storage in memory, as the contract has it, for histories of many documents."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence

from keepcart.backends import Corrupt, Forgotten, Outcome, Record


class Memory:
    """Keeps documents until it goes itself; nothing expires."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], Record] = {}
        self._forgotten: dict[str, float] = {}

    def load(self, owner: str, name: str, *, renew: bool = False) -> Record | None:  # noqa: ARG002 - nothing expires
        return self.records.get((owner, name))

    def load_together(self, owner: str, names: Sequence[str], *, renew: bool = False) -> list[Record | Corrupt | None]:
        return [self.load(owner, name, renew=renew) for name in names]

    def save(self, owner: str, name: str, record: Record, *, replaces: str | None, age: float = 0.0) -> Outcome:
        if time.monotonic() - age < self._forgotten.get(owner, 0.0):
            raise Forgotten(owner, for_good=self._forgotten[owner] == float("inf"))
        stored = self.records.get((owner, name))
        if (stored.token if stored else None) != replaces:
            return Outcome(saved=False, record=stored)
        self.records[owner, name] = record
        return Outcome(saved=True, record=record)

    def documents(self, owner: str, *, also: Collection[str] = ()) -> Mapping[str, bytes | None]:  # noqa: ARG002
        return {name: record.encode() for (of, name), record in self.records.items() if of == owner}

    def forget(self, owner: str, *, age: float = 0.0, for_good: bool = False) -> None:
        at = float("inf") if for_good else time.monotonic() - age
        self._forgotten[owner] = max(at, self._forgotten.get(owner, 0.0))
        self.records = {key: record for key, record in self.records.items() if key[0] != owner}

    def set_aside(self, owner: str, name: str, raw: bytes | None) -> bool:  # noqa: ARG002
        raise AssertionError("nothing here is ever corrupt")

    def ping(self) -> None:
        pass

    def close(self) -> None:
        pass
