"""The script of the shop's pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def script() -> str:
    """Return the script. The component of live.py calls its function `keepcartLive` after each run."""
    here = Path(__file__)
    return "\n".join(here.with_name(name).read_text(encoding="utf-8") for name in ("cards.js", "live.js"))
