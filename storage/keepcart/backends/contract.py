"""The contract that every storage keeps, its record and its errors.

A storage keeps *documents*: named byte strings of an *owner*. It knows no cart and no Streamlit; what is inside a
document is the caller's business. Every stored version of a document has a *token* that no other version ever has,
so a writer can say which version its change was made from; and it carries the *marks* of the last changes, so a
change whose reply was lost can be sent again without happening twice.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import NamedTuple, Protocol

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-"
ORIGIN_LENGTH, COUNTER_LENGTH = 6, 5
STAMP_LENGTH = ORIGIN_LENGTH + COUNTER_LENGTH
MAX_WRITERS = 16


def new_origin() -> str:
    """Return 6 random characters (36 bits): the part of a stamp that tells its maker from all others."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ORIGIN_LENGTH))


def stamp(origin: str, count: int) -> str:
    """Return an 11 character stamp: the origin and a count in 5 digits of base 64.

    Tokens and marks are both stamps. The count wraps after 64**5, about a thousand million.
    """
    digits = ""
    for _ in range(COUNTER_LENGTH):
        count, digit = divmod(count, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return origin + digits


def _following(token: str) -> str:
    """Return the stamp that counts one more."""
    last = ALPHABET.index(token[-1])
    if last < len(ALPHABET) - 1:  # 63 of 64 times nothing is carried, which every save is spared
        return token[:-1] + ALPHABET[last + 1]
    count = 0
    for digit in token[ORIGIN_LENGTH:]:
        count = count * len(ALPHABET) + ALPHABET.index(digit)
    return stamp(token[:ORIGIN_LENGTH], count + 1)


@dataclass(frozen=True, slots=True)
class Record:
    """One stored version of a document.

    Attributes:
        token: 11 characters that no other version of any document has, before or after.
        marks: the newest mark of each of the last 16 writers, oldest first, 11 characters each.
        body: the document itself.
    """

    token: str
    marks: tuple[str, ...]
    body: bytes

    @classmethod
    def after(cls, previous: Record | None, mark: str, body: bytes) -> Record:
        """Return the version that follows `previous` (None: nothing is stored) once the change with `mark` is made."""
        if previous is None:
            return cls(stamp(new_origin(), 0), (mark,), body)
        writer = mark[:ORIGIN_LENGTH]
        others = [kept for kept in previous.marks if not kept.startswith(writer)]
        return cls(_following(previous.token), (*others[1 - MAX_WRITERS :], mark), body)

    def encode(self) -> bytes:
        """Return the stored form: token and marks separated by spaces, a line feed, the body."""
        return " ".join((self.token, *self.marks)).encode("ascii") + b"\n" + self.body

    @classmethod
    def decode(cls, raw: bytes) -> Record:
        """Read the stored form back.

        Raises:
            Corrupt: it is no record.
        """
        head, line_feed, body = raw.partition(b"\n")
        try:
            token, *marks = head.decode("ascii").split(" ")
        except UnicodeDecodeError:
            raise Corrupt(raw) from None
        stamps_are_whole = all(len(part) == STAMP_LENGTH and set(part) <= _DIGITS for part in (token, *marks))
        if not line_feed or not stamps_are_whole:
            raise Corrupt(raw)
        return cls(token, tuple(marks), body)


_DIGITS = frozenset(ALPHABET)


def check_names(owner: str, name: str) -> None:
    """Raise ValueError unless both are 1 to 64 characters of letters, digits, `-`, `_` and `.`."""
    if not _NAMES.fullmatch(f"{owner}/{name}"):
        raise ValueError("an owner and a document's name are 1 to 64 characters of letters, digits, '-', '_' and '.'")


_NAMES = re.compile(r"[\w.-]{1,64}/[\w.-]{1,64}", re.ASCII)


class Outcome(NamedTuple):
    """What `Storage.save` did: whether it saved, and what is stored now (None: nothing)."""

    saved: bool
    record: Record | None


class Storage(Protocol):
    """Keeps documents by owner and name until they expire.

    Owner and name: 1 to 64 characters of letters, digits, `-`, `_` and `.`; others are a ValueError. A document
    expires as a whole, a fixed time after it was last saved or loaded with `renew`; an expired document is a missing
    one. Methods may be called from any thread. Every method but `close` may raise `Unavailable`, soon (about half a
    second, at most a few), never after hanging.
    """

    def load(self, owner: str, name: str, *, renew: bool = False) -> Record | None:
        """Return the stored version, or None where there is none.

        What it returns is at least as new as every save acknowledged before the call. With `renew` its expiry starts
        anew; where storage answers reads but refuses writes the version is returned all the same, not renewed.
        One round trip.

        Raises:
            Corrupt: what is stored is no record. It is left as it was.
        """

    def save(self, owner: str, name: str, record: Record, *, replaces: str | None) -> Outcome:
        """Store a version if, and only if, the stored token is still `replaces` (None: if nothing is stored).

        The comparison and the write are one act: of several writers who replace the same version exactly one saves.
        A save starts the expiry anew. Otherwise nothing changes and the outcome carries what is stored now, so that
        a retry needs no load. One round trip. After `Unavailable` it may or may not have been saved: load, or send
        it again and look for the mark, as `update` does.

        Raises:
            Corrupt: what is stored is no record. It is left as it was.
        """

    def set_aside(self, owner: str, name: str, raw: bytes | None) -> bool:
        """Move a document that cannot be used to the name `<name>.corrupt`, with its expiry, over an older one there.

        Only if what is stored is still exactly `raw` (`Corrupt.raw`; for a record, its `encode()`; None where the
        value is of a kind that has no bytes). Returns whether it was moved; moving a missing document is a no-op.
        """

    def ping(self) -> None:
        """Return when storage answers."""

    def close(self) -> None:
        """Release connections and files. Calling it twice is a no-op."""


class StorageError(Exception):
    """What storage raises; the only exceptions of storage that leave this package."""


class Unavailable(StorageError):
    """Storage did not answer, or refused. Nothing is known about a save that was under way.

    Attributes:
        answered: it refused in so many words: it is read-only or full, say, and may well answer reads.
    """

    def __init__(self, address: str, reason: str, *, answered: bool = False) -> None:
        super().__init__(f"storage at {address} is unavailable: {reason}")
        self.address = address
        self.reason = reason
        self.answered = answered


class Corrupt(StorageError):
    """What is stored is no record. `raw` is what was found, None where it has no bytes (a key of another type)."""

    def __init__(self, raw: bytes | None) -> None:
        super().__init__("the stored value is not a record")
        self.raw = raw


class Conflict(StorageError):
    """Given up after many tries because other writers were always faster. Nothing was saved."""

    def __init__(self, name: str, tries: int) -> None:
        super().__init__(f"the document {name!r} was changed by others in each of {tries} tries")
        self.name = name
        self.tries = tries
