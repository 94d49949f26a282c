"""Text that Streamlit reads as Markdown: labels, cart lines."""

from __future__ import annotations

import re
from urllib.parse import quote


def plain(text: str) -> str:
    """Return text with nothing in it that Markdown would read as anything but text.

    A backslash guards ASCII punctuation only (CommonMark 0.31, section 2.4); before anything else it would be seen.
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def target(url: str) -> str:
    """Return an address as it may stand behind a link's or a picture's text."""
    return quote(url, safe=":/?&=#%+,;@~!$*'")
