"""A withdrawal: the buyer's declaration that they withdraw from the contract of an order (EU Directive 2023/2673)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from babel.dates import format_datetime

LONGEST_WHAT: Final = 2_000

ALL_OF_IT: Final = "All of it"
"""What is sent back where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was declared, and when it came in.

    Attributes:
        what: what is sent back, in the buyer's words; empty: all of it.
    """

    name: str
    email: str
    what: str
    at: datetime

    @property
    def lines(self) -> list[str]:
        """What is sent back, in lines that have something in them."""
        return [line.strip() for line in self.what.splitlines() if line.strip()] or [ALL_OF_IT]

    @property
    def received(self) -> str:
        """When it came in, to the second: `1 December 2026, 03:37:12 UTC`."""
        return format_datetime(self.at, "d MMMM y, HH:mm:ss 'UTC'", tzinfo=None, locale="en")


def written(text: str) -> str:
    """Return what somebody typed without signs that cannot be printed, except the ends of lines."""
    return "\n".join("".join(filter(str.isprintable, line)) for line in text.splitlines()).strip()
