"""Lets a browser show what a widget holds: it would show the default, since it has never heard of anything else.

The values are put into the elements that pass by. All elements of Streamlit (1.67) that can be set by the server name
the field `value`, `raw_value` or `raw_values`, and say by `set_value` that it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from google.protobuf.descriptor import FieldDescriptor  # type: ignore[import-untyped]  # ships no types
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from keepcart.sessions.holding import Holding

_FIELDS = ("raw_value", "raw_values", "value")


def with_value(sent: ForwardMsg, holds: Callable[[str], Holding | None]) -> bool:
    """Set what a widget holds in the element that draws it; return whether the message was changed.

    Args:
        holds: returns what a widget holds by its id, None where the browser knows.

    Where the script itself has set the widget in this run, that stands.
    """
    element = sent.delta.new_element
    kind = element.WhichOneof("type")
    if kind is None:
        return False
    widget = getattr(element, kind)
    fields = _values(widget.DESCRIPTOR)
    if not fields or widget.set_value or (holding := holds(widget.id)) is None:
        return False
    _put(widget, _chosen(fields, holding), holding[2])
    widget.set_value = True
    sent.hash = ""
    sent.metadata.cacheable = False
    return True


@cache  # asked for each element of a page; protobuf makes a new mapping each time
def _values(kind: Any) -> Mapping[str, FieldDescriptor]:
    """Return the fields of an element that say what it holds, by its descriptor; none where it cannot be set."""
    fields = kind.fields_by_name
    return {name: fields[name] for name in _FIELDS if name in fields} if "set_value" in fields else {}


def _chosen(fields: Mapping[str, FieldDescriptor], holding: Holding) -> FieldDescriptor:
    if "raw_value" in fields and "value" in fields:  # a slider of numbers, or one of options
        return fields["raw_value" if holding[1] == "string_array_value" else "value"]
    return next(iter(fields.values()))


def _put(widget: Any, field: FieldDescriptor, value: Any) -> None:
    widget.ClearField(field.name)
    if field.is_repeated:
        getattr(widget, field.name).extend([] if value is None else value)
    elif isinstance(value, str) and field.cpp_type != field.CPPTYPE_STRING:
        if value:
            setattr(widget, field.name, int(value))  # st.feedback sends its number as text
    elif value is not None:
        setattr(widget, field.name, value)
