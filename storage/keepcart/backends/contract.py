"""The contract of every storage.

A storage keeps *documents*: named byte strings of an *owner*. It does not look inside them. Every stored version of a
document has a *token* that no other version has, so a writer can say which version it replaces. It also carries the
*marks* of the last changes, so a change whose reply was lost can be sent again without happening twice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from keepcart.backends.errors import Corrupt
from keepcart.backends.record import Record


class Outcome(NamedTuple):
    """What `Storage.save` did: whether it saved, and what is stored now (None: nothing)."""

    saved: bool
    record: Record | None


class Storage(Protocol):
    """Keeps documents by owner and name until they expire.

    An owner and a name are 1 to 64 characters of letters, digits, `-`, `_` and `.`; others are a ValueError. A document
    expires as a whole, `keep_seconds` after it was last saved or loaded with `renew`. An expired document is a missing
    one. Methods may be called from any thread. Every method but `close` may raise `Unavailable`, soon: after about half
    a second, at most a few seconds. No method hangs.
    """

    def load(self, owner: str, name: str, *, renew: bool = False) -> Record | None:
        """Return the stored version; None where there is none. One round trip.

        The version is at least as new as every save that was acknowledged before the call.

        Args:
            renew: start the document's expiry anew. Where storage answers reads but refuses writes, the version is
                returned all the same, not renewed.

        Raises:
            Corrupt: what is stored is not a record. It is left as it was.
        """

    def load_together(
        self, owner: str, names: Sequence[str], *, renew: bool = False
    ) -> Sequence[Record | Corrupt | None]:
        """Return the stored versions of several documents of an owner, in the order of their names. One round trip.

        Each is what `load` would return, or the `Corrupt` that it would raise: one that cannot be used hides no other.
        Only while a cluster moves the owner's documents, or refuses scripts, does it take a round trip for each.

        Args:
            renew: as of `load`.
        """

    def save(self, owner: str, name: str, record: Record, *, replaces: str | None, age: float = 0.0) -> Outcome:
        """Store a version if, and only if, the stored token is still `replaces` (None: if nothing is stored).

        The comparison and the write are one act: of several writers who replace the same version, exactly one saves.
        A save starts the expiry anew. A save that loses changes nothing, and its outcome carries what is stored now,
        so a retry needs no load. One round trip. After `Unavailable` the save may or may not have happened: load the
        document, or send the save again, and look for the mark, as `update` does.

        Args:
            age: how many seconds ago the newest change in the record was made, by the caller's monotonic clock. It is
                a duration so that the clocks of machines need not agree. The way to storage is not part of it, so a
                change counts as younger by the time that its save is under way, usually a millisecond.

        Raises:
            Corrupt: what is stored is not a record. It is left as it was.
            Forgotten: the change was made before the owner was forgotten. Nothing is stored.
        """

    def documents(self, owner: str, *, also: Collection[str] = ()) -> Mapping[str, bytes | None]:
        """Return everything that is stored for an owner, by name, those that were set aside included. One round trip.

        Each is as it is stored: a record's `encode()`, or what cannot be read as one; None for a value that has no
        bytes. Nothing is renewed.

        Args:
            also: names under which a release that wrote no index may have stored something.
        """

    def forget(self, owner: str, *, age: float = 0.0, for_good: bool = False) -> None:
        """Delete every document of an owner, those that were set aside included. One act, one round trip.

        From then on `save` refuses changes that were made before, so that nothing that waited elsewhere comes back.
        The time of the last forget is kept for `keep_seconds`, by the storage's own clock. Forgetting an owner of whom
        nothing is stored deletes nothing and refuses older changes all the same. After `Unavailable` it may or may not
        have happened: repeat it.

        Args:
            age: how many seconds ago forgetting was asked for; the request may have waited for storage. Changes made
                since are not refused.
            for_good: nobody will come back under this name, so changes made from now on are refused as well, for
                `keep_seconds`. Forgetting again without it does not take it back.
        """

    def set_aside(self, owner: str, name: str, raw: bytes | None) -> bool:
        """Move a document that cannot be used to the name `<name>.corrupt`, with its expiry, over an older one there.

        It is moved only if what is stored is still exactly `raw`: `Corrupt.raw`; for a record its `encode()`; None for
        a value that has no bytes. Returns whether it was moved. Moving a missing document is a no-op.
        """

    def ping(self) -> None:
        """Return when storage answers."""

    def close(self) -> None:
        """Release connections and files. Calling it twice is a no-op."""


def check_names(owner: str, name: str) -> None:
    """Raise ValueError unless both are 1 to 64 characters of letters, digits, `-`, `_` and `.`."""
    if not _NAMES.fullmatch(f"{owner}/{name}"):
        raise ValueError("an owner and a document's name are 1 to 64 characters of letters, digits, '-', '_' and '.'")


def check_owner(owner: str) -> None:
    """Raise ValueError unless the owner is 1 to 64 characters of letters, digits, `-`, `_` and `.`."""
    check_names(owner, "-")


FOR_GOOD: Final = 1e12
"""The time of a forget that is for good, in seconds since 1970: a storage refuses changes made before."""

_NAMES = re.compile(r"[\w.-]{1,64}/[\w.-]{1,64}", re.ASCII)
