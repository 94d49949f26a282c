"""The script of the shop's pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FILES = (
    *("pictures.js", "cards.js", "clicks.js", "connection.js", "notice.js"),
    *("focus.js", "quantity.js", "zoom.js", "live.js"),
)


@cache
def script() -> str:
    """Return the script. The component of live.py calls its function `keepcartLive` after each run."""
    here = Path(__file__)
    return "\n".join(here.with_name(name).read_text(encoding="utf-8") for name in _FILES)
