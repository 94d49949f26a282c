"""Where a request goes: paths compared by whole segments."""

from __future__ import annotations

from collections.abc import Collection


def is_below(path: str, routes: Collection[str]) -> bool:
    """Tell whether a path is one of the routes or below one, by whole segments: `/media-kit` is not below `/media`."""
    return any(path == route or path.startswith(f"{route}/") for route in routes)
