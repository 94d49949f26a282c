"""A document while a visit lasts: the version read from storage, and the changes that storage has not taken yet."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import Generic, TypeVar

from app.domain.document import Document, FromNewerRelease, Refused, Unreadable
from storage import UNREAD, Corrupt, Record, Storage, StorageError, new_origin, stamp, update
from storage.update import Unread

log = logging.getLogger(__name__)

T = TypeVar("T")
C = TypeVar("C")

REST_SECONDS = 1.0
"""After storage failed a visit leaves it alone for so long: one wait for a hung server, not one for every click."""


class Locked(Exception):
    """A newer release wrote the document; this one must not change it."""


class Writer:
    """Makes the marks of one visit, one after another."""

    def __init__(self) -> None:
        self._origin = new_origin()
        self._count = 0

    def next_mark(self) -> str:
        """Return a mark that nobody else makes."""
        self._count += 1
        return stamp(self._origin, self._count)


class Held(Generic[T, C]):
    """One document of one visitor, held by a visit.

    Attributes:
        value: the document as the shopper sees it: what storage held when last asked, with every waiting change.
        locked: a newer release wrote it. It reads as empty and takes no changes until that release serves this page.
    """

    def __init__(self, kind: Document[T, C], storage: Storage, owner: str, writer: Writer) -> None:
        self._kind, self._storage, self._owner, self._writer = kind, storage, owner, writer
        self._known: Record | Unread | None = UNREAD
        self._stored = kind.empty
        self._waiting: list[tuple[str, C]] = []
        self._rests_until = 0.0
        self.value = kind.empty
        self.locked = False

    @property
    def saved(self) -> bool:
        """Whether storage was read, and has everything that `value` shows."""
        return not self._waiting and self._known is not UNREAD

    def load(self, *, renew: bool = False) -> None:
        """Read the document, one round trip. Where storage fails, what the visit has stays as it is."""
        if self._resting:
            return
        try:
            self._fetch(renew=renew)
        except StorageError as error:
            self._rest(error)

    def change(self, change: C) -> None:
        """Apply a change at once and save it; where storage does not answer it waits, to be sent again later.

        Raises:
            Refused: the document refuses the change.
            Locked: a newer release wrote the document.
        """
        if self.locked:
            raise Locked
        self.value = self._kind.apply(self.value, change)
        self._waiting.append((self._writer.next_mark(), change))
        self.send()

    def send(self) -> None:
        """Save what waits, in order; one round trip a change where nobody else changed the document.

        Raises:
            Refused: a change that was legal when made meets a document that refuses it. The change is given up.
            Locked: a newer release has written the document meanwhile. What waited is given up.
        """
        try:
            while self._waiting and not self._resting:
                self._send_first()
        except StorageError as error:
            self._rest(error)

    def _send_first(self) -> None:
        mark, change = self._waiting[0]
        try:
            record = update(
                self._storage,
                self._owner,
                self._kind.name,
                partial(self._applied, change),
                mark=mark,
                known=self._known,
            )
        except (Corrupt, Unreadable, FromNewerRelease):
            self._fetch()
            if self.locked:
                raise Locked from None
        except Refused:
            del self._waiting[0]
            self._fetch()
            raise
        else:
            del self._waiting[0]
            self._take(record)

    def _applied(self, change: C, body: bytes | None) -> bytes:
        value = self._kind.empty if body is None else self._kind.decode(body)
        return self._kind.encode(self._kind.apply(value, change))

    def _fetch(self, *, renew: bool = False) -> None:
        """Read from storage, putting aside what cannot be read."""
        try:
            record = self._storage.load(self._owner, self._kind.name, renew=renew)
        except Corrupt as found:
            self._put_aside(found.raw, "no record")
            return
        try:
            self._take(record)
        except Unreadable as problem:
            self._put_aside(None if record is None else record.encode(), str(problem))
        except FromNewerRelease as problem:
            self._lock(record, str(problem))

    def _take(self, record: Record | None) -> None:
        """Make a version the one that this visit knows."""
        self._stored = self._kind.empty if record is None else self._kind.decode(record.body)
        self._known = record
        self.locked = False
        self.value = self._stored
        for _, change in self._waiting:
            try:
                self.value = self._kind.apply(self.value, change)
            except Refused:
                continue  # said when it is sent

    def _lock(self, record: Record | None, problem: str) -> None:
        if not self.locked:
            log.warning("document of a newer release", extra={"document": self._kind.name, "problem": problem})
        self.locked = True
        self._known = record
        self._waiting.clear()
        self.value = self._kind.empty

    def _put_aside(self, raw: bytes | None, problem: str) -> None:
        if self._storage.set_aside(self._owner, self._kind.name, raw):
            log.error("corrupt document kept aside", extra={"document": self._kind.name, "problem": problem})
            self._take(None)
        else:
            self._known = UNREAD  # another visit was faster; what is there now is read next

    @property
    def _resting(self) -> bool:
        return time.monotonic() < self._rests_until

    def _rest(self, error: StorageError) -> None:
        log.warning("storage failed", extra={"document": self._kind.name, "problem": str(error)})
        self._rests_until = time.monotonic() + REST_SECONDS
