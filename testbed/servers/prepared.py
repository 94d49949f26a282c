"""Runs a store that finds its prepared files in a folder of its own, whatever the environment has prepared."""

from __future__ import annotations

from pathlib import Path

_UVICORN = "import sys; sys.prefix = sys.argv.pop(1); from uvicorn.main import main; sys.exit(main())"


def with_files_of(prefix: Path) -> tuple[str, ...]:
    """Return the command of a store that looks below `prefix` for what is prepared (`app/web/static_cache.py`)."""
    return ("-c", _UVICORN, str(prefix), "app.main:app", "--host", "127.0.0.1", "--port")
