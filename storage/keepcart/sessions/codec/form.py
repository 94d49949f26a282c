"""What a form is: how values of one kind are stored that msgpack does not know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class Unkeepable(ValueError):
    """A value cannot be kept. The message says which part of it, and why."""


class Unreadable(ValueError):
    """Stored bytes are no value that this app can make. The message says why."""


@dataclass(frozen=True, slots=True)
class Form:
    """How values of one kind are stored.

    Attributes:
        code: the number of msgpack's extension type, 0 to 127. It is stored, so it never gets another meaning.
        parts: returns what a value consists of, which is stored in turn. It may raise Unkeepable.
        made: returns the value that these parts make.
        kinds: the exact types that have this form.
    """

    code: int
    parts: Callable[[Any], Any]
    made: Callable[[Any], Any]
    kinds: tuple[type, ...] = ()
