"""How a widget is drawn so that it shows what is known: one way for all widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from inspect import BoundArguments, Parameter, Signature, signature
from typing import Any

import streamlit as st

from keepcart.visits.offer import Offer

LIVE = "300ms"
"""The pause in typing after which a text input sends what it holds."""

_INSTEAD = {
    "data_editor": "Draw it with visit.editor, which keeps its rows; the guide docs/your-own-app.md has the recipe"
}
"""What to do with a widget that has no default."""

_DEFAULTS = ("value", "index", "default")
_BOUNDS = ("accept_new_options", "disabled", "max_chars", "max_selections", "max_value", "min_value", "required")


class Drawing:
    """A widget that is about to be drawn.

    Attributes:
        offer: what it lets its visitor choose.
    """

    def __init__(
        self, draw: Callable[..., Any], args: tuple[Any, ...], options: Mapping[str, Any], *, while_typing: bool = False
    ) -> None:
        """Take the widget's function and its own arguments.

        Args:
            draw: `st.text_input`, `st.selectbox` or another input with a key and a default.
            args, options: its arguments, without key and default. `on_change` takes no arguments.
            while_typing: a text input sends its content in pauses too, not only at Enter and when it is left. So do
                only those that have `live` in this release of Streamlit, and none for which `options` has it.

        Raises:
            TypeError: the widget has no default, or it takes no such arguments.
        """
        self._draw = draw
        parameters = _signature(draw)
        self._parameter = _default_of(draw, parameters)
        own = dict(options)
        self._also = own.pop("on_change", None)
        self._bound = _bound(draw, parameters, args, own)
        if self._parameter in self._bound.arguments:
            raise TypeError(f"{_name(draw)}: leave out {self._parameter}; the widget shows the value that is known")
        self.offer = Offer(self._choices(parameters), self._bounds(), nothing=self._parameter == "default")
        live = parameters.parameters.get("live")
        is_free = live is not None and live.default is False and "live" not in self._bound.arguments
        self._live = {"live": LIVE} if while_typing and is_free else {}

    def fit(self, value: Any) -> Any:
        """Return what the widget can show of a value: only choices that are offered, nothing out of bounds."""
        if self.offer.accepts_new and self.offer.choices is not None:
            self.offer = self.offer.with_new(value)
            self._bound.arguments["options"] = self.offer.choices
        return self.offer.fit(value)

    def showing(self, key: str, value: Any, *, settled: bool) -> dict[str, Any]:
        """Return the argument by which the widget shows a value; where it has another one in this session, set it.

        An equal value is not set: that would overtake a visitor who is faster than this run. It is given as the
        default, because a browser that has not drawn the widget yet starts from that. Under a page that an older
        session drew nothing is set, because what the browser's widget holds may be the visitor's latest act.

        Args:
            key: the widget's.
            value: of `fit`.
            settled: a complete run has drawn this page in this session (`Visit.settled`).
        """
        if settled and st.session_state.get(key, value) != value:
            st.session_state[key] = value
            return {}
        if self._parameter == "index" and value is not None and self.offer.choices:
            return {"index": self.offer.choices.index(value)}
        return {self._parameter: value}

    def draw(self, shown: Mapping[str, Any], *, key: str, edited: Callable[[], None] | None) -> Any:
        """Draw the widget; return its content.

        Args:
            shown: of `showing`.
            key: the widget's.
            edited: called at each edit, before the widget's own `on_change`. None inside a form, where Streamlit takes
                no callbacks.
        """
        own: dict[str, Any] = {**self._bound.kwargs, **shown, "key": key}
        if edited is not None:
            own |= {"on_change": self._called_back(edited), **self._live}
        return self._draw(*self._bound.args, **own)

    def _called_back(self, edited: Callable[[], None]) -> Callable[[], None]:
        also = self._also
        if also is None:
            return edited

        def both() -> None:
            edited()
            also()

        return both

    def _choices(self, parameters: Signature) -> list[Any] | None:
        """Return what a choice widget offers; `options` of `st.feedback` is the name of a kind."""
        known = parameters.parameters.get("options")
        offered = self._bound.arguments.get("options")
        if known is None or known.kind is Parameter.VAR_KEYWORD or isinstance(offered, str | None):
            return None
        return list(offered)

    def _bounds(self) -> dict[str, Any]:
        return {name: self._bound.arguments[name] for name in _BOUNDS if name in self._bound.arguments}


def _signature(draw: Callable[..., Any]) -> Signature:
    method = getattr(draw, "__func__", None)
    return signature(draw) if method is None else _signature_of_method(method)


@lru_cache(maxsize=64)  # reading the signature of `st.pills` takes 0.1 ms, at every click
def _signature_of_method(method: Any) -> Signature:
    return signature(method.__get__(object()))


def _default_of(draw: Callable[..., Any], parameters: Signature) -> str:
    """Return the name of the parameter by which a widget is told what to show."""
    for name in _DEFAULTS:
        if name in parameters.parameters:
            return name
    raise TypeError(
        f"{_name(draw)} cannot show a kept value: it has none of the parameters value, index and default. "
        + _INSTEAD.get(_name(draw), "Draw it without Keepcart, and keep what you make of its result with visit.put")
    )


def _bound(
    draw: Callable[..., Any], parameters: Signature, args: tuple[Any, ...], own: Mapping[str, Any]
) -> BoundArguments:
    try:
        return parameters.bind_partial(*args, **own)
    except TypeError as problem:
        raise TypeError(f"{_name(draw)}: {problem}") from None


def _name(draw: Callable[..., Any]) -> str:
    """Return a widget's name, also behind a `functools.partial`."""
    return str(getattr(getattr(draw, "func", draw), "__name__", draw))
