"""What is known of a shopper, whoever has read it: the visit, or the first paint, which comes before any visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from app.domain.cart import Cart
from keepcart import Kept

V = TypeVar("V")


class Values(Protocol):
    """Gives kept values. A visit does."""

    def get(self, kept: Kept[V]) -> V:
        """Return a kept value, the default where the shopper has none."""


@dataclass(frozen=True, slots=True)
class StoredValues:
    """Kept values as they are stored, by name."""

    stored: Mapping[str, bytes] = field(default_factory=dict)

    def get(self, kept: Kept[V]) -> V:
        """Return a kept value, the default where the shopper has none."""
        return kept.decode(self.stored.get(kept.name))


@dataclass(frozen=True, slots=True)
class Known:
    """A shopper: the cart, the visitor key (empty in a browser that is new), and the kept values."""

    cart: Cart = field(default_factory=Cart)
    visitor: str = ""
    values: Values = field(default_factory=StoredValues)
