"""The library as it is published: a wheel, and fresh environments that have it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from testbed import ROOT

LEFT_BEHIND = shutil.ignore_patterns("__pycache__", "*.egg-info", "build")
"""What installing and building leave in a source folder."""


def build_wheel(folder: Path) -> Path:
    """Build the library's wheel in a folder, from a copy, without the network; return its path."""
    source = folder / "source"
    shutil.copytree(ROOT / "storage", source, ignore=LEFT_BEHIND)
    without_network = ("--quiet", "--no-index", "--no-deps", "--no-build-isolation")
    _pip(sys.executable, "wheel", *without_network, "--wheel-dir", str(folder), str(source))
    (wheel,) = folder.glob("*.whl")
    return wheel


def environment_beside_ours(folder: Path) -> Path:
    """Make an environment that finds our packages, but neither the library nor the shop; return its Python.

    Both are found through .pth files, and Python follows none in a folder that is itself named by one.
    """
    venv.create(folder, with_pip=False)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    (site_packages / "ours.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin" / "python"


def environment_with_wheel(folder: Path, wheel: Path) -> Path:
    """Make an environment that has the wheel and finds our packages, without the network; return its Python."""
    python = environment_beside_ours(folder)
    _pip(str(python), "install", "--quiet", "--no-index", "--no-deps", str(wheel))
    return python


def environment_from_index(folder: Path, wheel: Path) -> Path:
    """Make an environment as a new user does, by `pip install` of the wheel with `[cookies]`; return its Python."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", f"{wheel}[cookies]"], cwd=folder, check=True)
    return python


def _pip(python: str, command: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--python", python, command, *arguments], check=True)
