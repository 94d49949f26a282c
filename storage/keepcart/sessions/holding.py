"""What a widget holds between runs, as Streamlit would tell it to a browser."""

from __future__ import annotations

from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState

Holding = tuple[str, str, Any]
"""A widget's id, the field of `WidgetState` that says what it holds, and that field's value.

None where the visitor has emptied the widget. Making a `WidgetState` of it takes longer than all else that a run needs
for a widget, so that is done only where it has changed.
"""


def widget_state(holding: Holding) -> WidgetState:
    """Return what a browser would send."""
    name, field, value = holding
    state = WidgetState(id=name)
    if value is not None:
        if field.endswith("_array_value"):
            getattr(state, field).data.extend(value)
        else:
            setattr(state, field, value)
    return state
