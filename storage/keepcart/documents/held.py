"""A document in use: the version read from storage, and the changes that storage has not taken yet."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, Generic, TypeVar

from keepcart.backends import UNREAD, Conflict, Corrupt, Forgotten, Record, Storage, Unavailable, Unread, update
from keepcart.documents.backlog import Backlog
from keepcart.documents.document import Document, FromNewerRelease, Locked, Refused, Unreadable
from keepcart.documents.owner import Owner
from keepcart.documents.seal import Seal, is_sealed
from keepcart.documents.waiting import Waiting

log = logging.getLogger(__name__)

T = TypeVar("T")
C = TypeVar("C")


class Held(Generic[T, C]):
    """One document of one visitor, shared by the visitor's tabs in this process. Safe in several threads.

    Attributes:
        name: the document's, in storage.
        owner: the visitor, by the key that storage knows.
        value: the document as the visitor sees it: the version that storage had when last asked, with every waiting
            change.
        locked: a newer release wrote it, or it is sealed by a key that is not here. It reads as empty and takes no
            changes until this process can read it again.
        kept_until: when storage forgets it, in seconds since the epoch; None where nothing is stored or nothing known.
        forgotten: its visitor was forgotten for good. Storage refuses every change.
        read_for: sessions of Streamlit, by their id, that begin just now, and for which it was read together with what
            `KeepSession` reads. The session's visit takes its id away, and reads nothing.
    """

    def __init__(
        self, kind: Document[T, C], storage: Storage, owner: Owner, backlog: Backlog, keep_seconds: int
    ) -> None:
        self._seal = Seal(owner if kind.sealed else Owner(owner.key), kind.name)
        self._kind, self._storage, self._backlog = self._seal.around(kind), storage, backlog
        self._keep_seconds = keep_seconds
        self._former = [former.key for former in owner.former]
        self._known: Record | Unread | None = UNREAD
        self._beginning = kind.empty  # the document before it is first stored under the owner's key
        self._stored = kind.empty
        self._waiting = Waiting(kind)
        self._given_up: list[tuple[str, Exception]] = []
        self._computed = kind.empty, kind.empty  # before and after the change that is being sent
        self._written = b""  # the second of them, as it is stored
        self._asking = threading.Lock()  # whoever asks storage; taken before the other
        self._lock = threading.RLock()  # what is known and waits; never held while storage is asked
        self.name = kind.name
        self.owner = owner.key
        self.value = kind.empty
        self.locked = False
        self.kept_until: float | None = None
        self.forgotten = False
        self.read_for: set[str] = set()

    @property
    def waiting(self) -> int:
        """How many changes storage has not taken yet."""
        return len(self._waiting)

    @property
    def size(self) -> int:
        """How many bytes this document holds in memory while it waits: its stored form, and the changes that wait.

        The objects that these are read into take several times as much (docs/deployment.md).
        """
        stored = len(self._known.body) if isinstance(self._known, Record) else 0
        return stored + self._waiting.size

    @property
    def version(self) -> str:
        """A text that differs wherever `value` does: the stored version's token, and the newest waiting change."""
        with self._lock:
            token = self._known.token if isinstance(self._known, Record) else ""
            return token + "".join(self._waiting.marks[-1:])

    @property
    def read(self) -> bool:
        """Whether storage was read. Otherwise `value` is what happened since, on top of something unknown."""
        return self._known is not UNREAD

    @property
    def record(self) -> Record | None:
        """The version that storage had when last asked, without what waits; None where it had none or was not read."""
        return self._known if isinstance(self._known, Record) else None

    @property
    def body(self) -> bytes | None:
        """The document of `record`, with its seal opened; as it is stored where this process cannot open it."""
        if self.record is None:
            return None
        try:
            return self._seal.open(self.record.body)
        except (Unreadable, FromNewerRelease):
            return self.record.body

    @property
    def sealed(self) -> bool:
        """Whether the version of `record` is sealed."""
        return self.record is not None and is_sealed(self.record.body)

    @property
    def away(self) -> bool:
        """Whether storage did not answer when last asked, whoever asked. Then `record` may be old."""
        return not self._backlog.reachable

    @property
    def saved(self) -> bool:
        """Whether storage was read and has everything that `value` shows."""
        return self.read and not self._waiting

    def load(self, *, renew: bool = False) -> None:
        """Read the document, one round trip. While storage is away the document stays as it is.

        It also stays as it is while storage refuses changes and another thread is just trying one again: that may take
        until a timeout.

        Args:
            renew: start the document's expiry anew.
        """
        self.load_with((), renew=renew)

    def load_with(self, others: Iterable[Held[Any, Any]], *, renew: bool = False) -> None:
        """Read this document and others of its owner as `load` does, all of them in one round trip.

        What stands under a former key of the owner takes one more for each.
        """
        with ExitStack() as asking:
            # In one order everywhere: who waits for one of them holds none that comes later.
            wanted = [held for held in sorted({self, *others}, key=lambda held: held.name) if held.may_ask(asking)]
            try:
                if wanted and self._backlog.reachable and self._settled():
                    self._fetch_all(wanted, renew=renew and self._backlog.writable)
            except Unavailable as error:
                self._backlog.read_failed(error)

    def may_ask(self, asking: ExitStack) -> bool:
        """Tell whether storage may be asked for it now: for `load_with`. Nobody else does until `asking` closes."""
        if not self._asking.acquire(blocking=self._backlog.available or not self.read):
            return False
        asking.callback(self._asking.release)
        return True

    def change(self, change: C, *, later: bool = False) -> None:
        """Apply a change at once and save it. While storage is away it waits and is saved in the background.

        Args:
            later: leave the saving to the caller's next `send`, together with what else changes until then. Without
                one it is saved half a second later.

        Raises:
            Refused: the document refuses the change, or (`Full`) no more changes can wait.
            Locked: a newer release wrote the document.
        """
        with self._lock:
            if self.locked:
                raise Locked
            value = self._kind.apply(self.value, change)
            made = self._waiting.made(change)
            self._backlog.admit(self, *self._waiting.grows(made))
            self._waiting.put(made)
            self.value = value
        if later:
            self._backlog.note(self)
        else:
            self.send()
            self._raise_given_up(made.mark)

    def send(self, *, probe: bool = False) -> None:
        """Save what waits, in order; one round trip a change where nobody else changed the document.

        A change that was legal when made may meet a document that refuses it, or that a newer release has written
        meanwhile. It is given up, and `given_up` says so.

        Args:
            probe: try also while storage counts as away.
        """
        if probe or self._backlog.available:
            with self._asking:
                self._send(probe=probe)
        self._backlog.note(self)

    def forget(self, *, for_good: bool = False) -> None:
        """Let go of everything, in this process: the value, and the changes that wait. Storage is asked nothing.

        Whoever is just asking storage is waited for, so that no answer of before comes in afterwards.
        """
        with self._asking, self._lock:
            self._waiting.clear()
            self._given_up.clear()
            self._stored = self._beginning = self.value = self._kind.empty
            self._let_go()
            self._known, self.locked, self.kept_until = None, False, None
            self.forgotten = self.forgotten or for_good
        self._backlog.note(self)

    def given_up(self) -> list[Exception]:
        """Return why waiting changes were given up since the last call: `Refused` or `Locked` for each."""
        with self._lock:
            reasons = [reason for _, reason in self._given_up]
            self._given_up.clear()
            return reasons

    # Sending: only with `_asking`

    def _send(self, *, probe: bool) -> None:
        try:
            while self._waiting and (probe or self._backlog.available) and self._settled():
                if self._former and not self.read:
                    self._fetch()  # the first save must hold what stands under a former key
                    continue
                self._send_first()
                self._backlog.saved()
        except Unavailable as error:
            self._backlog.save_failed(error)
        except Conflict as error:
            log.warning("document not saved yet", extra={"document": self.name, "problem": str(error)})
        self._show()  # once for all that was sent

    def _send_first(self) -> None:
        with self._lock:
            mark, change, at, _ = self._waiting.first()
        save = partial(update, self._storage, self.owner, self.name, partial(self._applied, change))
        try:
            record = save(mark=mark, known=self._known, made=at)
        except (Corrupt, Unreadable, FromNewerRelease):
            self._fetch()
        except (Refused, Forgotten) as reason:
            with self._lock:
                self._waiting.remove_first()
                if isinstance(reason, Refused):
                    self._give_up(mark, reason)
                else:
                    self.forgotten = self.forgotten or reason.for_good
            self._fetch()
        else:
            self._was_saved(record)

    def _was_saved(self, record: Record) -> None:
        with self._lock:
            self._waiting.remove_first()
        if self._kind.report is not None:
            self._kind.report(*self._computed)
        self._start_expiry()
        try:
            self._know(record)
        except (Unreadable, FromNewerRelease):
            self._fetch()  # it was saved earlier and its reply lost; another release has written since
        self._let_go()

    def _applied(self, change: C, body: bytes | None) -> bytes:
        before = self._read(body)
        after = self._kind.apply(before, change)
        self._computed = before, after
        self._written = self._kind.encode(after)
        return self._written

    def _let_go(self) -> None:
        """Keep nothing in memory of a change that was sent."""
        self._computed, self._written = (self._kind.empty, self._kind.empty), b""

    def _give_up(self, mark: str, reason: Exception) -> None:
        log.warning("change given up", extra={"document": self.name, "problem": type(reason).__name__})
        self._given_up.append((mark, reason))

    def _raise_given_up(self, mark: str) -> None:
        with self._lock:
            for given_up in self._given_up:
                if given_up[0] == mark:
                    self._given_up.remove(given_up)
                    raise given_up[1]

    def _settled(self) -> bool:
        """Tell whether nothing of the owner is still to be forgotten."""
        return all(self._backlog.settle(key) for key in (self.owner, *self._former))

    # Reading: only with `_asking`

    def _fetch(self, *, renew: bool = False) -> None:
        """Read from storage; move what cannot be read aside."""
        try:
            self.take(self._storage.load(self.owner, self.name, renew=renew), renewed=renew)
        except Corrupt as found:
            self.take(found, renewed=renew)

    def _fetch_all(self, documents: Sequence[Held[Any, Any]], *, renew: bool) -> None:
        if documents == [self]:
            self._fetch(renew=renew)
            return
        names = [held.name for held in documents]
        found = self._storage.load_together(self.owner, names, renew=renew)
        for held, stored in zip(documents, found, strict=True):
            held.take(stored, renewed=renew)

    def take(self, found: Record | Corrupt | None, *, renewed: bool) -> None:
        """Take what storage was found to have: for `load_with`. What cannot be read is moved aside."""
        if isinstance(found, Corrupt):
            self._set_aside(found.raw, "no record")
            return
        try:
            if found is None:
                self._beginning = self._formerly(renew=renewed)
            self._know(found)
        except Unreadable as problem:
            self._set_aside(None if found is None else found.encode(), str(problem))
        except FromNewerRelease as problem:
            self._lock_out(found, str(problem))
        else:
            self._show()
            if renewed and found is not None:
                self._start_expiry()

    def _formerly(self, *, renew: bool) -> T:
        """Return what stands under the newest former key of the owner that has the document."""
        for key in self._former:
            try:
                record = self._storage.load(key, self.name, renew=renew)
                if record is not None:
                    return self._kind.decode(record.body)
            except (Corrupt, Unreadable) as problem:
                facts = {"document": self.name, "problem": type(problem).__name__}
                log.error("corrupt document left under a former key", extra=facts)  # noqa: TRY400 - no traceback
        return self._kind.empty

    def _know(self, record: Record | None) -> None:
        """Make a version the one that this process knows."""
        stored = self._read(None if record is None else record.body)
        with self._lock:
            self._stored, self._known, self.locked = stored, record, False

    def _read(self, body: bytes | None) -> T:
        """Return what stored bytes hold; those that were read or written last are not read again."""
        if body is None:
            return self._beginning
        if self.record is not None and body is self.record.body and not self.locked:
            return self._stored
        return self._computed[1] if body is self._written else self._kind.decode(body)

    def _show(self) -> None:
        """Let `value` be what is known, with every waiting change."""
        with self._lock:
            if not self.locked:
                self.value = self._waiting.apply_to(self._stored)

    def _start_expiry(self) -> None:
        self.kept_until = time.time() + self._keep_seconds

    def _lock_out(self, record: Record | None, problem: str) -> None:
        if not self.locked:
            log.warning("document locked", extra={"document": self.name, "problem": problem})
        with self._lock:
            self.locked = True
            self._known = record
            for mark in self._waiting.marks:
                self._give_up(mark, Locked())
            self._waiting.clear()
            self.value = self._kind.empty

    def _set_aside(self, raw: bytes | None, problem: str) -> None:
        if self._storage.set_aside(self.owner, self.name, raw):
            log.error("corrupt document kept aside", extra={"document": self.name, "problem": problem})
            self._know(None)
            self._show()
        else:
            self._known = UNREAD  # another visit was faster; what is there now is read next
