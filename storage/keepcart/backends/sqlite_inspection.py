"""What a SQLite file's place, disk and log mean for documents that are to be kept."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from keepcart.backends.inspection import Finding
from keepcart.backends.sqlite_privacy import readable_by_others

_LITTLE_SPACE: Final = 100 * 10**6
_NETWORK: Final = {
    "9p",
    "afs",
    "ceph",
    "cifs",
    "fuse.glusterfs",
    "fuse.sshfs",
    "lustre",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
}
_MOUNTS: Final = Path("/proc/self/mountinfo")
_LOSES: Final = {
    1: "synchronous NORMAL: a power cut may lose the last changes, a killed process none",
    2: "synchronous FULL: not even a power cut loses a change",
}


def inspect_file(path: Path, *, journal: str, synchronous: int) -> list[Finding]:
    """Look at an open file. `journal` and `synchronous` are what its pragmas of these names return."""
    found = f"journal_mode {journal}, {_LOSES[synchronous]}"
    log = Finding("sqlite: log", "ok", found)
    if journal != "wal":
        log = Finding("sqlite: log", "warning", found, "its file system takes no write-ahead log: use another")
    return [log, _disk(path), _privacy(path)]


def _privacy(path: Path) -> Finding:
    name, found = "sqlite: privacy", readable_by_others(path.resolve())
    if not found:
        return Finding(name, "ok", "only its owner can read the file")
    files = ", ".join(file.name for file in found)
    return Finding(name, "warning", f"others can read {files}", "let its owner say chmod 600, and run as its owner")


def _disk(path: Path) -> Finding:
    name, free = "sqlite: disk", shutil.disk_usage(path.parent).free
    kind = file_system(path, _MOUNTS.read_text("utf-8", "surrogateescape") if _MOUNTS.exists() else "")
    if kind in _NETWORK:
        found = f"a network file system ({kind}), where SQLite's locks do not work"
        return Finding(name, "warning", found, "use a disk of this machine; for several machines use Redis")
    if free < _LITTLE_SPACE:
        return Finding(name, "warning", f"{free / 1e9:.1f} GB free", "make room: a full disk takes no more changes")
    return Finding(name, "ok", f"{free / 1e9:.1f} GB free")


def file_system(path: Path, mounts: str) -> str:
    """Return the kind of the file system that holds a file; "" where the list of mounts has none.

    Args:
        mounts: the kernel's list of mounts, as in proc(5). Only Linux has one; elsewhere it is empty, and a network
            file system is not noticed.
    """
    kind, depth = "", 0
    for line in mounts.splitlines():
        place, _, source = line.partition(" - ")
        mount = Path(place.split(" ")[4].encode("ascii", "backslashreplace").decode("unicode_escape"))
        # Of several mounts on one place the last one hides the others.
        if path.resolve().is_relative_to(mount) and len(mount.parts) >= depth:
            kind, depth = source.split(" ")[0], len(mount.parts)
    return kind
