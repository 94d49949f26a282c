"""The backlog of a process: what waits for storage, and whether storage is there.

One failure is enough for everybody. While storage counts as away nobody asks it, so nobody waits for the timeout that
somebody else has just had. A thread looks twice a second whether storage is back and then sends what waits, also for
visitors who have left. It runs only while something waits or storage is away.

A document asks the backlog what it may try, and reports what came of it. The backlog calls documents only from its
thread and from `close`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection
from typing import Final, NamedTuple, Protocol

from keepcart.backends import Storage, StorageError, Unavailable
from keepcart.documents.document import Refused

log = logging.getLogger(__name__)

PROBE_SECONDS: Final = 0.5
"""Between two looks whether storage is back."""

LAST_TRY_SECONDS: Final = 3.0
"""How long a process that ends tries to send what waits."""


class Full(Refused):
    """No more changes can wait. The change was not made."""

    def __init__(self) -> None:
        super().__init__(
            "That was not done: nothing can be saved at the moment, and no more changes can wait. "
            "What you did before is kept; please try again in a minute."
        )


class _Wish(NamedTuple):
    """That a visitor is to be forgotten: since when, by `time.monotonic()`, and whether for good."""

    at: float
    for_good: bool


class Sender(Protocol):
    """Who has something to send to storage: a document with changes that storage has not taken yet."""

    @property
    def owner(self) -> str:
        """The visitor whose changes these are."""

    @property
    def waiting(self) -> int:
        """How many changes wait; 0 takes the sender off the backlog."""

    @property
    def size(self) -> int:
        """How many bytes it holds in memory as long as it waits. Asked under a lock: it takes none itself."""

    def send(self, *, probe: bool = False) -> None:
        """Send them in order and report to the backlog; with `probe` also while storage counts as away."""


class Backlog:
    """What one process knows of its storage, and what waits there. Safe in several threads.

    It holds on to everybody who has something to send, so that changes outlive the sessions that made them.

    Attributes:
        reachable: storage answers reads, as far as is known.
        writable: it takes changes. A server that is full or read-only may be reachable all the same.
    """

    def __init__(self, storage: Storage, *, max_visitors: int, max_changes: int, max_bytes: int) -> None:
        """Take the bounds: visitors and bytes that may wait while storage is away, and changes that may in a document.

        As many visitors again may wait to be forgotten. What waits for a moment, while storage answers, is not counted
        against the first two.
        """
        self.reachable = True
        self.writable = True
        self._storage = storage
        self._max_visitors, self._max_changes, self._max_bytes = max_visitors, max_changes, max_bytes
        self._problem: Unavailable | None = None  # what began the outage
        self._senders: dict[str, dict[Sender, None]] = {}  # by visitor, who waits longest first
        self._sizes: dict[Sender, int] = {}
        self._bytes = 0  # of all sizes
        self._wishes: dict[str, _Wish] = {}  # by visitor
        self._refuses_wishes = False  # in this outage, and it was said
        self._lock = threading.Lock()  # taken last: whoever has it takes no other lock and asks storage nothing
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    @property
    def available(self) -> bool:
        """Whether storage answers and takes changes, as far as is known."""
        return self.reachable and self.writable

    @property
    def size(self) -> int:
        """How many bytes wait: those of every document with something to send, by `Sender.size`."""
        return self._bytes

    @property
    def waits(self) -> bool:
        """Whether anybody has something to send, or is to be forgotten."""
        return bool(self._senders or self._wishes)

    def check(self) -> None:
        """Return when storage answers and takes changes; while it counts as away this asks nobody.

        Raises:
            StorageError: it does not.
        """
        problem = self._problem
        if problem is not None:
            raise problem.with_traceback(None)  # raised again and again, it would collect a traceback each time
        self._storage.ping()

    # What documents report

    def admit(self, sender: Sender, changes: int, size: int) -> None:
        """Let in what may have to wait.

        Args:
            changes: how many changes more wait with it: none where it is joined with one that waits.
            size: how many bytes more.

        Raises:
            Full: there is no room for it.
        """
        with self._lock:
            if sender.waiting + changes > self._max_changes:
                raise Full
            wanted = sender.size + size
            if not self.available and self._is_crowded(sender, wanted):
                raise Full
            self._weigh(sender, wanted)

    def _is_crowded(self, sender: Sender, wanted: int) -> bool:
        if sender.owner not in self._senders and len(self._senders) >= self._max_visitors:
            return True
        grows = wanted - self._sizes.get(sender, 0)
        return grows > 0 and self._bytes + grows > self._max_bytes

    def _weigh(self, sender: Sender, size: int) -> None:
        self._bytes += size - self._sizes.pop(sender, 0)
        if size:
            self._sizes[sender] = size

    def note(self, sender: Sender) -> None:
        """Remember who has something to send, so that it is sent soon; let go who has not.

        Call it after each change and each sending: the last call sees what waits then.
        """
        with self._lock:
            senders = self._senders.setdefault(sender.owner, {})
            if waits := sender.waiting > 0:
                senders[sender] = None
            else:
                senders.pop(sender, None)
            self._weigh(sender, sender.size if waits else 0)
            if not senders:
                del self._senders[sender.owner]
        if waits:
            self.watch()

    def wish(self, owners: Collection[str], *, for_good: bool = False) -> bool:
        """Note that a visitor is to be forgotten. Until that is done nothing of theirs is read or sent.

        Returns False, and notes nothing, where storage is away and as many wishes wait as may.

        Args:
            owners: all keys of the visitor.
            for_good: storage is to refuse all later changes, too.
        """
        with self._lock:
            new = sum(owner not in self._wishes for owner in owners)
            if new and not self.available and len(self._wishes) + new > self._max_visitors:
                self._refuse_wish()
                return False
            for owner in owners:
                earlier = self._wishes.get(owner)
                self._wishes[owner] = _Wish(time.monotonic(), for_good or (earlier is not None and earlier.for_good))
            return True

    def _refuse_wish(self) -> None:
        """Say so, once in an outage: what is logged at its end counts only the wishes that wait."""
        if not self._refuses_wishes:
            self._refuses_wishes = True
            log.warning("no more visitors can wait to be forgotten", extra={"visitors": len(self._wishes)})

    def settle(self, owner: str) -> bool:
        """Let storage forget a visitor who is to be forgotten. Returns whether there is nothing left to forget."""
        wished = self._wishes.get(owner)
        if wished is None:
            return True
        try:
            self._storage.forget(owner, age=time.monotonic() - wished.at, for_good=wished.for_good)
        except Unavailable as error:
            self.save_failed(error)
            return False
        with self._lock:
            if self._wishes.get(owner) == wished:
                del self._wishes[owner]
        return True

    def read_failed(self, error: Unavailable) -> None:
        """Take note that a read failed: storage is away."""
        self._failed(error, reachable=False)

    def save_failed(self, error: Unavailable) -> None:
        """Take note that a save failed. Where storage answered with a refusal it can still be read."""
        self._failed(error, reachable=self.reachable and error.answered)

    def saved(self) -> None:
        """Take note that a save was done: storage is there."""
        if self.available:
            return
        with self._lock:
            self.reachable = self.writable = True
            self._problem = None
            visitors = len(self._senders)
        log.info("storage takes changes again", extra={"visitors": visitors})

    def _failed(self, error: Unavailable, *, reachable: bool) -> None:
        with self._lock:
            begins = self.available
            self.reachable, self.writable = reachable, False
            if begins:
                self._problem, self._refuses_wishes = error, False
        if begins:
            log.warning("storage is away", extra={"problem": str(error)})
        self.watch()

    # The thread

    def watch(self) -> None:
        """See to it that a thread tries again until storage is there and nothing waits."""
        with self._lock:
            if self._thread is None and not self._closing.is_set():
                self._thread = threading.Thread(target=self._keep_trying, name="keepcart-backlog", daemon=True)
                self._thread.start()

    def try_again(self) -> bool:
        """Look whether storage is back and send what waits, until it fails again. Returns whether nothing waits."""
        try:
            if not self.reachable:
                self._storage.ping()
                self.reachable = True
        except StorageError:
            return False
        with self._lock:
            owners = list(self._wishes)
            senders = [sender for senders in self._senders.values() for sender in senders]
        for owner in owners:
            if not self.settle(owner):
                return False
        for sender in senders:
            try:
                sender.send(probe=True)
            except Exception:
                log.exception("a document cannot be sent")  # a mistake in its code must not keep the others waiting
            if not self.available:
                return False
        self.saved()
        return not self.waits

    def close(self) -> None:
        """End the thread, and try for some seconds to send what waits. What is then lost is logged as counts."""
        give_up = time.monotonic() + LAST_TRY_SECONDS
        self._closing.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(LAST_TRY_SECONDS)
        while self.waits and time.monotonic() < give_up:
            if not self.try_again():
                time.sleep(PROBE_SECONDS / 2)
        with self._lock:
            changes = [sum(sender.waiting for sender in senders) for senders in self._senders.values()]
            wishes = len(self._wishes)
        if wishes:
            log.error("visitors not forgotten: storage stayed away", extra={"visitors": wishes})
        if changes:
            log.error("changes lost: storage stayed away", extra={"visitors": len(changes), "changes": sum(changes)})

    def _keep_trying(self) -> None:
        while not self._closing.wait(PROBE_SECONDS):
            self.try_again()
            with self._lock:
                if self.available and not self.waits:
                    self._thread = None
                    return
