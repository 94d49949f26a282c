"""A document while somebody uses it: the version read from storage, and the changes that storage has not taken yet."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from typing import Generic, TypeVar

from keepcart.backends import UNREAD, Conflict, Corrupt, Record, Storage, Unavailable, Unread, new_origin, stamp, update
from keepcart.documents.document import Document, FromNewerRelease, Refused, Unreadable
from keepcart.documents.outage import Outage

log = logging.getLogger(__name__)

T = TypeVar("T")
C = TypeVar("C")


class Locked(Exception):
    """A newer release wrote the document; this one must not change it."""


class Held(Generic[T, C]):
    """One document of one visitor, shared by the visitor's tabs in this process. Safe in several threads.

    Attributes:
        value: the document as the shopper sees it: what storage held when last asked, with every waiting change.
        locked: a newer release wrote it. It reads as empty and takes no changes until that release serves this page.
        kept_until: the time (seconds since the epoch) until which storage keeps it; None where nothing is stored or
            nothing is known.
    """

    def __init__(self, kind: Document[T, C], storage: Storage, owner: str, outage: Outage, keep_seconds: int) -> None:
        self._kind, self._storage, self._owner, self._outage = kind, storage, owner, outage
        self._keep_seconds = keep_seconds
        self._origin, self._count = new_origin(), 0
        self._known: Record | Unread | None = UNREAD
        self._stored = kind.empty
        self._waiting: list[tuple[str, C]] = []
        self._tried = ""  # the mark of the newest change that storage may have seen
        self._given_up: list[tuple[str, Exception]] = []
        self._asking = threading.Lock()  # whoever asks storage; taken before the other
        self._lock = threading.RLock()  # what is known and waits; never held while storage is asked
        self.value = kind.empty
        self.locked = False
        self.kept_until: float | None = None

    @property
    def waiting(self) -> int:
        """How many changes storage has not taken yet."""
        return len(self._waiting)

    @property
    def version(self) -> str:
        """What differs wherever `value` does: the stored version's token, and the newest change that waits for it."""
        token = self._known.token if isinstance(self._known, Record) else ""
        return token + (self._waiting[-1][0] if self._waiting else "")

    @property
    def read(self) -> bool:
        """Whether storage was read; otherwise `value` is what happened since, on top of something unknown."""
        return self._known is not UNREAD

    @property
    def record(self) -> Record | None:
        """The version that storage had when last asked, without what waits; None where it had none or was not read."""
        return self._known if isinstance(self._known, Record) else None

    @property
    def away(self) -> bool:
        """Whether storage did not answer when last asked, whoever asked; then `record` may be old."""
        return not self._outage.reachable

    @property
    def saved(self) -> bool:
        """Whether storage was read, and has everything that `value` shows."""
        return self.read and not self._waiting

    def load(self, *, renew: bool = False) -> None:
        """Read the document, one round trip. Where storage is away, what this process has stays as it is.

        So it does where changes are refused and one of them is being tried again, which may take until a timeout.
        """
        if not self._asking.acquire(blocking=self._outage.over or not self.read):
            return
        try:
            if self._outage.reachable:
                self._fetch(renew=renew and self._outage.writable)
        except Unavailable as error:
            self._outage.failed_to_read(error)
        finally:
            self._asking.release()

    def change(self, change: C, *, later: bool = False) -> None:
        """Apply a change at once and save it; where storage is away it waits, and is sent in the background.

        Args:
            later: leave the saving to the caller's next `send`, together with what else changes until then; half a
                second later it is saved without the caller.

        Raises:
            Refused: the document refuses the change, or (`Full`) no more changes can wait.
            Locked: a newer release wrote the document.
        """
        with self._lock:
            if self.locked:
                raise Locked
            value = self._kind.apply(self.value, change)
            mark = self._join(change)
            if mark is None:
                self._outage.admit(self)
                mark = self._next_mark()
                self._waiting.append((mark, change))
            self.value = value
        if later:
            self._outage.note(self)
            return
        self.send()
        with self._lock:
            for given_up in self._given_up:
                if given_up[0] == mark:
                    self._given_up.remove(given_up)
                    raise given_up[1]

    def _join(self, change: C) -> str | None:
        """Join a change with the newest one that waits, unless storage may have seen that; return its mark."""
        if self._kind.join is None or not self._waiting or self._waiting[-1][0] == self._tried:
            return None
        mark, earlier = self._waiting[-1]
        self._waiting[-1] = mark, self._kind.join(earlier, change)
        return mark

    def send(self, *, probe: bool = False) -> None:
        """Save what waits, in order; one round trip a change where nobody else changed the document.

        A change that was legal when made may meet a document that refuses it, or that a newer release has written
        meanwhile: it is given up, and `given_up` tells.

        Args:
            probe: try also while storage counts as away.
        """
        if probe or self._outage.over:
            with self._asking:
                self._send(probe=probe)
        self._outage.note(self)

    def given_up(self) -> list[Exception]:
        """Return once, for each waiting change that had to be given up since the last call, `Refused` or `Locked`."""
        with self._lock:
            reasons = [reason for _, reason in self._given_up]
            self._given_up.clear()
            return reasons

    def _send(self, *, probe: bool = False) -> None:
        try:
            while self._waiting and (probe or self._outage.over):
                self._send_first()
                self._outage.ended()
        except Unavailable as error:
            self._outage.failed_to_write(error)
        except Conflict as error:
            log.warning("document not saved yet", extra={"document": self._kind.name, "problem": str(error)})
        self._show()  # once for all that was sent

    def _send_first(self) -> None:
        with self._lock:
            mark, change = self._waiting[0]
            self._tried = mark
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
        except Refused as reason:
            with self._lock:
                self._give_up(self._waiting.pop(0)[0], reason)
            self._fetch()
        else:
            with self._lock:
                del self._waiting[0]
            self._start_expiry()
            try:
                self._know(record)
            except (Unreadable, FromNewerRelease):
                self._fetch()  # it was saved earlier and its reply lost; another release has written since

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
            self._know(record)
        except Unreadable as problem:
            self._put_aside(None if record is None else record.encode(), str(problem))
        except FromNewerRelease as problem:
            self._lock_out(record, str(problem))
        else:
            self._show()
            if renew and record is not None:
                self._start_expiry()

    def _know(self, record: Record | None) -> None:
        """Make a version the one that this process knows."""
        stored = self._kind.empty if record is None else self._kind.decode(record.body)
        with self._lock:
            self._stored, self._known, self.locked = stored, record, False

    def _show(self) -> None:
        """Let `value` be what is known, with every waiting change."""
        with self._lock:
            if self.locked:
                return
            value = self._stored
            for _, change in self._waiting:
                try:
                    value = self._kind.apply(value, change)
                except Refused:
                    continue  # said when it is sent
            self.value = value

    def _start_expiry(self) -> None:
        self.kept_until = time.time() + self._keep_seconds

    def _lock_out(self, record: Record | None, problem: str) -> None:
        if not self.locked:
            log.warning("document of a newer release", extra={"document": self._kind.name, "problem": problem})
        with self._lock:
            self.locked = True
            self._known = record
            for mark, _ in self._waiting:
                self._give_up(mark, Locked())
            self._waiting.clear()
            self.value = self._kind.empty

    def _give_up(self, mark: str, reason: Exception) -> None:
        log.warning("change given up", extra={"document": self._kind.name, "problem": type(reason).__name__})
        self._given_up.append((mark, reason))

    def _put_aside(self, raw: bytes | None, problem: str) -> None:
        if self._storage.set_aside(self._owner, self._kind.name, raw):
            log.error("corrupt document kept aside", extra={"document": self._kind.name, "problem": problem})
            self._know(None)
            self._show()
        else:
            self._known = UNREAD  # another visit was faster; what is there now is read next

    def _next_mark(self) -> str:
        self._count += 1
        return stamp(self._origin, self._count)
