"""Whether storage is away, known once for the whole process, and which documents wait for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from keepcart.backends import Unavailable
from keepcart.documents.document import Refused

log = logging.getLogger(__name__)


class Full(Refused):
    """No more changes can wait. The change was not made."""

    def __init__(self) -> None:
        super().__init__(
            "That was not done: nothing can be saved at the moment, and no more changes can wait. "
            "What you did before is kept; please try again in a minute."
        )


class Waits(Protocol):
    """A document with changes that storage has not taken yet."""

    @property
    def waiting(self) -> int:
        """How many."""

    def send(self, *, probe: bool = False) -> None:
        """Save them, in order; as a probe also while storage counts as away."""


class Outage:
    """What this process knows about storage being away.

    One failure is enough for everybody: nobody else waits for the timeout that somebody has just had. Whoever mends it
    (`Keeper`) is told by `begun`.

    Attributes:
        reachable: storage answers reads, as far as is known.
        writable: it takes changes. A server that is read-only or full may be reachable all the same.
        problem: the failure that began the outage, None when it is over.
    """

    def __init__(self, begun: Callable[[], None], *, max_visitors: int, max_changes: int) -> None:
        """Take the bounds: documents that may wait, and changes that may wait for each."""
        self.reachable = True
        self.writable = True
        self.problem: Unavailable | None = None
        self._begun = begun
        self._max_visitors = max_visitors
        self._max_changes = max_changes
        self._waiting: dict[Waits, None] = {}
        self._lock = threading.Lock()

    @property
    def over(self) -> bool:
        """Whether storage is there for reading and writing."""
        return self.reachable and self.writable

    def failed_to_read(self, error: Unavailable) -> None:
        """Note that a read failed."""
        self._failed(error, reachable=False)

    def failed_to_write(self, error: Unavailable) -> None:
        """Note that a save failed; where the server refused it, reads go on."""
        self._failed(error, reachable=self.reachable and error.answered)

    def ended_for_reads(self) -> None:
        """Note that a read was answered."""
        self.reachable = True

    def ended(self) -> None:
        """Note that a save was done."""
        if not self.over:
            self.reachable = self.writable = True
            self.problem = None
            log.info("storage takes changes again", extra={"visitors": len(self._waiting)})

    def admit(self, document: Waits) -> None:
        """Let a change to a document in, which may have to wait.

        Raises:
            Full: there is no room.
        """
        with self._lock:
            crowded = document.waiting >= self._max_changes
            if crowded or (
                not self.over and document not in self._waiting and len(self._waiting) >= self._max_visitors
            ):
                raise Full

    def note(self, document: Waits) -> None:
        """Remember a document that waits, so that it is sent soon by whoever mends; forget one that does not."""
        with self._lock:
            if not document.waiting:
                self._waiting.pop(document, None)
                return
            self._waiting[document] = None
        self._begun()

    def waiting(self) -> list[Waits]:
        """Return the documents that wait, the longest first."""
        with self._lock:
            return list(self._waiting)

    def _failed(self, error: Unavailable, *, reachable: bool) -> None:
        if self.over:
            log.warning("storage is away", extra={"problem": str(error)})
            self.problem = error
        self.reachable, self.writable = reachable, False
        self._begun()
