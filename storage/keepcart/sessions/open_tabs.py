"""The names of a visitor's tabs. The browser says one with its handshake; where two tabs have it, one is renamed."""

from __future__ import annotations

import secrets
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from starlette.types import Scope

from keepcart.sessions.tabs import NAME

SAYS: Final = "keepcart-tab."
"""Begins the subprotocol by which a handshake names its tab. An address would stand in logs."""

RENAMES: Final = "keepcart-tab "
"""Begins the text that gives a tab another name. Streamlit sends no text; tab.js keeps it from Streamlit's script."""

MARK: Final = "keepcart-connection"
"""The header of a handshake by which its session is found. No browser can send it: ours takes its place."""

_HEADER: Final = b"sec-websocket-protocol"


def taken(scope: Scope) -> tuple[str, Scope]:
    """Return the name of its tab that a handshake says, "" without one, and the handshake without it."""
    offered = [part.strip() for part in _offered(scope)]
    names = [part.removeprefix(SAYS) for part in offered if part.startswith(SAYS)]
    others = [part for part in offered if not part.startswith(SAYS)]
    if not names:
        return "", scope
    headers = [pair for pair in scope["headers"] if pair[0] != _HEADER]
    headers.append((_HEADER, ", ".join(others).encode("latin-1")))
    name = names[0] if NAME.fullmatch(names[0]) else ""
    return name, {**scope, "headers": headers, "subprotocols": others}


def _offered(scope: Scope) -> list[str]:
    return [part for name, value in scope["headers"] if name == _HEADER for part in value.decode("latin-1").split(",")]


class OpenTabs:
    """The tabs that are open in this process. Only for the event loop."""

    def __init__(self) -> None:
        self._open: set[tuple[str, str]] = set()

    def open(self, owner: str, named: str) -> tuple[str, str]:
        """Return the name of a tab that opens, and the tab that it begins like where it is new ("" for the last used).

        A tab that was duplicated has the name of the other one, and begins like it under a name of its own.
        """
        tab, like = named, ""
        if not named or (owner, named) in self._open:
            tab, like = secrets.token_urlsafe(9), named
        self._open.add((owner, tab))
        return tab, like

    def close(self, owner: str, tab: str) -> None:
        """Note that a tab is not open any more."""
        self._open.discard((owner, tab))


def tab_script(nonce: str | None) -> str:
    """Return the script element by which a page names its tab."""
    own = f' nonce="{escape(nonce)}"' if nonce else ""
    return f"<script{own}>{_script()}</script>"


@cache
def _script() -> str:
    return Path(__file__).with_name("tab.js").read_text(encoding="utf-8")
