"""What a page asks of Streamlit, as far as it matters for keeping its session."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState


def run_in(message: Message) -> BackMsg | None:
    """Return the words of a frame that asks for a run; None where it asks for none."""
    if message["type"] != "websocket.receive":
        return None
    words = BackMsg.FromString(message["bytes"])
    return words if words.WhichOneof("type") == "rerun_script" else None


def frame(words: BackMsg) -> Message:
    """Return the frame of these words."""
    return {"type": "websocket.receive", "bytes": words.SerializeToString()}


def is_of_new_page(request: ClientState) -> bool:
    """Tell whether a page asks that holds nothing yet, because it has just been loaded."""
    return not request.widget_states.widgets and not request.fragment_id


def acts_in(request: ClientState, stored: Mapping[str, WidgetState]) -> frozenset[str]:
    """Return the ids of the widgets that the visitor has used: those that hold something else than what is stored."""
    return frozenset(held.id for held in request.widget_states.widgets if stored.get(held.id) != held)


def with_stored(words: BackMsg, stored: Mapping[str, WidgetState]) -> BackMsg:
    """Return a request for the whole page, without any act, whose widgets hold what is stored."""
    return _instead(words, list(stored.values()))


def without_acts(words: BackMsg) -> BackMsg:
    """Return a request for the whole page without its click; its widgets hold what the browser shows."""
    held = words.rerun_script.widget_states.widgets
    return _instead(words, [one for one in held if not (one.WhichOneof("value") or "").endswith("trigger_value")])


def for_whole_page(words: BackMsg) -> BackMsg:
    """Return the same request for the whole page, where it was for a fragment."""
    return _instead(words, list(words.rerun_script.widget_states.widgets))


def _instead(words: BackMsg, held: list[WidgetState]) -> BackMsg:
    other = BackMsg()
    other.CopyFrom(words)
    request = other.rerun_script
    for field in ("fragment_id", "is_auto_rerun", "widget_states"):
        request.ClearField(field)
    request.widget_states.widgets.extend(held)
    return other
