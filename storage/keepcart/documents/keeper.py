"""The keeper has the documents of one process's visitors.

    keeper = Keeper(open_storage(url), keep_seconds=…)     # one a process
    cart = keeper.hold(visitor_key, CART)                  # the same object in every tab of the visitor

While storage is away changes wait in the memory of this process (`keepcart.documents.backlog`). Another process does
not show them, and a process that is killed loses them.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from keepcart.backends import Storage
from keepcart.documents.backlog import Backlog
from keepcart.documents.document import Document
from keepcart.documents.held import Held
from keepcart.documents.owner import Owner
from keepcart.documents.seal import sealed
from keepcart.documents.values import MAX_BYTES, VALUES, values_document

T = TypeVar("T")
C = TypeVar("C")


class Keeper:
    """The documents of one process. Safe in several threads.

    A document is there as long as somebody uses it or its changes wait in the backlog.

    Attributes:
        backlog: what waits for storage.
        seal_keys: the app's secrets, as given.
    """

    def __init__(  # noqa: PLR0913 - all but the first are given by name
        self,
        storage: Storage,
        *,
        keep_seconds: int,
        max_waiting_visitors: int = 10_000,
        max_waiting_changes: int = 100,
        max_waiting_bytes: int = 33_554_432,
        max_kept_bytes: int = MAX_BYTES,
        seal_keys: Sequence[str] = (),
        backlog: type[Backlog] = Backlog,
    ) -> None:
        """Take the storage and what may wait for it.

        Args:
            keep_seconds: how long storage keeps a document after the last visit; the same as the storage was given.
            max_waiting_visitors: how many visitors' changes may wait while storage is away.
            max_waiting_changes: how many changes may wait in one document.
            max_waiting_bytes: how many bytes may wait while storage is away: of each document that waits, its stored
                form and its changes.
            max_kept_bytes: how many bytes all kept values of a visitor may take together. An app that keeps little says
                so, and nobody can fill its storage with more.
            seal_keys: secrets of the app, the newest first, by which documents of people who log in are sealed. Those
                of browsers need none.
            backlog: a test may give one that has no thread.
        """
        self.backlog = backlog(
            storage,
            max_visitors=max_waiting_visitors,
            max_changes=max_waiting_changes,
            max_bytes=max_waiting_bytes,
        )
        self._own_kinds: Mapping[str, Document[Any, Any]] = {VALUES.name: values_document(max_kept_bytes)}
        self._storage = storage
        self._keep_seconds = keep_seconds
        self.seal_keys = tuple(seal_keys)
        self._documents: MutableMapping[tuple[str, str], Held[Any, Any]] = WeakValueDictionary()
        self._lock = threading.Lock()

    def hold(self, owner: Owner | str, kind: Document[T, C]) -> Held[T, C]:
        """Return an owner's document, the same object to all who ask. Whoever begins a visit loads it.

        This asks storage nothing.

        Args:
            owner: by key alone where nothing is to be sealed.
        """
        owner = _owner(owner)
        with self._lock:
            held = self._documents.get((owner.key, kind.name))
            if held is None:
                kind = self._own_kinds.get(kind.name, kind)  # with the bounds of this keeper
                held = Held(sealed(kind, owner), self._storage, owner, self.backlog, self._keep_seconds)
                self._documents[owner.key, kind.name] = held
            return held

    def forget(self, owner: Owner | str) -> None:
        """Delete every document of a visitor, here and in storage. One round trip.

        Nothing that waited comes back, also not from another process. While storage is away the wish waits in the
        backlog, and nothing of the visitor is read until it is carried out; what is done meanwhile is kept.
        """
        owner = _owner(owner)
        keys = [of.key for of in (owner, *owner.former)]
        with self._lock:
            documents = [held for (of, _), held in self._documents.items() if of == owner.key]
        for key in keys:
            self.backlog.wish(key)
        for held in documents:
            held.forget()
        if not (self.backlog.available and all(map(self.backlog.settle, keys))):
            self.backlog.watch()

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


def _owner(owner: Owner | str) -> Owner:
    return Owner(owner) if isinstance(owner, str) else owner
