"""The keeper has the documents of one process's visitors.

    keeper = Keeper(open_storage(url), keep_seconds=…)     # one a process
    cart = keeper.hold(visitor_key, CART)                  # the same object in every tab of the visitor

While storage is away changes wait in the memory of this process (`keepcart.documents.backlog`). Another process does
not show them, and a process that is killed loses them.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, MutableMapping
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import msgspec

from keepcart.backends import Corrupt, Record, Storage, Unavailable
from keepcart.documents.backlog import Backlog
from keepcart.documents.document import Document
from keepcart.documents.held import Held
from keepcart.documents.values import VALUES

T = TypeVar("T")
C = TypeVar("C")


class Keeper:
    """The documents of one process. Safe in several threads.

    A document is there as long as somebody uses it or its changes wait in the backlog.
    """

    def __init__(
        self,
        storage: Storage,
        *,
        keep_seconds: int,
        max_waiting_visitors: int = 10_000,
        max_waiting_changes: int = 100,
        backlog: type[Backlog] = Backlog,
    ) -> None:
        """Take the storage and what may wait for it.

        Args:
            keep_seconds: how long storage keeps a document after the last visit; the same as the storage was given.
            max_waiting_visitors: how many visitors' changes may wait while storage is away.
            max_waiting_changes: how many changes may wait in one document.
            backlog: a test may give one that has no thread.
        """
        self.backlog = backlog(storage, max_visitors=max_waiting_visitors, max_changes=max_waiting_changes)
        self._storage = storage
        self._keep_seconds = keep_seconds
        self._documents: MutableMapping[tuple[str, str], Held[Any, Any]] = WeakValueDictionary()
        self._lock = threading.Lock()

    def hold(self, owner: str, kind: Document[T, C]) -> Held[T, C]:
        """Return a visitor's document, the same object to all who ask. Whoever begins a visit loads it.

        This asks storage nothing.
        """
        with self._lock:
            held = self._documents.get((owner, kind.name))
            if held is None:
                held = Held(kind, self._storage, owner, self.backlog, self._keep_seconds)
                self._documents[owner, kind.name] = held
            return held

    def stored(self, owner: str, *, also: Collection[str] = (VALUES.name,)) -> Mapping[str, Any]:
        """Return everything that storage has of a visitor, by name, as JSON has it: also what this process never read.

        What cannot be read is there as text. One round trip; nothing is renewed. What waits for storage is not there.

        Args:
            also: the names of documents that a release without an index may have stored.

        Raises:
            Unavailable: storage is away.
        """
        if not self.backlog.reachable:
            self.backlog.check()
        try:
            if not self.backlog.settle(owner):
                return {}  # what is to be forgotten is not read
            found = self._storage.documents(owner, also=also)
        except Unavailable as error:
            self.backlog.read_failed(error)
            raise
        return {name: _readable(raw) for name, raw in found.items()}

    def forget(self, owner: str, *, for_good: bool = False) -> bool:
        """Delete every document of a visitor, here and in storage; return whether storage has done it. One round trip.

        Nothing that waited comes back, also not from another process. While storage is away the wish waits in the
        backlog, and nothing of the visitor is read until it is carried out; what is done meanwhile is kept.

        Args:
            for_good: the visitor does not come back under this name: storage refuses all later changes. While it is
                away, and the wishes of as many visitors wait as may, the caller must ask again.
        """
        with self._lock:
            documents = [held for (of, _), held in self._documents.items() if of == owner]
        noted = self.backlog.wish(owner, for_good=for_good)
        for held in documents:
            held.forget(for_good=for_good)
        if noted and self.backlog.available:
            return self.backlog.settle(owner)
        self.backlog.watch()
        return False

    def check(self) -> None:
        """Return when storage answers and takes changes. While it counts as away this asks nobody.

        Raises:
            StorageError: it does not.
        """
        self.backlog.check()

    def close(self) -> None:
        """Try for some seconds to save what waits, then close storage."""
        self.backlog.close()
        self._storage.close()


def _readable(raw: bytes | None) -> Any:
    """Return the content of a document as JSON has it; as text where it is no record, or holds no JSON."""
    if raw is None:
        return "(a value that has no bytes)"
    try:
        body = Record.decode(raw).body
    except Corrupt:
        body = raw
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        return body.decode("utf-8", "replace")
