"""Where a product's picture may come from: a file in the pictures folder, or an https address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

LONGEST_ADDRESS = 2_000
SHOWN = 80
"""Characters of a wrong address or file name that a message repeats."""


def picture_problem(source: str, folder: Path) -> str:
    """Return what is wrong with the cell `picture` of a product; empty if nothing is."""
    if not source:
        return "is empty"
    if "://" not in source:
        return _file_problem(source, folder)
    if is_picture_address(source):
        return ""
    return f"{source[:SHOWN]!r} is not an https address; a picture on another host needs one"


def is_picture_address(text: str) -> bool:
    """Tell whether a text is an https address with a host, not too long and without spaces."""
    if not text.startswith("https://") or len(text) > LONGEST_ADDRESS or not text.isprintable() or " " in text:
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def _file_problem(name: str, folder: Path) -> str:
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return f"{name!r} is outside the pictures folder {folder}"
        found = path.is_file()
    except (OSError, ValueError):  # too long for a file name, or with a NUL in it
        found = False
    return "" if found else f"{name[:SHOWN]!r} is not in the pictures folder {folder}"
