"""What a widget lets its visitor choose, so that nothing else is kept.

A browser says what its widgets hold, and anybody can say it without a browser. Streamlit 1.67 passes on any text as the
choice of a select box, a radio or a multiselect: it draws something else, but the callback has the text
(`SelectboxSerde.deserialize`). It takes any number of dates as a range, and older releases check no bounds at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

REMEMBERED: Final = 8
"""Different offers of one widget that a session remembers: the browser may be some runs behind."""

_ENDS: Final = 2
"""Of a range."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What one widget offers.

    Attributes:
        choices: its options; None where it has none.
        options: the other arguments that bound it, by Streamlit's names, as far as the app gave them.
        nothing: what it shows where it cannot show a value is None, and not the first choice.
    """

    choices: Sequence[Any] | None
    options: Mapping[str, Any]
    nothing: bool = False

    @property
    def accepts_new(self) -> bool:
        """Whether visitors may add options of their own."""
        return bool(self.options.get("accept_new_options"))

    def with_new(self, value: Any) -> Offer:
        """Return an offer that has a value's parts, which the visitor has added, among its choices."""
        choices = list(self.choices or ())
        several = value if isinstance(value, list | tuple) else [value]
        choices += [one for one in several if one is not None and one not in choices]
        return replace(self, choices=choices)

    def fit(self, value: Any) -> Any:
        """Return what the widget can show of a value: only choices that are offered, nothing out of bounds."""
        choices = self.choices
        if choices is None:
            return _each(self._bounded, value)
        if isinstance(value, list):
            return [one for one in value if one in choices]
        if isinstance(value, tuple):  # the ends of a range
            return value if all(one in choices for one in value) else (choices[0], choices[-1])
        if value is None or value in choices:
            return value
        return None if self.nothing or not choices else choices[0]

    def takes(self, content: Any) -> bool:
        """Tell whether a visitor can bring the widget to hold this."""
        if self.options.get("disabled"):
            return False
        if content is None:
            return not self.options.get("required")
        if self.choices is not None and content in self.choices:
            return True
        if isinstance(content, tuple):
            return len(content) <= _ENDS and all(map(self._takes_one, content)) and self._are_in_order(content)
        if isinstance(content, list) and self.choices is not None:
            return self._takes_several(content)
        return self._takes_one(content)

    def _takes_several(self, content: list[Any]) -> bool:
        most = self.options.get("max_selections")
        if most is not None and len(content) > most:
            return False
        if self.accepts_new:
            return all(map(self._takes_one, content))
        if len(content) > len(self.choices or ()):  # first: what follows takes the square of the number
            return False
        return all(content.index(one) == place and self._takes_one(one) for place, one in enumerate(content))

    def _takes_one(self, one: Any) -> bool:
        if self.choices is not None:
            return (self.accepts_new and isinstance(one, str)) or one in self.choices
        if isinstance(one, str):
            most = self.options.get("max_chars")
            return most is None or len(one) <= most
        if isinstance(one, float) and not math.isfinite(one):
            return False
        return bool(self._bounded(one) == one)

    def _are_in_order(self, ends: Sequence[Any]) -> bool:
        if self.choices is None:
            return list(ends) == sorted(ends)
        places = [self.choices.index(end) for end in ends]
        return places == sorted(places)

    def _bounded(self, value: Any) -> Any:
        for name, nearer in (("min_value", max), ("max_value", min)):
            limit = self.options.get(name)
            if limit is not None and (type(limit) is type(value) or _are_numbers(limit, value)):  # "today" is a date
                value = nearer(value, limit)
        return value


class Latest:
    """What one widget has offered in the last runs.

    A visitor may choose what an older page offers, because the newer one is still on its way.
    """

    def __init__(self) -> None:
        self._offers: list[Offer] = []

    def note(self, offer: Offer) -> None:
        """Note what the widget is drawn with."""
        if offer not in self._offers[-1:]:
            self._offers.append(offer)
            del self._offers[:-REMEMBERED]

    def takes(self, content: Any) -> bool:
        """Tell whether a visitor can have brought the widget to hold this."""
        return any(offer.takes(content) for offer in reversed(self._offers))


class Offers:
    """What the widgets of one page have offered, by key."""

    def __init__(self) -> None:
        self._latest: dict[str, Latest] = {}

    def note(self, key: str, offer: Offer) -> Latest:
        """Note what a widget is drawn with; return all that it has offered lately, for its callback."""
        latest = self._latest.setdefault(key, Latest())
        latest.note(offer)
        return latest

    def forget(self) -> None:
        """Begin anew: another page is drawn. Callbacks of the page before still have what it offered."""
        self._latest.clear()


def _are_numbers(*values: object) -> bool:
    return all(isinstance(value, int | float) for value in values)


def _each(change: Callable[[Any], Any], value: Any) -> Any:
    return type(value)(map(change, value)) if isinstance(value, list | tuple) else change(value)
