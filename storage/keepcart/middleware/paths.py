"""Where a request goes: paths compared by whole segments."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from starlette.types import Scope
from streamlit import config

_ODD: Final = re.compile(r"/[.]|//|\\|[\x00-\x1f\x7f]")


def is_below(path: str, routes: Collection[str]) -> bool:
    """Tell whether a path is one of the routes or below one, by whole segments: `/media-kit` is not below `/media`."""
    return any(path == route or path.startswith(f"{route}/") for route in routes)


def _base_path() -> str:
    """Return Streamlit's `server.baseUrlPath` as paths begin with it: `/shop`, or nothing."""
    return f"/{config.get_option('server.baseUrlPath').strip('/')}".rstrip("/")


def _below(path: str, base: str) -> str:
    """Return a path as it stands below a base such as `/shop`, and as it is where it stands elsewhere."""
    return path.removeprefix(base) or "/" if base and is_below(path, (base,)) else path


def path_of(scope: Scope) -> str:
    """Return the path of a request without what a proxy or Streamlit's `server.baseUrlPath` has in front of it."""
    return _below(_below(scope["path"], scope.get("root_path", "")), _base_path())


def is_odd(path: str) -> bool:
    """Tell whether no page and no file of an app is called so.

    That is what has hidden files, `..`, empty segments, backslashes or control characters.

    Args:
        path: decoded, as servers pass it on.
    """
    return _ODD.search(path) is not None
