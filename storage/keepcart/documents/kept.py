"""Kept values: any named value of a visitor, typed, with a default, that survives whatever the visit survives.

    COUNT = Kept("count", int, default=0, merge=lambda base, mine, theirs: theirs + mine - base)

    visit.put(COUNT, visit.get(COUNT) + 1)

All values of a visitor are one document, `kept`: one round trip reads them, one saves all that a run has changed. Its
stored form is `[1,{"count":[1,3],"town":[2,"Pune"]}]`: the document's schema, then each value with its own schema. A
value that equals its default is not stored.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import GenericAlias
from typing import Any, Final, Generic, TypeVar

import msgspec

from keepcart.documents.document import Document, Refused, read

log = logging.getLogger(__name__)

V = TypeVar("V")

MAX_VALUES: Final = 256
MAX_VALUE_BYTES: Final = 65_536
MAX_BYTES: Final = 262_144
"""Of all values of a visitor together. Streamlit's session and one Redis string carry more; a page load should not."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class TooLarge(Refused):
    """A value, or all of a visitor's together, would take more than the bounds allow. Nothing was changed."""


@dataclass(frozen=True, slots=True, eq=False)
class Kept(Generic[V]):
    """The definition of a kept value; made once, at module level.

        TOWN = Kept("town", str, default="")
        STAY = Kept("stay", Stay, default=Stay(), schema=2, upgrade={1: lambda days: Stay(days)})

    Attributes:
        name: 1 to 64 characters of `a-z 0-9 . _ -`, beginning with a letter or digit; unlike every other value's.
        type: what it is; anything that msgspec can encode as JSON: numbers, text, dates, lists, dataclasses, Structs …
        default: what a visitor has who has never changed it. It is not stored.
        schema: count it up when the type changes so that stored values of the older type cannot be read as this one.
        upgrade: by older schema number, from such a value (as JSON has it: a dict for a dataclass) to this one's.
        merge: what two tabs that changed the value at once end with: from the value both began with, this tab's and
            the other's to the one to keep. Without it the tab that is saved later wins.

    Raises:
        ValueError: the name is none, or the default is not of the type.
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
        """Check the definition: a wrong one is found when the module is imported, not when somebody shops."""
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"kept value {self.name!r}: a name is 1 to 64 of a-z, 0-9, '.', '_', '-'")
        object.__setattr__(self, "_decoder", msgspec.json.Decoder(GenericAlias(tuple, (int, self.type))))
        try:
            object.__setattr__(self, "_default_bytes", self.encode(self.default))
        except (TypeError, ValueError) as problem:
            raise ValueError(f"kept value {self.name!r}: its default: {problem}") from None

    def encode(self, value: V) -> bytes:
        """Return a value's stored form, `[schema, value]`.

        Raises:
            TypeError: it is not of the value's type.
            TooLarge: it takes more than 65,536 bytes.
        """
        try:
            stored = msgspec.json.encode((self.schema, value))
            self._decoder.decode(stored)
        except (msgspec.MsgspecError, TypeError) as problem:
            raise TypeError(f"kept value {self.name!r} is a {self.type}; {value!r:.80} is none: {problem}") from None
        if len(stored) > MAX_VALUE_BYTES:
            raise TooLarge(
                f"kept value {self.name!r} would take {len(stored):,} bytes; a value may take {MAX_VALUE_BYTES:,}. "
                "It was left as it was."
            )
        return stored

    def decode(self, stored: bytes | None) -> V:
        """Read a stored value; the default where none is stored, or where it cannot be read, which the log says.

        Each call returns a value of its own, so the caller may change it.
        """
        value: V
        if stored is not None:
            try:
                schema = schema_of(stored)
                if schema == self.schema:
                    value = self._decoder.decode(stored)[1]
                    return value
                if schema < self.schema:
                    return self.upgrade[schema](msgspec.json.decode(stored)[1])
            except Exception as problem:  # noqa: BLE001 - upgrade is the developer's
                log.warning("kept value unreadable", extra={"value": self.name, "problem": type(problem).__name__})
        value = self._decoder.decode(self._default_bytes)[1]
        return value

    def to_store(self, value: V) -> bytes | None:
        """Return what is stored for a value: nothing where it equals the default. Raises as `encode`."""
        stored = self.encode(value)
        return None if stored == self._default_bytes else stored

    def is_newer(self, stored: bytes | None) -> bool:
        """Tell whether a newer release has written it; this one must not change it."""
        return stored is not None and schema_of(stored) > self.schema

    def is_like(self, other: Kept[Any]) -> bool:
        """Tell whether another definition is this one, made again by another run of the script that it stands in.

        A callback has the definition of the run that drew its widget; a later run may have been interrupted before.
        """
        return other is self or self._told == other._told

    @property
    def _told(self) -> tuple[object, ...]:
        return self.name, str(self.type), self.schema, self._default_bytes

    def merged(self, base: bytes | None, mine: bytes | None, theirs: bytes | None) -> bytes | None:
        """Return what is stored after a write of `mine`, made from `base`, meets `theirs`."""
        if self.is_newer(theirs):
            return theirs
        if self.merge is None or theirs == base:
            return mine
        try:
            return self.to_store(self.merge(self.decode(base), self.decode(mine), self.decode(theirs)))
        except Exception:
            log.exception("merge of kept value failed, the later one was kept", extra={"value": self.name})
            return mine


def schema_of(stored: bytes) -> int:
    """Return the schema number of a stored value."""
    return int(stored[1 : stored.index(b",")])


@dataclass(frozen=True, slots=True)
class Write:
    """What a tab did to one value: from the stored form that it saw to the one it wants (None: the default)."""

    kept: Kept[Any]
    base: bytes | None
    value: bytes | None

    def met(self, theirs: bytes | None) -> bytes | None:
        """Return what is stored once this has met what is stored."""
        return self.kept.merged(self.base, self.value, theirs)


Values = Mapping[str, bytes]
"""Stored forms by name; values that equal their default are missing."""
Writes = Mapping[str, Write]

_decoder = msgspec.json.Decoder(tuple[int, dict[str, msgspec.Raw]])


def _encode(values: Values) -> bytes:
    return msgspec.json.encode((1, {name: msgspec.Raw(stored) for name, stored in values.items()}))


def _decode_first(body: bytes) -> Values:
    values = {name: bytes(stored) for name, stored in _decoder.decode(body)[1].items()}
    for stored in values.values():
        msgspec.json.decode(stored, type=tuple[int, msgspec.Raw])
    return values


def _apply(values: Values, writes: Writes) -> Values:
    after = dict(values)
    for name, write in writes.items():
        stored = write.met(values.get(name))
        if stored is None:
            after.pop(name, None)
        else:
            after[name] = stored
    if len(after) > max(MAX_VALUES, len(values)):
        raise TooLarge(
            f"kept values {', '.join(writes)}: a visitor may have {MAX_VALUES}. They were left as they were."
        )
    size = sum(map(len, after.values()))
    if size > max(MAX_BYTES, sum(map(len, values.values()))):
        raise TooLarge(
            f"kept values {', '.join(writes)}: a visitor's values would take {size:,} bytes together; they may take "
            f"{MAX_BYTES:,}. They were left as they were."
        )
    return after


def _join(earlier: Writes, later: Writes) -> Writes:
    """Return the writes that do what both do; the later one may be another tab's and not have seen the earlier."""
    both = dict(earlier)
    for name, write in later.items():
        first = earlier.get(name)
        both[name] = write if first is None else Write(write.kept, first.base, write.met(first.value))
    return both


VALUES: Document[Values, Writes] = Document(
    "kept", {}, _encode, lambda body: read(body, {1: _decode_first}), _apply, _join
)
"""The document that holds all kept values of a visitor."""
