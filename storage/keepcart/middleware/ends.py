"""How a message to the browser says that a run has ended.

Every message of every run is looked at, so parsing them all would cost a run as much as everything else around it.
"""

from __future__ import annotations

import re
from typing import Final

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_LONGEST: Final = 1_000
"""Bytes. The message that ends a run is shorter, also one that names some fragments."""

_TAG: Final = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY).SerializeToString()[:-1]
_SAYS_END: Final = re.compile(b"%b[%b]" % (re.escape(_TAG), bytes(ForwardMsg.ScriptFinishedStatus.values())))
"""What every message has in it that ends a run. Few others have: the character 0, and a control character behind it."""


def end_in(data: bytes) -> int | None:
    """Return how a run ended, one of `ForwardMsg.ScriptFinishedStatus`; None for any other message."""
    if len(data) > _LONGEST or _SAYS_END.search(data) is None:
        return None
    sent = ForwardMsg.FromString(data)
    return int(sent.script_finished) if sent.WhichOneof("type") == "script_finished" else None
