"""Whole sessions of Streamlit, kept: what stands in `st.session_state`, as bytes and back."""

from keepcart.sessions.codec import Codec, fingerprint
from keepcart.sessions.form import Unkeepable, Unreadable
from keepcart.sessions.own_classes import OwnClasses

__all__ = ["Codec", "OwnClasses", "Unkeepable", "Unreadable", "fingerprint"]
