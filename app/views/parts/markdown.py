"""Text that Streamlit reads as Markdown: labels, titles, cart lines."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import streamlit as st

CACHED = 4_096
"""Texts cached. A run writes two dozen names and prices, mostly those of the run before; each takes 3 microseconds."""


class Markdown(str):
    """Text in Markdown. `format` escapes what it puts in, unless that is Markdown itself, as `Markup` does for HTML."""

    __slots__ = ()

    def format(self, *values: object, **named: object) -> Markdown:
        """Return the text with the values in its braces."""
        escaped = {name: plain(value) for name, value in named.items()}
        return Markdown(super().format(*map(plain, values), **escaped))  # noqa: S704 - every value is escaped


_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")

_READ_AFTERWARDS = re.compile(
    r"""
    : (?=//|material_|streamlit:)         # https://…, an icon, Streamlit's logo
    | (?<=www) [.] | @                    # www.…, an e-mail address
    | (?<!\S) [-<>~=]{2,3} (?!\S)         # an arrow, a dash, a comparison
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Where Streamlit (1.67) looks in a text once Markdown has been read, when a backslash is no longer there."""


def plain(text: object) -> Markdown:
    """Return a text so that Streamlit's Markdown shows it as it is.

    A backslash escapes ASCII punctuation only (CommonMark 0.31, section 2.4). Before anything else it would be shown.
    What Streamlit makes links, icons and arrows of afterwards, it finds only within one piece of text. So a character
    in the middle becomes a piece of its own, by a colour that is none.
    """
    return text if isinstance(text, Markdown) else _plain(str(text))


@lru_cache(CACHED)
def _plain(text: str) -> Markdown:
    pieces, end = [], 0
    for found in _READ_AFTERWARDS.finditer(text):
        pieces += [_escaped(text[end : found.start()]), *(f":color[{_escaped(one)}]" for one in found[0])]
        end = found.end()
    return Markdown("".join([*pieces, _escaped(text[end:])]))  # noqa: S704 - escaped


def _escaped(text: str) -> str:
    return _PUNCTUATION.sub(r"\\\g<0>", text)


def target(url: str) -> Markdown:
    """Return an address in the form that a link or a picture of Markdown takes."""
    return Markdown(quote(url, safe=":/?&=#%+,;@~!$*'"))  # noqa: S704 - escaped


def markdown(text: Markdown, **options: Any) -> None:
    """Draw Markdown; the options are those of `st.markdown`."""
    st.markdown(text, **options)
