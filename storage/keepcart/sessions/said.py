"""What Streamlit says to a page, as far as it matters for keeping its session."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.TextInput_pb2 import TextInput

_TEXT_INPUT: Final = Element(text_input=TextInput()).SerializeToString()[:-1]
"""What every message has in it that draws a text input: the tag of that field."""

_PASSWORD: Final = TextInput(type=TextInput.PASSWORD).SerializeToString()
"""What every message has in it that draws one for a password."""

_ANSWERS: Final = frozenset(
    {"backend_operation_response", "file_urls_response", "git_info_changed", "heartbeat_ack", "session_event"}
)
_MISSING: Final = re.compile(rb'st\.session_state has no (?:key|attribute) "([^"]+)"')
_REDACTED: Final = b"The original error message is redacted"


def is_answer(sent: ForwardMsg) -> bool:
    """Tell whether a message answers the browser, or tells of a file: no run says it again."""
    return sent.WhichOneof("type") in _ANSWERS


def draws_error(sent: ForwardMsg) -> bool:
    """Tell whether a message draws an error, one that the script has not handled or one that it shows."""
    return bool(sent.delta.new_element.HasField("exception"))


def misses(data: bytes, names: Collection[str]) -> bool:
    """Tell whether a message draws an error because one of these keys is not in `st.session_state`.

    A server that shows no details of errors (`client.showErrorDetails`) does not say which: then it may be any.
    """
    if not names:
        return False
    found = _MISSING.search(data)
    return found[1].decode(errors="replace") in names if found else _REDACTED in data


def widget_in(sent: ForwardMsg) -> str:
    """Return the id of the widget that a message draws, "" for none."""
    element = sent.delta.new_element
    kind = element.WhichOneof("type")
    return str(getattr(getattr(element, kind), "id", "")) if kind else ""


def password_in(data: bytes) -> str:
    """Return the id of the text input that a message draws whose words nobody is to see; "" for any other message."""
    if _PASSWORD not in data or _TEXT_INPUT not in data:
        return ""
    field = ForwardMsg.FromString(data).delta.new_element.text_input
    return field.id if field.type == TextInput.PASSWORD else ""
