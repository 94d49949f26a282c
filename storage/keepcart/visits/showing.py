"""Widgets that show what is known: set from it before they are drawn, whoever changed it."""

from __future__ import annotations

from typing import Any

import streamlit as st


def showing(key: str, value: object, parameter: str, *, settled: bool) -> dict[str, Any]:
    """Return the argument that makes a widget show a value; where the widget has another one, set it.

    Under a page that an older session drew (`settled` is False) nothing is set: what the browser's widget holds may be
    the shopper's latest act. An equal value is not set either, since that would overtake a faster shopper; it is passed
    as the widget's default, because a browser that has not seen the widget yet starts from that.

    Args:
        parameter: the widget's parameter for its default, `value` or `default`.
        settled: a complete run has drawn this page in this session (`Visit.settled`).
    """
    if settled and st.session_state.get(key, value) != value:
        st.session_state[key] = value
        return {}
    return {parameter: value}
