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


class Tabs(msgspec.Struct, frozen=True, array_like=True):
    """The tabs of a visitor.

    Attributes:
        begun: a name for this list; another one where the visitor was forgotten and came back. "" while there is none.
        names: of the tabs.
    """

    begun: str = ""
    names: tuple[str, ...] = ()


class Use(msgspec.Struct, frozen=True):
    """A tab is used.

    Attributes:
        tab: its name.
        begun: the name of the list, where this is its first tab.
    """

    tab: str
    begun: str


def _used(tabs: Tabs, use: Use) -> Tabs:
    others = tuple(other for other in tabs.names if other != use.tab)
    return Tabs(tabs.begun or use.begun, (use.tab, *others)[:MOST_TABS])


_decoder = msgspec.json.Decoder(tuple[int, Tabs])

TABS: Final[Document[Tabs, Use]] = Document(
    name="tabs",
    empty=Tabs(),
    encode=lambda tabs: msgspec.json.encode((1, tabs)),
    decode=partial(read, readers={1: lambda body: _decoder.decode(body)[1]}),
    apply=_used,
    size=lambda use: len(use.tab),
)
