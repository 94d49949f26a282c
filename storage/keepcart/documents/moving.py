"""Values that move from a browser to a person who has logged in: brought at once, merged one by one, never twice.

Two documents cannot be changed in one act, so each step can be repeated. `Bring` puts a browser's values beside the
person's own, under names that no definition has, and remembers the version that they came from: a second time it does
nothing. Then `Leave` takes them out of the browser's document. `Settle` merges one of them into the person's value. It
needs the definition, which only the script has, so it waits until the script uses the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from keepcart.documents.kept import Kept
from keepcart.documents.write import Write

_MARK: Final = "!"
"""Parts the names that no definition can have."""

_BROUGHT: Final = "!brought!"
_TAKEN: Final = "!taken"
_MOST_TAKEN: Final = 16
"""Versions remembered. Only the last one of each browser can come again."""

_taken = msgspec.json.Decoder(tuple[int, list[str]])


@dataclass(frozen=True, slots=True)
class Bring:
    """Put a browser's values beside the person's own.

    Attributes:
        brought: the browser's values, as stored.
        token: the version of the browser's document that held them.
    """

    brought: Mapping[str, bytes]
    token: str

    def apply(self, values: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """Return the person's values after it; as they are where this version was brought before."""
        taken = _taken.decode(values[_TAKEN])[1] if _TAKEN in values else []
        if self.token in taken:
            return values
        beside = {f"{name}{_BROUGHT}{self.token}": stored for name, stored in own_values(self.brought).items()}
        remembered = msgspec.json.encode((1, [*taken, self.token][-_MOST_TAKEN:]))
        return {**values, **beside, _TAKEN: remembered}


@dataclass(frozen=True, slots=True)
class Leave:
    """Take out of a browser's document what was brought; what was changed since stays."""

    brought: Mapping[str, bytes]

    def apply(self, values: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """Return the browser's values after it."""
        return {name: stored for name, stored in values.items() if self.brought.get(name) != stored}


@dataclass(frozen=True, slots=True)
class Settle:
    """Merge what was brought of one value into the person's own. Without a `merge` it takes the place of that."""

    kept: Kept[Any]

    def apply(self, values: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """Return the person's values after it; as they are where nothing is left to merge."""
        after = dict(values)
        for name in brought_of(self.kept, values):
            stored = Write(self.kept, None, after.pop(name)).met(after.pop(self.kept.name, None))
            if stored is not None:
                after[self.kept.name] = stored
        return after


def own_values(values: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return the values that a script has put, without what is kept beside them."""
    return {name: stored for name, stored in values.items() if _MARK not in name}


def brought_of(kept: Kept[Any], values: Mapping[str, bytes]) -> list[str]:
    """Return the names under which values stand that were brought and can be merged, the oldest first."""
    if _TAKEN not in values:
        return []  # at once: this is asked for every value in every run
    start = kept.name + _BROUGHT
    return [
        name
        for name, stored in values.items()
        if name.startswith(start) and kept.is_readable(stored) and not kept.is_newer(stored)
    ]
