"""What the commands print: one-line failures, counts, and a progress bar for long files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

LARGE = 20_000
"""Lines. Reading a file of this size takes so long that a person wants to see progress."""

BAR = 40
"""Characters of the progress bar."""

T = TypeVar("T")


def fail(problem: str) -> int:
    """Print a problem on standard error; return the exit status of a failed command."""
    print(f"keepcart: {problem}", file=sys.stderr)
    return 1


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 row`, `2,000 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def with_progress(rows: Iterable[tuple[int, T]], lines: int) -> Iterator[tuple[int, T]]:
    """Pass on the rows of a file. For a large file, show a progress bar if standard error is a terminal.

    Args:
        rows: each with the number of its line.
        lines: how many lines the file has.
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
