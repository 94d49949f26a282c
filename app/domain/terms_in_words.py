"""The terms of orders as a shopkeeper writes them into the settings, one thing a line, and read from there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from babel import Locale

from app.domain.terms import Delivery

LONGEST_NAME: Final = 60
_WAY = re.compile(
    r"(?P<name>[^,:]+?)\s*(,\s*(?P<says>[^:]+?))?\s*:\s*(?P<cost>[^,\s]+)(\s*,\s*free from\s+(?P<free>\S+))?"
)


def deliveries(text: str, amount: Callable[[str], int]) -> Sequence[Delivery]:
    """Read ways of delivery: `Standard, 3 to 5 days: 199, free from 5000`; several on lines or between semicolons.

    Args:
        text: of the setting.
        amount: reads an amount, in minor units; raises ValueError.

    Raises:
        ValueError: the message names the way and says what is wrong.
    """
    found = [_delivery(way, amount) for way in _parts(text)]
    names = [way.name for way in found]
    if not found:
        raise ValueError("must name a way of delivery, such as 'Standard, 3 to 5 days: 199'")
    if len(set(names)) < len(names):
        raise ValueError("two ways of delivery have the same name")
    return found


def rates(text: str) -> Mapping[str, Decimal]:
    """Read rates of tax by category: `Books: 5`; several on lines or between semicolons.

    Raises:
        ValueError: the message names the rate and says what is wrong.
    """
    found = {}
    for part in _parts(text):
        category, _, rate = (one.strip() for one in part.rpartition(":"))
        try:
            percent = Decimal(rate.removesuffix("%").strip())
        except InvalidOperation:
            percent = Decimal(-1)
        if not category or not 0 <= percent <= 100:
            raise ValueError(f"{part!r} is not a category and its rate in percent, such as 'Books: 5'")
        found[category] = percent
    return found


def countries(text: str) -> Sequence[str]:
    """Read countries by their codes of ISO 3166: `IN, NP`.

    Raises:
        ValueError: there is none, or one is not known.
    """
    codes = [code.strip().upper() for code in text.split(",") if code.strip()]
    known = Locale("en").territories
    for code in codes:
        if len(code) != 2 or not code.isalpha() or code not in known:
            raise ValueError(f"{code!r} is not a country's code such as 'IN' (ISO 3166)")
    if not codes:
        raise ValueError("must name a country that the shop delivers to, such as 'IN'")
    return list(dict.fromkeys(codes))


def country_name(code: str) -> str:
    """Return what a country is called in English."""
    return str(Locale("en").territories.get(code, code))


def _delivery(way: str, amount: Callable[[str], int]) -> Delivery:
    match = _WAY.fullmatch(way)
    if match is None or len(match["name"]) > LONGEST_NAME:
        raise ValueError(f"{way!r} is not a way of delivery such as 'Standard, 3 to 5 days: 199, free from 5000'")
    try:
        free = amount(match["free"]) if match["free"] else None
        return Delivery(match["name"].strip(), match["says"] or "", amount(match["cost"]), free)
    except ValueError as problem:
        raise ValueError(f"{way!r}: {problem}") from None


def _parts(text: str) -> Sequence[str]:
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
