"""Which values of an app's session could not be kept: for the app's own tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from keepcart.sessions.codec import Codec, OwnClasses, Unkeepable


def unkept(state: Any, folder: str | Path) -> dict[str, str]:
    """Return the keys whose values `KeepSession` could not keep, each with the reason.

        page = AppTest.from_file("app.py").run()
        assert unkept(page.session_state, folder=".") == {}

    Args:
        state: of Streamlit's `AppTest`; or values by key.
        folder: the one of the app's script; classes of modules in it can be kept.
    """
    codec = Codec(OwnClasses(Path(folder)))
    reasons = {}
    for key, value in _items(state):
        try:
            codec.encode(value)
        except Unkeepable as problem:
            reasons[key] = str(problem)
    return reasons


def _items(state: Any) -> Iterable[tuple[str, Any]]:
    """Return keys and values. `AppTest` has its own kind of state, which has `items` since Streamlit 1.67."""
    values: Mapping[str, Any] = state if hasattr(state, "items") else state.filtered_state
    return values.items()
