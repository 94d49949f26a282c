"""A combination as a link, and as a QR code of it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import segno
from markupsafe import Markup
from segno.encoder import DataOverflowError

from app.domain.cart import Lines
from app.domain.combination import in_address
from app.domain.pages import COMBINATION

IS: Final = "is"
"""In the address of a combination: what it is."""

CACHED: Final = 256
"""QR codes cached, of some 10 KB. Making one takes a few milliseconds."""

LARGEST_VERSION: Final = 25
"""Of a QR code (ISO 18004): 117 modules a side. Phones read larger ones badly from a screen."""


def link_to(base: str, lines: Lines) -> str:
    """Return the whole address of a combination, below the store's own address."""
    return f"{base.rstrip('/')}/{COMBINATION}?{IS}={in_address(lines)}"


@lru_cache(CACHED)
def qr_code(link: str) -> Markup | None:
    """Return a QR code as a picture; None for a link that is too long for one that phones can read.

    It is dark on white in every theme, with the margin of four modules that ISO 18004 asks for.
    """
    try:
        code = segno.make_qr(link, error="m")
    except DataOverflowError:
        return None
    if int(code.version) > LARGEST_VERSION:
        return None
    return Markup('<p class="qr"><img src="{}" alt="QR code of the link" width="{size}" height="{size}"></p>').format(
        code.svg_data_uri(border=4, light="white", encode_minimal=True), size=264
    )
