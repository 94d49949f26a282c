"""Keeps visitors' documents for one process: those in use, and those with changes that storage has not taken yet.

    keeper = Keeper(open_storage(url), keep_seconds=…)     # one a process
    cart = keeper.hold(visitor_key, CART)                  # the same object in every tab of the visitor

While storage is away changes wait here, in the memory of this process; a background thread looks once in a while
whether storage is back, and then saves them with their marks, also for shoppers who have left. What this cannot do:
another process does not show waiting changes, and a process that is killed loses them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import MutableMapping
from typing import Any, Final, TypeVar
from weakref import WeakValueDictionary

from keepcart.backends import Storage, StorageError
from keepcart.documents.document import Document
from keepcart.documents.held import Held
from keepcart.documents.outage import Outage

log = logging.getLogger(__name__)

T = TypeVar("T")
C = TypeVar("C")

PROBE_SECONDS: Final = 0.5
"""Between two looks whether storage is back."""

LAST_TRY_SECONDS: Final = 3.0
"""How long a process that is told to end tries to save what waits."""


class Keeper:
    """The documents of one process."""

    def __init__(
        self, storage: Storage, *, keep_seconds: int, max_waiting_visitors: int = 10_000, max_waiting_changes: int = 100
    ) -> None:
        """Take the storage and the bounds of what may wait for it: visitors, and changes of each."""
        self._storage = storage
        self._keep_seconds = keep_seconds
        self._outage = Outage(self._mend, max_visitors=max_waiting_visitors, max_changes=max_waiting_changes)
        self._held: MutableMapping[tuple[str, str], Held[Any, Any]] = WeakValueDictionary()
        self._lock = threading.Lock()
        self._mending: threading.Thread | None = None
        self._closing = threading.Event()

    def hold(self, owner: str, kind: Document[T, C]) -> Held[T, C]:
        """Return a visitor's document, the same object to all who ask; to be loaded by whoever begins a visit.

        It asks storage nothing.
        """
        with self._lock:
            held = self._held.get((owner, kind.name))
            if held is None:
                held = Held(kind, self._storage, owner, self._outage, self._keep_seconds)
                self._held[owner, kind.name] = held
            return held

    def check(self) -> None:
        """Return when storage answers and takes changes; while it is known to be away this waits for nothing.

        Raises:
            StorageError: it does not.
        """
        if self._outage.problem is not None:
            raise self._outage.problem
        self._storage.ping()

    def close(self) -> None:
        """Save what waits, as far as storage takes it within some seconds, and close storage."""
        give_up = time.monotonic() + LAST_TRY_SECONDS
        self._closing.set()
        with self._lock:
            mending = self._mending
        if mending is not None:
            mending.join(LAST_TRY_SECONDS)
        while self._outage.waiting() and time.monotonic() < give_up:
            if not self._try_again():
                time.sleep(PROBE_SECONDS / 2)
        if waiting := self._outage.waiting():
            changes = sum(document.waiting for document in waiting)
            log.error("changes lost: storage stayed away", extra={"visitors": len(waiting), "changes": changes})
        self._storage.close()

    def _mend(self) -> None:
        """See to it that a thread looks whether storage is back."""
        with self._lock:
            if self._mending is None and not self._closing.is_set():
                self._mending = threading.Thread(target=self._keep_trying, name="keeper", daemon=True)
                self._mending.start()

    def _keep_trying(self) -> None:
        while not self._closing.wait(PROBE_SECONDS):
            self._try_again()
            with self._lock:
                if self._outage.over and not self._outage.waiting():
                    self._mending = None
                    return

    def _try_again(self) -> bool:
        """Look whether storage is back, and save what waits until it fails again. Returns whether nothing waits."""
        try:
            if not self._outage.reachable:
                self._storage.ping()
                self._outage.ended_for_reads()
        except StorageError:
            return False
        waiting = self._outage.waiting()
        for document in waiting:
            document.send(probe=True)
            if not self._outage.over:
                return False
        self._outage.ended()
        return not self._outage.waiting()
