"""Lets a browser show what a widget holds: it would show the default, since it has never heard of anything else.

The values are put into the elements that pass by. All elements of Streamlit (1.67) that can be set by the server name
the field `value`, `raw_value` or `raw_values`, and say by `set_value` that it counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from google.protobuf.message import Message  # type: ignore[import-untyped]  # ships no types
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

_FIELDS = ("raw_value", "raw_values", "value")


def with_value(sent: ForwardMsg, holds: Callable[[str], WidgetState | None]) -> bool:
    """Set what a widget holds in the element that draws it; return whether the message was changed.

    Args:
        holds: returns what a widget holds by its id, None where the browser knows.

    Where the script itself has set the widget in this run, that stands.
    """
    element = sent.delta.new_element
    kind = element.WhichOneof("type")
    widget = getattr(element, kind) if kind else None
    if widget is None or not is_settable(widget) or widget.set_value:
        return False
    state = holds(widget.id)
    if state is None:
        return False
    field = _field(widget, state)
    if field is None:
        return False
    _put(widget, field, _value(state))
    widget.set_value = True
    sent.hash = ""
    sent.metadata.cacheable = False
    return True


def is_settable(widget: Message) -> bool:
    """Tell whether the server can set what this element holds."""
    return "set_value" in widget.DESCRIPTOR.fields_by_name


def _field(widget: Any, state: WidgetState) -> str | None:
    fields = widget.DESCRIPTOR.fields_by_name
    if "raw_value" in fields and "value" in fields:  # a slider of numbers, or one of options
        return "raw_value" if state.WhichOneof("value") == "string_array_value" else "value"
    return next((field for field in _FIELDS if field in fields), None)


def _value(state: WidgetState) -> Any:
    kind = state.WhichOneof("value")
    value = getattr(state, kind) if kind else None
    return list(value.data) if value is not None and hasattr(value, "data") else value


def _put(widget: Any, name: str, value: Any) -> None:
    field = widget.DESCRIPTOR.fields_by_name[name]
    widget.ClearField(name)
    if field.is_repeated:
        getattr(widget, name).extend([] if value is None else value)
    elif isinstance(value, str) and field.cpp_type != field.CPPTYPE_STRING:
        if value:
            setattr(widget, name, int(value))  # st.feedback sends its number as text
    elif value is not None:
        setattr(widget, name, value)
