"""What the browser says that a widget holds, which travels with every click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Value = dict[str, Any]
"""A field of Streamlit's WidgetState and what stands in it; empty where a widget holds nothing."""


def _one(field: str) -> Callable[[Any], Value]:
    def way(widget: Any) -> Value:
        name = "value" if widget.set_value else "default"
        return {field: getattr(widget, name)} if _is_there(widget, name) else {}

    return way


def _several(field: str) -> Callable[[Any], Value]:
    return lambda widget: {field: {"data": list(widget.value if widget.set_value else widget.default)}}


def _option(widget: Any) -> Value:
    """Return the option of a select box or radio by its text."""
    if widget.set_value:
        return {"string_value": widget.raw_value} if _is_there(widget, "raw_value") else {}
    return {"string_value": widget.options[widget.default]} if _is_there(widget, "default") else {}


def _options(texts: Callable[[Any], Sequence[str]], given: str) -> Callable[[Any], Value]:
    def way(widget: Any) -> Value:
        chosen = getattr(widget, given) if widget.set_value else [texts(widget)[int(at)] for at in widget.default]
        return {"string_array_value": {"data": list(chosen)}}

    return way


def _number(widget: Any) -> Value:
    found = _one("double_value")(widget)
    is_whole = widget.data_type == widget.INT
    return {"int_value": int(found["double_value"])} if found and is_whole else found


def _stars(widget: Any) -> Value:
    return {"string_value": str(_one("stars")(widget).get("stars", ""))}


_number_range = _several("double_array_value")
_option_range = _options(lambda slider: slider.options, "raw_value")

_WAYS: dict[str, Callable[[Any], Value]] = {
    "button_group": _options(lambda group: [option.content for option in group.options], "raw_values"),
    "checkbox": _one("bool_value"),
    "color_picker": _one("string_value"),
    "date_input": _several("string_array_value"),
    "date_time_input": _several("string_array_value"),
    "feedback": _stars,
    "multiselect": _options(lambda box: box.options, "raw_values"),
    "number_input": _number,
    "pagination": _one("int_value"),
    "radio": _option,
    "selectbox": _option,
    "slider": lambda slider: (_option_range if slider.type == slider.SELECT_SLIDER else _number_range)(slider),
    "text_area": _one("string_value"),
    "text_input": _one("string_value"),
    "time_input": _one("string_value"),
}


def held(kind: str, widget: Any) -> Value | None:
    """Return what a widget holds that the server draws anew, or sets; None for one that holds nothing, as a button."""
    way = _WAYS.get(kind)
    return way(widget) if way else None


def _is_there(widget: Any, field: str) -> bool:
    """Tell whether a field has a value; one that must have one always has."""
    return not widget.DESCRIPTOR.fields_by_name[field].has_presence or widget.HasField(field)
