"""Letters without their accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

_PIECE: Final = 100
"""Characters. Unicode sorts the accents behind a letter, in a time that grows with the square of their number: 65,000
take 16 seconds. Accents are left out here, so their order does not matter, and short pieces give the same letters."""


def letters(text: str) -> Iterator[str]:
    """Yield the characters of a text, compatible ones made the same, without accents."""
    for start in range(0, len(text), _PIECE):
        for letter in unicodedata.normalize("NFKD", text[start : start + _PIECE]):
            if not unicodedata.combining(letter):
                yield letter
