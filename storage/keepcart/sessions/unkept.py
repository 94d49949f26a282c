"""Which values of an app's session could not be kept: for the app's own tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from keepcart.sessions.codec import Codec, OwnClasses, Unkeepable


def unkept(state: Mapping[str, object], folder: str | Path) -> dict[str, str]:
    """Return the keys whose values `KeepSession` could not keep, each with the reason.

        page = AppTest.from_file("app.py").run()
        assert unkept(page.session_state.to_dict(), folder=".") == {}

    Args:
        state: values by key.
        folder: the one of the app's script; classes of modules in it can be kept.
    """
    codec = Codec(OwnClasses(Path(folder)))
    reasons = {}
    for key, value in state.items():
        try:
            codec.encode(value)
        except Unkeepable as problem:
            reasons[key] = str(problem)
    return reasons
