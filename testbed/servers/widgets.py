"""The app of kept widgets, served as anybody's own app is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testbed.servers.store import Store, running_store

_UVICORN = ("-m", "uvicorn", "--app-dir", "testbed/widgets_app", "kept_widgets_main:app", "--no-access-log")


@contextmanager
def widgets_app(folder: Path, url: str | None = None) -> Iterator[Store]:
    """Serve it with its values in a storage; without a URL in a file in the folder."""
    storage = {"WIDGETS_URL": url or f"sqlite:///{folder}/widgets.db"}
    with running_store(folder, storage, (*_UVICORN, "--host", "127.0.0.1", "--port")) as app:
        yield app
