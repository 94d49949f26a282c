"""Lets browsers compile the scripts of every page before they run, beside the page's own thread.

A browser compiles a function when it is first called, in the task that calls it. Streamlit's first page calls
thousands, and compiling was a third of its longest tasks. A script that begins with this comment is compiled whole
while it arrives, in another thread (Chromium from 136 on; to any other browser it is a comment).

https://v8.dev/blog/explicit-compile-hints
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HINT: Final = "//# allFunctionsCalledOnLoad\n"

LEAST: Final = 30 * 1_024
"""Bytes. A smaller script Chromium compiles in the page's own thread, so all of it would only be more than some."""

_NAMED = re.compile(r"\bstatic/(js/[\w.-]+\.js)\b")


def large_scripts(originals: Path) -> Iterator[Path]:
    """Yield the scripts that are worth it: the large ones that Streamlit's page names, below its folder `static`."""
    page = originals.with_name("index.html")
    named = _NAMED.findall(page.read_text(encoding="utf-8")) if page.is_file() else []
    for name in dict.fromkeys(named):
        path = originals / name
        if path.is_file() and path.stat().st_size >= LEAST:
            yield path
