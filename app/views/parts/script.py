"""What the shop's pages do in the browser."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def script() -> str:
    """Return the script; its function `keepcartLive` is for live.py's component, to be called after each run."""
    here = Path(__file__)
    return "\n".join(here.with_name(name).read_text(encoding="utf-8") for name in ("cards.js", "live.js"))
