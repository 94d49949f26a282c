"""Characters that no catalogue needs, and that do harm where they are shown.

Escape sequences rule the terminal of whoever reads the log or a command's output. Marks that turn the direction of text
let a name read otherwise than it is stored. Joiners of no width stay: Devanagari and emoji are written with them.
"""

from __future__ import annotations

import re
from typing import Final

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""All of C0 and C1 but tab and line breaks; embeddings, overrides and isolates of Unicode's bidirectional algorithm."""


def has_controls(text: str) -> bool:
    """Tell whether a text has such a character."""
    return _CONTROL.search(text) is not None


def control_problem(text: str) -> str:
    """Return what is wrong with a text that has such a character; empty if it has none."""
    if not (found := _CONTROL.search(text)):
        return ""
    place = f"U+{ord(found[0]):04X} as character {found.start() + 1}"
    return f"has a control character, {place}; type the cell anew, or paste it as plain text"


def without_controls(text: str) -> str:
    """Return a text without these characters."""
    return _CONTROL.sub("", text)
