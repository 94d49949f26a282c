"""The keeper has the documents of one process's visitors.

    keeper = Keeper(open_storage(url), keep_seconds=…)     # one a process
    cart = keeper.hold(visitor_key, CART)                  # the same object in every tab of the visitor

While storage is away changes wait in the memory of this process (`keepcart.documents.backlog`). Another process does
not show them, and a process that is killed loses them.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import msgspec

from keepcart.backends import Corrupt, Record, Storage, Unavailable
from keepcart.documents.backlog import Backlog, Full
from keepcart.documents.document import Document, FromNewerRelease, Unreadable
from keepcart.documents.held import Held
from keepcart.documents.owner import Owner
from keepcart.documents.seal import Seal
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
            max_waiting_visitors: how many visitors' changes may wait while storage is away, and how many visitors may
                wait to be forgotten.
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
                held = Held(kind, self._storage, owner, self.backlog, self._keep_seconds)
                self._documents[owner.key, kind.name] = held
            return held

    def stored(self, owner: Owner | str, *, also: Collection[str] = (VALUES.name,)) -> Mapping[str, Any]:
        """Return everything that storage has of an owner, by name, as JSON has it: also what this process never read.

        What cannot be read is there as text. One round trip a key of the owner; nothing is renewed. What waits for
        storage is not there.

        Args:
            also: the names of documents that a release without an index may have stored.

        Raises:
            Unavailable: storage is away.
        """
        owner = _owner(owner)
        if not self.backlog.reachable:
            self.backlog.check()
        found: dict[str, Any] = {}
        try:
            for of in (*reversed(owner.former), owner):
                if self.backlog.settle(of.key):  # what is to be forgotten is not read
                    stored = self._storage.documents(of.key, also=also)
                    found |= {
                        name: _readable(raw, Seal(of, name.removesuffix(".corrupt"))) for name, raw in stored.items()
                    }
        except Unavailable as error:
            self.backlog.read_failed(error)
            raise
        return found

    def forget(self, owner: Owner | str, *, for_good: bool = False) -> bool:
        """Delete every document of an owner, here and in storage; return whether storage has done it. One round trip.

        Nothing that waited comes back, also not from another process. While storage is away the wish waits in the
        backlog, and nothing of the visitor is read until it is carried out; what is done meanwhile is kept.

        Args:
            for_good: the visitor does not come back under this name: storage refuses all later changes. While it is
                away, and the wishes of as many visitors wait as may, the caller must ask again.

        Raises:
            Full: storage is away, and the wishes of as many visitors wait as may; not with `for_good`. Nothing is
                forgotten.
        """
        owner = _owner(owner)
        keys = [of.key for of in (owner, *owner.former)]
        with self._lock:
            documents = [held for (of, _), held in self._documents.items() if of == owner.key]
        noted = self.backlog.wish(keys, for_good=for_good)
        if not (noted or for_good):
            raise Full
        for held in documents:
            held.forget(for_good=for_good)
        if noted and self.backlog.available:
            return all(map(self.backlog.settle, keys))
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


def _owner(owner: Owner | str) -> Owner:
    return Owner(owner) if isinstance(owner, str) else owner


def _readable(raw: bytes | None, seal: Seal) -> Any:
    """Return the content of a document as JSON has it; as text where it is no record, or holds no JSON."""
    if raw is None:
        return "(a value that has no bytes)"
    try:
        body = Record.decode(raw).body
    except Corrupt:
        body = raw
    try:
        return msgspec.json.decode(seal.open(body))
    except (msgspec.MsgspecError, RecursionError, Unreadable, FromNewerRelease):
        return body.decode("utf-8", "replace")
