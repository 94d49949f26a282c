"""The errors of this package. No exception of a Redis client or of SQLite leaves it."""

from __future__ import annotations

from typing import Final


class StorageError(Exception):
    """What every error of a storage is, apart from `ValueError` for an argument that cannot be used."""


REFUSED_LOGIN: Final = "it refused the user or password"
NO_SUCH_DATABASE: Final = "it has no database of this number"
"""Reasons of `Unavailable` that a wrong storage URL has, and not a server that is away."""


class Unavailable(StorageError):
    """Storage did not answer, or it refused. A save that was under way may or may not have happened.

    Attributes:
        address: the storage's URL without user and password.
        reason: why, in words that hold no secret and no owner.
        answered: storage refused explicitly: it is read-only or full, for example, and may well answer reads.
    """

    def __init__(self, address: str, reason: str, *, answered: bool = False) -> None:
        super().__init__(f"storage at {address} is unavailable: {reason}")
        self.address = address
        self.reason = reason
        self.answered = answered


class Corrupt(StorageError):
    """What is stored is not a record.

    Attributes:
        raw: what was found; None where it has no bytes (a Redis key of another type, say).
    """

    def __init__(self, raw: bytes | None) -> None:
        super().__init__("the stored value is not a record")
        self.raw = raw


class Conflict(StorageError):
    """Given up after many tries, because other writers were always faster. Nothing was saved."""

    def __init__(self, name: str, tries: int) -> None:
        super().__init__(f"the document {name!r} was changed by others in each of {tries} tries")
        self.name = name
        self.tries = tries


class Forgotten(StorageError):
    """The change is older than the moment at which its owner was forgotten. Nothing was saved; do not try again.

    Attributes:
        name: the document's.
        for_good: the owner was forgotten for good: every later change is refused as well.
    """

    def __init__(self, name: str, *, for_good: bool = False) -> None:
        why = "for an owner who was forgotten for good" if for_good else "before its owner was forgotten"
        super().__init__(f"a change of the document {name!r} was made {why}")
        self.name = name
        self.for_good = for_good
