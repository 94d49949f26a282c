"""How a widget is told what to show: by whatever parameter it has for that, and only what it can show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, Signature, signature
from typing import Any

_DEFAULTS = ("value", "index", "default")


class Drawing:
    """A widget that is about to be drawn.

    Attributes:
        parameter: the widget's for what it shows: `value`, `index` or `default`.
    """

    def __init__(self, draw: Callable[..., Any], args: tuple[Any, ...], options: Mapping[str, Any]) -> None:
        """Take what draws it, and everything that is the widget's own.

        Raises:
            TypeError: it takes no such arguments, or has no parameter for what it shows.
        """
        self._draw = draw
        parameters = signature(draw)
        self.parameter = next((name for name in _DEFAULTS if name in parameters.parameters), "")
        if not self.parameter:
            raise TypeError(f"{draw} has no parameter for a default, so it cannot show a kept value")
        self._bound = parameters.bind_partial(*args, **options)
        self._choices = self._offered(parameters)

    def fit(self, value: Any) -> Any:
        """Return what the widget can show of a value: no choice that is no longer offered, nothing out of bounds.

        What is kept stays as it is until the shopper edits it.
        """
        if self._choices is None:
            return _each(self._bounded, value)
        if self._bound.arguments.get("accept_new_options"):
            several = value if isinstance(value, list | tuple) else [value]
            self._choices += [one for one in several if one is not None and one not in self._choices]
            self._bound.arguments["options"] = self._choices
        return self._offered_of(value, self._choices)

    def draw(self, shown: Mapping[str, Any], **more: Any) -> Any:
        """Draw it; `shown` is of `showing`."""
        if self.parameter == "index" and "index" in shown and self._choices:
            value = shown["index"]
            shown = {"index": None if value is None else self._choices.index(value)}
        own = {**self._bound.kwargs, **shown, **more}
        return self._draw(*self._bound.args, **own)

    def _offered(self, parameters: Signature) -> list[Any] | None:
        """Return what a choice widget offers; `options` of `st.feedback` is the name of a kind."""
        known = parameters.parameters.get("options")
        offered = self._bound.arguments.get("options")
        if known is None or known.kind is Parameter.VAR_KEYWORD or isinstance(offered, str | None):
            return None
        return list(offered)

    def _offered_of(self, value: Any, choices: list[Any]) -> Any:
        if isinstance(value, list):
            return [one for one in value if one in choices]
        if isinstance(value, tuple):  # the ends of a range
            return value if all(one in choices for one in value) else (choices[0], choices[-1])
        if value is None or value in choices:
            return value
        return None if self.parameter == "default" or not choices else choices[0]

    def _bounded(self, value: Any) -> Any:
        for name, nearer in (("min_value", max), ("max_value", min)):
            limit = self._bound.arguments.get(name)
            if limit is not None and (type(limit) is type(value) or _are_numbers(limit, value)):  # "today" is a date
                value = nearer(value, limit)
        return value


def _are_numbers(*values: object) -> bool:
    return all(isinstance(value, int | float) for value in values)


def _each(change: Callable[[Any], Any], value: Any) -> Any:
    return type(value)(map(change, value)) if isinstance(value, list | tuple) else change(value)
