"""Where a product's picture may come from: a file in the pictures folder, or an https address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

LONGEST_ADDRESS = 2_000
FILE_SUFFIXES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")
"""Of the files that are pictures, in small letters. The shop serves no others from the pictures folder."""

BETWEEN = "|"
"""Stands between the pictures of a cell: no address has it, and hardly a file name."""

MOST_FURTHER = 20
"""Pictures of a product beside its first one."""

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


def further_pictures(cell: str) -> list[str]:
    """Return the pictures of the cell `further_pictures`."""
    return [picture for part in cell.split(BETWEEN) if (picture := part.strip())]


def is_picture_address(text: str) -> bool:
    """Tell whether a text is an https address with a host, not too long and without spaces."""
    if not text.startswith("https://") or len(text) > LONGEST_ADDRESS or not text.isprintable() or " " in text:
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def is_picture_file(name: str) -> bool:
    """Tell by its path below the pictures folder whether a file may be served: a picture, and nothing hidden."""
    parts = Path(name).parts
    return name.lower().endswith(FILE_SUFFIXES) and not any(part.startswith(".") for part in parts)


def _file_problem(name: str, folder: Path) -> str:
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return f"{name!r} is outside the pictures folder {folder}"
        found = path.is_file()
    except (OSError, ValueError):  # too long for a file name, or with a NUL in it
        found = False
    if not found:
        return f"{name[:SHOWN]!r} is not in the pictures folder {folder}"
    if not is_picture_file(name):
        endings = ", ".join(FILE_SUFFIXES)
        return f"{name[:SHOWN]!r} is not served: a picture's name ends in {endings}, and begins with no dot"
    return ""
