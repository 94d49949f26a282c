"""How benchmarks print what they measured, and judge it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


def print_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows below their heads, the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    print(f"\n{title}\n")
    for cells in (heads, ["-" * width for width in widths], *rows):
        first, *others = zip(cells, widths, strict=True)
        print("  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip())


@dataclass(frozen=True, slots=True)
class Target:
    """A number that may be at most so large, or must be at least so large; both say that it is to be exact."""

    name: str
    measured: float
    at_most: float = math.inf
    at_least: float = -math.inf

    @property
    def met(self) -> bool:
        """Whether it lies between its bounds."""
        return self.at_least <= self.measured <= self.at_most

    @property
    def bound(self) -> str:
        """The bounds in words."""
        if self.at_least == self.at_most:
            return f"{self.at_most:g}"
        return f"<= {self.at_most:g}" if self.at_most < math.inf else f">= {self.at_least:g}"


def judge(targets: Sequence[Target]) -> int:
    """Print each target beside what was measured; return the exit status, 1 where one was missed."""
    rows = [
        (target.name, f"{target.measured:,.2f}".removesuffix(".00"), target.bound, "met" if target.met else "MISSED")
        for target in targets
    ]
    print_table("Targets", ("", "measured", "target", ""), rows)
    return 0 if all(target.met for target in targets) else 1


def print_page_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows as a page of the documentation has them."""
    print()
    for cells in (heads, ["---"] * len(heads), *rows):
        print(f"| {' | '.join(cells)} |".replace("|  |", "| |"))
