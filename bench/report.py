"""How benchmarks print what they measured, and judge it."""

from __future__ import annotations

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
    """A number that may be at most so large."""

    name: str
    measured: float
    at_most: float

    @property
    def met(self) -> bool:
        """Whether it is not larger."""
        return self.measured <= self.at_most


def judge(targets: Sequence[Target]) -> int:
    """Print each target beside what was measured; return the exit status, 1 where one was missed."""
    rows = [(target.name, f"{target.measured:.2f}", f"{target.at_most:.2f}", _word(target)) for target in targets]
    print_table("Targets", ("", "measured", "at most", ""), rows)
    return 0 if all(target.met for target in targets) else 1


def _word(target: Target) -> str:
    return "met" if target.met else "MISSED"
