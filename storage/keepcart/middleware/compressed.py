"""Compresses a page for each visitor, and the styles and scripts in it once."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

LEVEL: Final = 4
"""Of what differs from page to page. Higher ones take twice the time for a tenth less."""

LARGE: Final = 2_000
"""From so many bytes on it is worth remembering how a style or a script is compressed."""

REMEMBERED: Final = 32

_OPENING = re.compile(rb"<(style|script)\b[^>]*>")
_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def compressed(page: bytes) -> bytes:
    """Return a page for `Content-Encoding: gzip` (RFC 1952).

    Most of a page are styles and scripts, and they are the same in every page. They are compressed once, by themselves,
    and put between the rest. What else the page says may be a visitor's own, so nothing of it is remembered.
    """
    rest = zlib.compressobj(LEVEL, wbits=-zlib.MAX_WBITS)
    out = [_HEAD]
    for piece, is_shared in _pieces(page):
        # After a full flush nothing refers to what stands before, so pieces can be put together.
        out += [_alone(piece)] if is_shared else [rest.compress(piece), rest.flush(zlib.Z_FULL_FLUSH)]
    out += [rest.flush(), zlib.crc32(page).to_bytes(4, "little"), (len(page) & 0xFFFFFFFF).to_bytes(4, "little")]
    return b"".join(out)


def _pieces(page: bytes) -> Iterator[tuple[bytes, bool]]:
    """Yield the pieces of a page in order, and of each whether it is the text of a large style or script."""
    done = 0
    for opening in _OPENING.finditer(page):
        begin, end = opening.end(), page.find(b"</" + opening[1], opening.end())
        if opening.start() >= done and end - begin >= LARGE:
            yield page[done:begin], False
            yield page[begin:end], True
            done = end
    yield page[done:], False


@lru_cache(REMEMBERED)
def _alone(piece: bytes) -> bytes:
    best = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    return best.compress(piece) + best.flush(zlib.Z_FULL_FLUSH)
