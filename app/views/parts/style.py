"""The shop's style: what the theme has no word for, with the theme's colours as variables for light and dark."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from keepcart import served_by_us

COLOURS = ("backgroundColor", "textColor", "borderColor")


@cache
def style() -> str:
    """Return the style element. `body { … }` around the rules lets them win over Streamlit's own."""
    variables = "".join(
        f"--{name}: light-dark({st.get_option(f'theme.light.{name}')}, {st.get_option(f'theme.dark.{name}')});"
        for name in COLOURS
    )
    rules = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    return f"<style>:root {{ {variables} }} body {{ {rules} }}</style>"


def draw_style() -> None:
    """Draw the style where the page did not bring it: only `web.page_head` can put it there before the first paint."""
    if not served_by_us():
        st.html(style())
