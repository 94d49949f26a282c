"""Which releases of Streamlit were tried: Keepcart relies on behaviour that was measured there, not promised."""

from __future__ import annotations

import logging
import re
from functools import cache

import streamlit as st

log = logging.getLogger(__name__)

OLDEST = (1, 57)
NEWEST = (1, 67)

OLDEST_WITH_SESSIONS = (1, 62)
"""What keeps whole sessions relies on more of Streamlit's insides (`keepcart.sessions.streamlit_session`)."""


def keeps_sessions(version: str = st.__version__) -> bool:
    """Tell whether whole sessions were tried with this release of Streamlit."""
    return OLDEST_WITH_SESSIONS <= _release(version) <= NEWEST


@cache
def check_release(version: str = st.__version__) -> None:
    """Warn where Streamlit's version is outside the range that was tried; once a process.

    Args:
        version: Streamlit's, such as `1.67.0`.
    """
    if not OLDEST <= _release(version) <= NEWEST:
        log.warning("keepcart was tried with Streamlit %d.%d to %d.%d, this is %s", *OLDEST, *NEWEST, version)


def _release(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:2]))
