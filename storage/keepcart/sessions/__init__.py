"""Whole sessions of Streamlit, kept."""

from keepcart.sessions.keep_session import KeepSession

__all__ = ["KeepSession"]
