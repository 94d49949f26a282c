"""The changes of one document that storage has not taken yet, in order. The mark of each makes it happen once."""

from __future__ import annotations

import time
from typing import Generic, NamedTuple, TypeVar

from keepcart.backends import new_origin, stamp
from keepcart.documents.document import Document, Refused

T = TypeVar("T")
C = TypeVar("C")


class Made(NamedTuple, Generic[C]):
    """A change with its mark, and the time at which it was made, by `time.monotonic()`."""

    mark: str
    change: C
    at: float


class Waiting(Generic[T, C]):
    """A queue of changes. The document that owns it locks it; by itself it is not safe in several threads."""

    def __init__(self, kind: Document[T, C]) -> None:
        self._kind = kind
        self._origin, self._count = new_origin(), 0
        self._changes: list[Made[C]] = []
        self._tried = ""  # the mark of the newest change that storage may have seen

    def __len__(self) -> int:
        """Return how many changes wait."""
        return len(self._changes)

    @property
    def marks(self) -> list[str]:
        """The mark of each change, oldest first."""
        return [made.mark for made in self._changes]

    @property
    def next_mark(self) -> str:
        """The mark that the next added change will have."""
        return stamp(self._origin, self._count + 1)

    def join(self, change: C) -> str | None:
        """Join a change with the newest one that waits and return its mark.

        None where the two cannot be joined: storage may have seen that one already, or the document knows no joining.
        """
        if self._kind.join is None or not self._changes or self._changes[-1].mark == self._tried:
            return None
        newest = self._changes[-1]
        joined = self._kind.join(newest.change, change)
        if joined is None:
            return None
        self._changes[-1] = newest._replace(change=joined)
        return newest.mark

    def add(self, change: C) -> str:
        """Add a change at the end and return its mark."""
        mark = self.next_mark
        self._count += 1
        self._changes.append(Made(mark, change, time.monotonic()))
        return mark

    def first(self) -> Made[C]:
        """Return the oldest change, to be sent: nothing is joined with it from now on."""
        self._tried = self._changes[0].mark
        return self._changes[0]

    def remove_first(self) -> None:
        """Take the oldest change away: storage has it, or it was given up."""
        del self._changes[0]

    def clear(self) -> None:
        """Take all changes away."""
        self._changes.clear()

    def apply_to(self, value: T) -> T:
        """Return a value with every change made that it does not refuse; what is refused is said when it is sent."""
        for made in self._changes:
            try:
                value = self._kind.apply(value, made.change)
            except Refused:
                continue
        return value
