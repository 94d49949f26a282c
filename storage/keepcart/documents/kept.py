"""The definition of a kept value: a named value of a visitor, typed, with a default.

    COUNT = Kept("count", int, default=0, merge=lambda base, mine, theirs: theirs + mine - base)

    visit.put(COUNT, visit.get(COUNT) + 1)

The stored form of a value is `[schema, value]`, such as `[1,3]`. A value that equals its default is not stored.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import GenericAlias
from typing import Any, Final, Generic, TypeVar

import msgspec

from keepcart.documents.document import Refused

log = logging.getLogger(__name__)

V = TypeVar("V")

MAX_VALUE_BYTES: Final = 65_536
"""Of one value's stored form."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class TooLarge(Refused):
    """A value, or all of a visitor's together, would exceed a bound. Nothing was changed.

    The message is for the visitor. The developer finds the attributes in the log and as a note in the traceback.

    Attributes:
        values: the names of the values that were to be written.
        size: what would have been stored.
        bound: how much may be.
        unit: of what: "bytes", or "values" of one visitor.
    """

    def __init__(self, message: str, values: tuple[str, ...], *, size: int, bound: int, unit: str) -> None:
        super().__init__(message)
        self.values, self.size, self.bound, self.unit = values, size, bound, unit
        self.add_note(f"kept value {', '.join(values)}: {size:,} {unit}; the bound is {bound:,}")


def too_large(message: str, values: tuple[str, ...], *, size: int, bound: int, unit: str = "bytes") -> TooLarge:
    """Return the refusal, once the log has it for the developer."""
    facts = {"value": ", ".join(values), "size": size, "bound": bound, "unit": unit}
    log.warning("kept value too large", extra=facts)
    return TooLarge(message, values, size=size, bound=bound, unit=unit)


@dataclass(frozen=True, slots=True, eq=False)
class Kept(Generic[V]):
    """The definition of a kept value; made once, at module level.

        TOWN = Kept("town", str, default="")
        STAY = Kept("stay", Stay, default=Stay(), schema=2, upgrade={1: lambda days: Stay(days)})

    Attributes:
        name: 1 to 64 characters of `a-z 0-9 . _ -`, beginning with a letter or digit; unlike every other value's.
        type: anything that msgspec can encode as JSON: numbers, text, dates, lists, dataclasses, Structs …
        default: what a visitor has who has never changed the value. It is not stored.
        schema: the number of the type, from 1. Count it up when stored values of the older type cannot be read as the
            new one.
        upgrade: for each older schema a function from its value (as JSON has it: a dict for a dataclass) to this one's.
        merge: what to keep where two tabs changed the value at once: from the value that both began with, this tab's
            and the other's. Without it the tab that is saved later wins.

    Raises:
        ValueError: the name cannot be used, or the default is too large or not of the type.
    """

    name: str
    type: Any
    default: V
    schema: int = 1
    upgrade: Mapping[int, Callable[[Any], V]] = field(default_factory=dict)
    merge: Callable[[V, V, V], V] | None = None
    _decoder: msgspec.json.Decoder[Any] = field(init=False, repr=False)
    _default_bytes: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Check the definition, so that a wrong one is found when its module is imported."""
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"kept value {self.name!r}: a name is 1 to 64 of a-z, 0-9, '.', '_', '-'")
        object.__setattr__(self, "_decoder", msgspec.json.Decoder(GenericAlias(tuple, (int, self.type))))
        try:
            object.__setattr__(self, "_default_bytes", self._encode(self.default))
        except (TypeError, ValueError) as problem:
            raise ValueError(f"the default of {problem}") from None
        if len(self._default_bytes) > MAX_VALUE_BYTES:
            raise ValueError(f"kept value {self.name!r}: the default takes more than {MAX_VALUE_BYTES:,} bytes")

    def encode(self, value: V) -> bytes:
        """Return a value's stored form.

        Raises:
            TypeError: it is not of the value's type.
            TooLarge: it takes more than 65,536 bytes.
        """
        stored = self._encode(value)
        if len(stored) > MAX_VALUE_BYTES:
            message = "This is too long to be kept. What was kept before stays."
            raise too_large(message, (self.name,), size=len(stored), bound=MAX_VALUE_BYTES)
        return stored

    def decode(self, stored: bytes | None) -> V:
        """Read a stored value; the default where none is stored, or where it cannot be read, which the log says.

        A value of a newer release also reads as the default. Each call returns a value of its own, so the caller may
        change it.
        """
        try:
            return self._read(stored)
        except Exception as problem:  # noqa: BLE001 - upgrade is the developer's
            log.warning("kept value unreadable", extra={"value": self.name, "problem": type(problem).__name__})
            return self._read(None)

    def is_readable(self, stored: bytes | None) -> bool:
        """Tell whether a stored value can be read as the type, or is known to be a newer release's."""
        try:
            self._read(stored)
        except Exception:  # noqa: BLE001 - upgrade is the developer's
            return False
        return True

    def is_newer(self, stored: bytes | None) -> bool:
        """Tell whether a newer release has written it; this one must not change it."""
        return stored is not None and schema_of(stored) > self.schema

    def to_store(self, value: V) -> bytes | None:
        """Return what is stored for a value: nothing where it equals the default. Raises as `encode`."""
        stored = self.encode(value)
        return None if stored == self._default_bytes else stored

    def is_like(self, other: Kept[Any]) -> bool:
        """Tell whether another definition is this one, made again by another run of the script that it stands in.

        A callback has the definition of the run that drew its widget; a later run may have been interrupted before.
        """
        return other is self or self._identity == other._identity

    def _encode(self, value: V) -> bytes:
        try:
            stored = msgspec.json.encode((self.schema, value))
            self._decoder.decode(stored)
        except (msgspec.MsgspecError, TypeError) as problem:
            wrong = f"{value!r:.80} is not of its type {self._type_name}"
            raise TypeError(f"kept value {self.name!r}: {wrong}: {problem}") from None
        return stored

    def _read(self, stored: bytes | None) -> V:
        if stored is None or self.is_newer(stored):
            stored = self._default_bytes
        if (schema := schema_of(stored)) < self.schema:
            upgraded = self.upgrade[schema](msgspec.json.decode(stored)[1])
            stored = msgspec.json.encode((self.schema, upgraded))
        value: V = self._decoder.decode(stored)[1]
        return value

    @property
    def _identity(self) -> tuple[object, ...]:
        return self.name, str(self.type), self.schema, self._default_bytes

    @property
    def _type_name(self) -> str:
        return self.type.__qualname__ if isinstance(self.type, type) else str(self.type)


def schema_of(stored: bytes) -> int:
    """Return the schema number of a stored value."""
    return int(stored[1 : stored.index(b",")])
