"""The kept values of one visit, lent to its script: what a run changes in place is found out when it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from keepcart.documents import Held, Kept, Locked, Refused, Settle, Values, ValuesChange, Write, brought_of

V = TypeVar("V")

_UNCHANGING = (int, float, str, bytes, bool, type(None))


@dataclass(frozen=True, slots=True)
class _Lent:
    """A value in the hands of the script: as it was stored, as it was handed out, and how that would be stored."""

    kept: Kept[Any]
    stored: bytes | None
    value: Any
    as_lent: bytes | None


class LentValues:
    """The kept values of one visit."""

    def __init__(self, hold: Callable[[], Held[Values, ValuesChange]]) -> None:
        """Take what returns their document. It is called at the first use: a script may have no kept values."""
        self._hold = hold
        self._lent: dict[str, _Lent] = {}
        self._showed: dict[str, bytes | None] = {}  # stored forms as this tab's widgets show them

    def get(self, kept: Kept[V]) -> V:
        """Return a value; see `Visit.get`."""
        value: V = self._lend(kept).value
        return value

    def put(self, kept: Kept[V], value: V) -> None:
        """Keep a value; see `Visit.put`."""
        self._write(kept, self._lend(kept).stored, kept.to_store(value))

    def show(self, kept: Kept[V]) -> V:
        """Return a value for a widget, and remember that this tab shows it."""
        lent = self._lend(kept)
        self._showed[kept.name] = lent.stored
        value: V = lent.value
        return value

    def edit(self, kept: Kept[V], value: V) -> None:
        """Keep a widget's content: an edit of what this tab shows, whatever other tabs of the process have done."""
        stored = kept.to_store(value)
        self._write(kept, self._showed[kept.name], stored)
        self._showed[kept.name] = stored

    def take_back(self) -> None:
        """Keep what was changed in place, and forget what was lent; raises the first problem, keeps the others."""
        lent, self._lent = self._lent, {}
        problems = []
        for one in lent.values():
            if isinstance(one.value, _UNCHANGING):
                continue
            try:
                stored = one.kept.to_store(one.value)
                if stored != one.as_lent:
                    self._write(one.kept, one.stored, stored)
            except (TypeError, Refused, Locked) as problem:
                problems.append(problem)
        if problems:
            raise problems[0]

    def forget(self) -> None:
        """Let go of what was lent: what the script still changes in it is not kept."""
        self._lent.clear()
        self._showed.clear()

    def _lend(self, kept: Kept[Any]) -> _Lent:
        lent = self._lent.get(kept.name)
        if lent is None:
            stored = self._stored(kept)
            value = kept.decode(stored)
            as_lent = None if isinstance(value, _UNCHANGING) else kept.to_store(value)
            lent = self._lent[kept.name] = _Lent(kept, stored, value, as_lent)
        elif not lent.kept.is_like(kept):
            raise ValueError(f"two kept values are named {kept.name!r}")
        return lent

    def _stored(self, kept: Kept[Any]) -> bytes | None:
        """Return what is stored for a value, with what a login brought merged in."""
        document = self._hold()
        if brought_of(kept, document.value):
            document.change(Settle(kept), later=True)
        return document.value.get(kept.name)

    def _write(self, kept: Kept[Any], seen: bytes | None, stored: bytes | None) -> None:
        document = self._hold()
        if kept.is_newer(document.value.get(kept.name)):
            raise Locked
        if stored != seen:
            document.change({kept.name: Write(kept, seen, stored)}, later=True)
        self._lent.pop(kept.name, None)
