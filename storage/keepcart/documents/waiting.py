"""The changes of one document that storage has not taken yet, in order. The mark of each makes it happen once."""

from __future__ import annotations

import time
from typing import Generic, NamedTuple, TypeVar

from keepcart.backends import new_origin, stamp
from keepcart.documents.document import Document, Refused

T = TypeVar("T")
C = TypeVar("C")


class Made(NamedTuple, Generic[C]):
    """A change with its mark, the time at which it was made, by `time.monotonic()`, and its size (`Document.size`)."""

    mark: str
    change: C
    at: float
    size: int


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
        """The mark of the next change that is not joined."""
        return stamp(self._origin, self._count + 1)

    @property
    def size(self) -> int:
        """The sizes of all changes together."""
        return sum(made.size for made in self._changes)

    def made(self, change: C) -> Made[C]:
        """Return a change as it is to wait: joined with the newest one, under that one's mark, or by itself.

        It is by itself where storage may have seen that one already, or where the document knows no joining.
        """
        newest = self._changes[-1] if self._changes else None
        if self._kind.join is not None and newest is not None and newest.mark != self._tried:
            joined = self._kind.join(newest.change, change)
            if joined is not None:
                return newest._replace(change=joined, size=self._kind.size(joined))
        return Made(self.next_mark, change, time.monotonic(), self._kind.size(change))

    def grows(self, made: Made[C]) -> tuple[int, int]:
        """Return how many changes and bytes more would wait with it."""
        replaced = self._replaced(made)
        return (1, made.size) if replaced is None else (0, made.size - replaced.size)

    def put(self, made: Made[C]) -> None:
        """Let a change of `made` wait, in the place of the one that it was joined with, else at the end."""
        if self._replaced(made) is not None:
            self._changes[-1] = made
        else:
            self._count += 1
            self._changes.append(made)

    def _replaced(self, made: Made[C]) -> Made[C] | None:
        return self._changes[-1] if self._changes and self._changes[-1].mark == made.mark else None

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
