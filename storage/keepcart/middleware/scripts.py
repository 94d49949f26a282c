"""Which of Streamlit's scripts draw an element: its page asks for them when the element has come, one after another."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

_STATIC: Final = "streamlit/static"
_IMPORTED = re.compile(r"""\b(?:from|import)["'`]\./([\w.-]+\.js)["'`]""")
_ALWAYS = re.compile(r"\bstatic/js/([\w.-]+\.js)")


@cache
def scripts_of(elements: tuple[str, ...]) -> tuple[str, ...]:
    """Return the files that draw elements, each behind those that it needs, without what every page loads anyway.

    Args:
        elements: the names of scripts in Streamlit's `static/js`, without the hash and the suffix: `Button`. One that
            this release of Streamlit doesn't have is left out: its page then asks for it late, as it always did.
    """
    root = Path(str(distribution("streamlit").locate_file(_STATIC)))
    folder = root / "static" / "js"
    seen = set(_ALWAYS.findall((root / "index.html").read_text(encoding="utf-8")))
    found: list[str] = []

    def add(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        for needed in _IMPORTED.findall((folder / name).read_text(encoding="utf-8")):
            add(needed)
        found.append(name)

    for element in elements:
        for path in folder.glob(f"{element}.*.js"):
            add(path.name)
    return tuple(found)
