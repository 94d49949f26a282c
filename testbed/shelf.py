"""A storage in memory and the lines to it, for histories that a test makes up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from keepcart.backends import Corrupt, Outcome, Record, Storage
from keepcart.documents import Backlog
from testbed.switchable import Switchable


class Shelf:
    """A storage in memory, for one document; it remembers whose change each version holds, in order."""

    def __init__(self) -> None:
        self.record: Record | None = None
        self.marks: list[str] = []

    def load(self, owner: str, name: str, *, renew: bool = False) -> Record | None:  # noqa: ARG002 - there is but one
        return self.record

    def load_together(self, owner: str, names: Sequence[str], *, renew: bool = False) -> list[Record | Corrupt | None]:
        return [self.load(owner, name, renew=renew) for name in names]

    def save(
        self,
        owner: str,  # noqa: ARG002
        name: str,  # noqa: ARG002
        record: Record,
        *,
        replaces: str | None,
        age: float = 0.0,  # noqa: ARG002
    ) -> Outcome:
        if (self.record.token if self.record else None) != replaces:
            return Outcome(saved=False, record=self.record)
        self.record = record
        self.marks.append(record.marks[-1])
        return Outcome(saved=True, record=record)

    def documents(self, owner: str, *, also: Collection[str] = ()) -> Mapping[str, bytes | None]:  # noqa: ARG002
        raise AssertionError("nobody here asks for everything")

    def forget(self, owner: str, *, age: float = 0.0, for_good: bool = False) -> None:  # noqa: ARG002
        raise AssertionError("nobody here asks to be forgotten")

    def set_aside(self, owner: str, name: str, raw: bytes | None) -> bool:  # noqa: ARG002
        raise AssertionError("nothing here is ever corrupt")

    def ping(self) -> None:
        pass

    def close(self) -> None:
        pass


class Line(Switchable):
    """The way of one process to the storage; somebody else may be faster than its next save."""

    def __init__(self, inner: Storage) -> None:
        super().__init__(inner)
        self.faster: list[Callable[[], None]] = []

    def save(self, owner: str, name: str, record: Record, *, replaces: str | None, age: float = 0.0) -> Outcome:
        if self.faster:
            self.faster.pop()()
        return super().save(owner, name, record, replaces=replaces, age=age)

    def mend(self) -> None:
        self.off = self.refuses_writes = self.loses_replies = False


class Threadless(Backlog):
    """A backlog that looks whether storage is back only when it is told to."""

    def watch(self) -> None:
        pass
