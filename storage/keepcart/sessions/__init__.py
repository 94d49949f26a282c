"""Whole sessions of Streamlit, kept."""

from keepcart.sessions.in_script import keep_session
from keepcart.sessions.middleware import KeepSession
from keepcart.sessions.unkept import unkept

__all__ = ["KeepSession", "keep_session", "unkept"]
