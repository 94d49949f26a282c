"""What a browser says over Streamlit's websocket, and what is none of its words.

Streamlit writes a line of log, mostly with a trace, for each frame that it cannot read, and closes the page's
connection (1.67, `starlette_websocket.py`). So one client could fill a disk.
"""

from __future__ import annotations

from typing import Final

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # ships no types
from starlette.types import Message
from streamlit.proto.BackMsg_pb2 import BackMsg

DEVELOPERS: Final = frozenset(
    {"clear_cache", "load_git_info", "set_run_on_save", "debug_disconnect_websocket", "debug_shutdown_runtime"}
)
"""What only the developer's menu asks for. Streamlit takes it from every visitor: `clear_cache` empties the caches of
all."""


ELEMENT: Final = "$$"
"""How every id of a widget begins that Streamlit makes. An app's own keys stand behind it."""


def words_of(message: Message) -> BackMsg | None:
    """Return what a frame says; None where it says nothing that a page of an app may say.

    That is a text, nothing at all, what cannot be read, what only the developer's menu asks for, and what names a
    widget that no page has.
    """
    try:
        words = BackMsg.FromString(message.get("bytes") or b"")
    except DecodeError:
        return None
    kind = words.WhichOneof("type")
    if kind is None or kind in DEVELOPERS:
        return None
    widgets = words.rerun_script.widget_states.widgets
    return words if all(widget.id.startswith(ELEMENT) for widget in widgets) else None
