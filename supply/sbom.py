"""Makes a bill of materials (CycloneDX, JSON) of a lock file, offline: `make sbom`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

from supply import ROOT
from supply.lock import canonical

_COMMAND: Final = ("-m", "cyclonedx_py", "requirements", "--output-reproducible", "--output-format=JSON")
_OSI: Final = "License :: OSI Approved :: "


def bill_of(lock: Path) -> dict[str, Any]:
    """Return the bill of a lock file.

    A lock names no licences: they are those of this environment's packages. A package for another system, or for
    another version of Python, is in the bill without one.
    """
    project = ("--pyproject", str(ROOT / "pyproject.toml"))
    command = [sys.executable, *_COMMAND, *project, str(lock)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    bill: dict[str, Any] = json.loads(done.stdout)
    for component in bill["components"]:
        if licences := _licences(component["name"], component["version"]):
            component["licenses"] = licences
    return bill


def _licences(name: str, version: str) -> list[dict[str, Any]]:
    """Return what the installed package says of its licence, as CycloneDX writes it."""
    try:
        installed = distribution(canonical(name))
    except PackageNotFoundError:
        return []
    if installed.version != version:
        return []
    about = installed.metadata
    if "License-Expression" in about:
        return [{"expression": about["License-Expression"]}]
    named = [line.removeprefix(_OSI) for line in about.get_all("Classifier", []) if line.startswith(_OSI)]
    if not named and "License" in about:
        named = about["License"].splitlines()[:1]
    return [{"license": {"name": name}} for name in named]


def main(arguments: Sequence[str]) -> int:
    """Write the bill of a lock file into another file; return the exit status."""
    lock, target = map(Path, arguments)
    target.parent.mkdir(parents=True, exist_ok=True)
    bill = bill_of(lock)
    target.write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")
    print(f"{target}: {len(bill['components'])} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
