"""What the browser says that a widget holds, which travels with every click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _plain(field: str) -> Callable[[Any], dict[str, Any]]:
    return lambda widget: {field: widget.value if widget.set_value else widget.default}


def _chosen(widget: Any) -> dict[str, Any]:
    """Return the option of a select box or radio by its text."""
    if widget.set_value:
        return {"string_value": widget.raw_value} if widget.HasField("raw_value") else {"string_value": ""}
    return {"string_value": widget.options[widget.default] if widget.HasField("default") else ""}


def _several(widget: Any) -> dict[str, Any]:
    """Return the chosen ones of pills, by their texts."""
    texts = [option.content for option in widget.options]
    chosen = list(widget.raw_values) if widget.set_value else [texts[index] for index in widget.default]
    return {"string_array_value": {"data": chosen}}


_WAYS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "button_group": _several,
    "checkbox": _plain("bool_value"),
    "number_input": _plain("double_value"),
    "pagination": _plain("int_value"),
    "radio": _chosen,
    "selectbox": _chosen,
    "text_area": _plain("string_value"),
    "text_input": _plain("string_value"),
}


def held(kind: str, widget: Any) -> dict[str, Any]:
    """Return a field of Streamlit's WidgetState and its value; nothing for a widget that holds none, as a button."""
    way = _WAYS.get(kind)
    return way(widget) if way else {}
