"""How values of Python's own types are stored. Exact types: of a subclass, nobody knows what else it has."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from keepcart.sessions.codec.form import Form, Unkeepable

_FACTORIES: Final[dict[str, type | None]] = {
    "none": None,
    **{kind.__name__: kind for kind in (list, dict, set, tuple, int, float, str, bool, bytes, Counter)},
}
_NAMES: Final = {factory: name for name, factory in _FACTORIES.items()}


def _pairs(mapping: dict[Any, Any]) -> list[Any]:
    return [part for pair in mapping.items() for part in pair]


def _mapping(pairs: list[Any]) -> dict[Any, Any]:
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def _factory_and_pairs(mapping: defaultdict[Any, Any]) -> list[Any]:
    try:
        return [_NAMES[mapping.default_factory], *_pairs(mapping)]  # type: ignore[index]
    except KeyError:
        raise Unkeepable(f"a defaultdict of {mapping.default_factory!r}") from None


def _zone(zone: ZoneInfo) -> str:
    if zone.key is None:
        raise Unkeepable("a time zone without a name")
    return zone.key


def _offset(zone: timezone) -> list[Any]:
    offset = zone.utcoffset(None)
    return [offset] if repr(zone) == repr(timezone(offset)) else [offset, zone.tzname(None)]


def _moment(parts: list[Any]) -> datetime:
    written, fold, zone = parts
    return datetime.fromisoformat(written).replace(fold=fold, tzinfo=zone)


def _time(parts: list[Any]) -> time:
    written, fold, zone = parts
    return time.fromisoformat(written).replace(fold=fold, tzinfo=zone)


STANDARD_FORMS: Final = (
    Form(1, list, tuple, (tuple,)),
    Form(2, list, set, (set,)),
    Form(3, list, frozenset, (frozenset,)),
    Form(4, _pairs, _mapping, (dict,)),  # with other keys than strings
    Form(5, str, int, (int,)),  # above 64 bits
    Form(6, bytes, bytearray, (bytearray,)),
    Form(7, lambda moment: [moment.replace(tzinfo=None).isoformat(), moment.fold, moment.tzinfo], _moment, (datetime,)),
    Form(8, date.isoformat, date.fromisoformat, (date,)),
    Form(9, lambda of_day: [of_day.replace(tzinfo=None).isoformat(), of_day.fold, of_day.tzinfo], _time, (time,)),
    Form(10, lambda span: [span.days, span.seconds, span.microseconds], lambda parts: timedelta(*parts), (timedelta,)),
    Form(11, _offset, lambda parts: timezone(*parts), (timezone,)),
    Form(12, _zone, ZoneInfo, (ZoneInfo,)),
    Form(13, str, Decimal, (Decimal,)),
    Form(14, lambda uuid: uuid.bytes, lambda written: UUID(bytes=written), (UUID,)),
    Form(15, lambda number: [number.real, number.imag], lambda parts: complex(*parts), (complex,)),
    Form(16, lambda numbers: [numbers.start, numbers.stop, numbers.step], lambda parts: range(*parts), (range,)),
    Form(17, lambda part: [part.numerator, part.denominator], lambda parts: Fraction(*parts), (Fraction,)),
    Form(18, str, Path, (type(Path()),)),
    Form(19, str, PurePosixPath, (PurePosixPath,)),
    Form(20, lambda queue: [queue.maxlen, *queue], lambda parts: deque(parts[1:], parts[0]), (deque,)),
    Form(21, _pairs, lambda pairs: OrderedDict(_mapping(pairs)), (OrderedDict,)),
    Form(22, _pairs, lambda pairs: Counter(_mapping(pairs)), (Counter,)),
    Form(
        23,
        _factory_and_pairs,
        lambda parts: defaultdict(_FACTORIES[parts[0]], _mapping(parts[1:])),
        (defaultdict,),
    ),
    Form(24, lambda items: [items.start, items.stop, items.step], lambda parts: slice(*parts), (slice,)),
)
"""Their numbers are stored; 30 to 49 belong to `own_forms`, 50 to 69 to `table_forms`."""
