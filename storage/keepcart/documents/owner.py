"""Whose documents: a visitor or a person, by the key that storage sees."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns documents.

    Attributes:
        key: what storage knows them by: 1 to 64 characters of letters, digits, `-`, `_` and `.`.
        secret: what the key of the seal is made from; storage never sees it. None: nothing of theirs is sealed.
        former: the same person under secrets of before, the newest first. What is missing under `key` is read there,
            and kept under `key` from its next save on.
    """

    key: str
    secret: bytes | None = field(default=None, repr=False)
    former: tuple[Owner, ...] = ()
