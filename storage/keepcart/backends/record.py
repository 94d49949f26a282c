"""What is stored of a document: its version, who changed it last, and its body."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from keepcart.backends.errors import Corrupt

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-"
ORIGIN_LENGTH, COUNTER_LENGTH = 6, 5
STAMP_LENGTH = ORIGIN_LENGTH + COUNTER_LENGTH
MAX_WRITERS = 16


def new_origin() -> str:
    """Return 6 random characters (36 bits), the part of a stamp that identifies its maker."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ORIGIN_LENGTH))


def stamp(origin: str, count: int) -> str:
    """Return an 11 character stamp: the origin and a count in 5 digits of base 64.

    Tokens and marks are both stamps. The count wraps after 64**5, about 1.07 * 10**9.
    """
    digits = ""
    for _ in range(COUNTER_LENGTH):
        count, digit = divmod(count, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return origin + digits


def _following(token: str) -> str:
    """Return the stamp that counts one more."""
    last = ALPHABET.index(token[-1])
    if last < len(ALPHABET) - 1:  # no carry in 63 of 64 cases, and every save calls this
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
        """Return the record of a stored form.

        Raises:
            Corrupt: it is not a record.
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


def version(raw: object) -> Record | Corrupt | None:
    """Return what a stored form holds: None for nothing, `Corrupt` for what is no record, with bytes or without."""
    if raw is None:
        return None
    if not isinstance(raw, bytes):
        return Corrupt(None)
    try:
        return Record.decode(raw)
    except Corrupt as found:
        return found


def existing(found: Record | Corrupt | None) -> Record | None:
    """Return a version, or raise what was found instead of one."""
    if isinstance(found, Corrupt):
        raise found
    return found


_DIGITS = frozenset(ALPHABET)
