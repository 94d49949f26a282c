"""What the commands print: lines without control characters, failures, counts, a progress bar for long files."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Iterator
from typing import TypeVar

LARGE = 20_000
"""Lines. Reading a file of this size takes so long that a person wants to see progress."""

BAR = 40
"""Characters of the progress bar."""

T = TypeVar("T")


def say(*lines: str) -> None:
    """Print lines on standard output. What a file holds may stand in them: a terminal obeys none of it."""
    for line in lines:
        print(printable(line))


def fail(problem: str) -> int:
    """Print a problem on standard error; return the exit status of a failed command."""
    print(f"keepcart: {printable(problem)}", file=sys.stderr)
    return 1


def printable(text: str) -> str:
    """Return a text whose control characters, line breaks and marks of no width are written out, as in a literal."""
    return text if text.isprintable() else "".join(map(_printable, text))


def _printable(letter: str) -> str:
    # Python takes wide and unbreakable spaces for unprintable, but some locales write amounts with them.
    is_shown = letter.isprintable() or unicodedata.category(letter) == "Zs"
    return letter if is_shown else letter.encode("unicode_escape").decode("ascii")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 row`, `2,000 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def with_progress(rows: Iterable[tuple[int, T]], lines: int) -> Iterator[tuple[int, T]]:
    """Pass on the rows of a file. For a large file, show a progress bar if standard error is a terminal.

    Args:
        rows: each with its number.
        lines: how many lines the file has, at least as many as rows.
    """
    if lines < LARGE or not sys.stderr.isatty():
        yield from rows
        return
    for count, row in enumerate(rows):
        if count % 1_000 == 0:
            done = row[0] / lines
            print(f"\r[{'#' * int(done * BAR):<{BAR}}] {done:4.0%}", end="", file=sys.stderr, flush=True)
        yield row
    print(f"\r{'':<{BAR + 7}}\r", end="", file=sys.stderr, flush=True)
