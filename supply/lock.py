"""What a lock file pins."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

_PIN: Final = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)


class Pin(NamedTuple):
    """A package at one version. A lock for several versions of Python may have one name twice."""

    name: str
    version: str


def canonical(name: str) -> str:
    """Return a package's name as every tool should write it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(*locks: Path) -> list[Pin]:
    """Return what lock files pin, each once, by name."""
    return sorted({Pin(canonical(name), version) for lock in locks for name, version in _PIN.findall(_text(lock))})


def _text(lock: Path) -> str:
    return lock.read_text(encoding="utf-8")
