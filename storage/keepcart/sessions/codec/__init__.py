"""Values of `st.session_state` as bytes, and back."""

from keepcart.sessions.codec.codec import Codec, fingerprint
from keepcart.sessions.codec.form import Unkeepable, Unreadable
from keepcart.sessions.codec.own_classes import OwnClasses

__all__ = ["Codec", "OwnClasses", "Unkeepable", "Unreadable", "fingerprint"]
