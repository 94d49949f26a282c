"""Which tabs of a visitor are kept: a document of their names, the one that was used last first."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

import msgspec

from keepcart.documents import Document, read

MOST_TABS: Final = 8
"""Sessions that are kept of a visitor. Beyond them the one goes that was used least recently."""

NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")
"""What a browser may call a tab. It chooses among the visitor's own sessions, so it is no secret."""

Tabs = tuple[str, ...]
"""Names of tabs, the one that was used last first."""


def _used(tabs: Tabs, used: Tabs) -> Tabs:
    return (*used, *(tab for tab in tabs if tab not in used))[:MOST_TABS]


_decoder = msgspec.json.Decoder(tuple[int, Tabs])

TABS: Final[Document[Tabs, Tabs]] = Document(
    name="tabs",
    empty=(),
    encode=lambda tabs: msgspec.json.encode((1, tabs)),
    decode=partial(read, readers={1: lambda body: _decoder.decode(body)[1]}),
    apply=_used,
    join=_used,
)
"""A change is the names of the tabs that are used."""
