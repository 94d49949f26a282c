"""Text that Streamlit reads as Markdown: labels, titles, cart lines."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import streamlit as st


class Markdown(str):
    """Text in Markdown. `format` escapes what it puts in, unless that is Markdown itself, as `Markup` does for HTML."""

    __slots__ = ()

    def format(self, *values: object, **named: object) -> Markdown:
        """Return the text with the values in its braces."""
        escaped = {name: plain(value) for name, value in named.items()}
        return Markdown(super().format(*map(plain, values), **escaped))  # noqa: S704 - every value is escaped


def plain(text: object) -> Markdown:
    """Return a text so that Markdown shows it as it is.

    A backslash escapes ASCII punctuation only (CommonMark 0.31, section 2.4). Before anything else it would be shown.
    """
    if isinstance(text, Markdown):
        return text
    return Markdown(re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", str(text)))  # noqa: S704 - escaped


def target(url: str) -> Markdown:
    """Return an address in the form that a link or a picture of Markdown takes."""
    return Markdown(quote(url, safe=":/?&=#%+,;@~!$*'"))  # noqa: S704 - escaped


def markdown(text: Markdown, **options: Any) -> None:
    """Draw Markdown; the options are those of `st.markdown`."""
    st.markdown(text, **options)
