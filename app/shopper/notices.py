"""What the shop tells the shopper after an act: one sentence for each thing, its newest state and not its history.

A quick click can interrupt the run before it, so a notice waits until a complete run has shown it. Acts that follow
each other quickly are summed up: ten quick adds give one notice of ten, not ten notices of one.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from secrets import randbits

BURST_SECONDS = 3.0
"""Acts with shorter pauses between them belong together."""


@dataclass(slots=True)
class Notices:
    """The notices of one visit: those of the newest burst of acts.

    What is said is about a product, by its name, or about the cart as a whole. A new sentence about a product replaces
    the one before, a new one about the cart replaces those about every product.

    Attributes:
        number: counts the acts, so that two notices with the same words can be told apart. It begins anywhere, so that
            a page whose server was restarted can tell them apart, too.
    """

    number: int = field(default_factory=lambda: randbits(32))
    _added: dict[str, int] = field(default_factory=dict)
    _said: dict[str, str] = field(default_factory=dict)
    _aside: list[str] = field(default_factory=list)
    _warned: dict[str, str] = field(default_factory=dict)
    _is_of_cart: bool = True
    _last_act: float = 0.0
    _shown: bool = False

    @property
    def is_of_cart(self) -> bool:
        """Whether the newest act was one on the cart, which a shopper may want to see."""
        return self._is_of_cart

    def added(self, name: str, quantity: int) -> None:
        """Say that pieces of a product were added to the cart."""
        self._begin_act()
        self._is_of_cart = True
        self._forget(name)
        self._added[name] = self._added.get(name, 0) + quantity

    def say(self, text: str, *, about: str = "", of_cart: bool = True) -> None:
        """Say what another act did: to a product, or to the whole cart; or to what lies beside the cart."""
        self._begin_act()
        self._is_of_cart = of_cart
        if about:
            self._forget(about)
            self._added.pop(about, None)
        else:
            self._added.clear()
            self._said.clear()
            self._warned.clear()
        self._said[about] = text

    def say_once(self, text: str) -> None:
        """Say besides what happened elsewhere, unless it is being said already."""
        if text not in self._aside:
            self._begin_act()
            self._aside.append(text)

    def warn(self, text: str, *, about: str = "") -> None:
        """Say that an act was not done, and why."""
        self._begin_act()
        self._warned[about] = text

    def done(self) -> list[str]:
        """Return what was done, as sentences."""
        added = [_sum_up(self._added)] if self._added else []
        return [*added, *list(self._said.values())[-3:], *self._aside]

    def warnings(self) -> list[str]:
        """Return what was not done, as sentences."""
        return list(dict.fromkeys(self._warned.values()))

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
        self._aside.clear()
        self._warned.clear()

    def _forget(self, name: str) -> None:
        """Drop what was said about a product, and about the whole cart, which is no longer so."""
        for about in (name, ""):
            self._said.pop(about, None)
        self._warned.pop(name, None)

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
