"""What the shop tells the shopper after an act.

A quick click can interrupt the run before it, so a notice waits until a complete run has shown it. Acts that follow
each other quickly are summed up: ten quick adds give one notice of ten, not ten notices of one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

BURST_SECONDS = 3.0
"""Acts with shorter pauses between them belong together."""


@dataclass(slots=True)
class Notices:
    """The notices of one visit: those of the newest burst of acts.

    Attributes:
        number: counts the acts, so that two notices with the same words can be told apart.
    """

    number: int = 0
    _added: dict[str, int] = field(default_factory=dict)
    _said: list[str] = field(default_factory=list)
    _warned: list[str] = field(default_factory=list)
    _last_act: float = 0.0
    _shown: bool = False

    def added(self, name: str, quantity: int) -> None:
        """Say that pieces of a product were added to the cart."""
        self._begin_act()
        self._added[name] = self._added.get(name, 0) + quantity

    def say(self, text: str) -> None:
        """Say what another act did."""
        self._begin_act()
        self._said.append(text)

    def say_once(self, text: str) -> None:
        """Say what happened, unless it is being said already."""
        if text not in self._said:
            self.say(text)

    def warn(self, text: str) -> None:
        """Say that an act was not done, and why."""
        self._begin_act()
        if text not in self._warned:
            self._warned.append(text)

    def done(self) -> list[str]:
        """Return what was done, as sentences."""
        return [*([_sum_up(self._added)] if self._added else []), *self._said[-3:]]

    def warnings(self) -> list[str]:
        """Return what was not done, as sentences."""
        return list(self._warned)

    def shown(self) -> None:
        """Note that a complete run has shown everything."""
        self._shown = True

    def dismiss(self) -> None:
        """Remove what a complete run has shown."""
        if self._shown:
            self.clear()

    def clear(self) -> None:
        """Remove everything."""
        self._added.clear()
        self._said.clear()
        self._warned.clear()

    def _begin_act(self) -> None:
        now = time.monotonic()
        if self._shown and now - self._last_act > BURST_SECONDS:
            self.clear()
        self._last_act, self._shown = now, False
        self.number += 1


def _sum_up(added: dict[str, int]) -> str:
    if len(added) == 1:
        ((name, quantity),) = added.items()
        return f"Added {quantity} × {name} to cart"
    return f"Added {sum(added.values())} items to cart"
