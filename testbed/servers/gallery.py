"""The gallery of apps, served as anybody's own app is; kept, or plain Streamlit."""

from __future__ import annotations

from pathlib import Path

from testbed import ROOT
from testbed.servers.store import Store

_COMMAND = (
    *("-m", "uvicorn", "--app-dir", str(ROOT), "testbed.gallery.kept:app"),
    *("--no-access-log", "--log-level", "warning", "--host", "127.0.0.1", "--port"),
)


def gallery(folder: Path, url: str = "", script: str = "entry.py") -> Store:
    """Return a server of the gallery, which is not started yet.

    Args:
        folder: its own.
        url: of the storage that keeps its sessions; "" for plain Streamlit.
        script: of the gallery's folder.
    """
    environment = {"GALLERY": script, **({"KEPT": url} if url else {})}
    return Store(folder, environment, _COMMAND, cwd=ROOT / "testbed" / "gallery")  # so that its .streamlit counts
