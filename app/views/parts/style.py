"""The shop's style: what Streamlit's theme cannot express, with the theme's colours as variables for light and dark."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from app.views.parts.html import html
from keepcart import served_by_us

COLOURS = ("primaryColor", "backgroundColor", "secondaryBackgroundColor", "textColor", "borderColor")


def colours() -> str:
    """Return the theme's colours as variables of CSS."""
    return "".join(
        f"--{name}: light-dark({st.get_option(f'theme.light.{name}')}, {st.get_option(f'theme.dark.{name}')});"
        for name in COLOURS
    )


@cache
def style() -> Markup:
    """Return the style element. `body { … }` around the rules gives them precedence over Streamlit's own."""
    return Markup(f"<style>:root {{ {colours()} }} body {{ {rules()} }}</style>")  # noqa: S704 - the shop's own files


@cache
def rules() -> str:
    """Return the rules alone."""
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")


def draw_style() -> None:
    """Draw the style unless the page came with it. Only `web.page_head` can bring it before the first paint."""
    if not served_by_us():
        html(style())
