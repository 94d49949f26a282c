"""Choice widgets as `session.address.choose` draws them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")


def select(*, options: Sequence[T], default: T | None = None, **others: Any) -> T | None:
    """Draw a select box whose default is a value, as other choices take it; None: its value has just been set."""
    index = 0 if default is None else options.index(default)
    chosen: T | None = st.selectbox(options=options, index=index, **others)
    return chosen
