"""Classes of the gallery's apps, in a module of their own."""

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple


class Priority(Enum):
    LOW = 1
    HIGH = 2


@dataclass
class Task:
    title: str
    priority: Priority = Priority.LOW
    tags: set[str] = field(default_factory=set)


class Move(NamedTuple):
    player: str
    place: int


class Account:
    """An object with behaviour, as many apps keep one."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, int]] = []

    def add(self, what: str, amount: int) -> None:
        self.entries.append((what, amount))

    @property
    def balance(self) -> int:
        return sum(amount for _, amount in self.entries)
