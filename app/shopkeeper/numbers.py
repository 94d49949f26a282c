"""Numbers that are typed as arguments."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable


def number_from(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number between two limits, both allowed, for argparse."""

    def read(text: str) -> int:
        is_one = text.isascii() and text.isdigit() and len(text) <= len(str(most))
        if not is_one or not least <= int(text) <= most:
            raise ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return read
