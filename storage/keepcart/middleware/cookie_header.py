"""Reads a Cookie header as strictly as it matters who the visitor is.

Starlette's parser strips every character that Python calls a space, such as U+00A0, and lets the last of two equal
names win. A sibling domain may set cookies for this one, but none whose name begins with `__Host-`. With such a
character before the name it could, and its cookie won (tried).
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Scope

_BLANK = " \t"  # all that RFC 6265 (4.2.1, 5.2) lets a browser put between pairs


def pairs_in(scope: Scope) -> list[tuple[str, str]]:
    """Return names and values of all cookies in the order in which the browser sent them, duplicates included."""
    header = "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
    pairs = (part.strip(_BLANK).partition("=") for part in header.split(";"))
    return [(name, value) for name, equals, value in pairs if equals]


def cookies_in(scope: Scope) -> Mapping[str, str]:
    """Return the cookies by their exact names. Of two with one name the first wins: browsers send the older first."""
    found: dict[str, str] = {}
    for name, value in pairs_in(scope):
        found.setdefault(name, value)
    return found
