"""Where Streamlit's files are kept when they have been prepared, and which of them are the right ones.

They are two folders beside Streamlit itself, in the environment that Python runs in: so they are part of an image, are
there after `make run`, and go with `make clean`. A folder is named by what it was made from. What was made from another
release of Streamlit, or before the shop used a new icon, is therefore never found; neither is what is half written,
because a folder gets its name when it is complete.
"""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Final

ROOT: Final = Path(sys.prefix) / "share" / "keepcart" / "static"
APP: Final = Path(__file__).resolve().parent.parent

_ICON = re.compile(r":material/([a-z0-9_]+)")
_MARK = re.compile(r"\.k[0-9a-f]{16}(?=\.\w+$)")


@dataclass(frozen=True, slots=True)
class StaticCache:
    """The folders that this process may serve from, whether they are there or not.

    Attributes:
        originals: Streamlit's own folder, which is served at `/static`.
        compressed: its files, each with a form for brotli and one for gzip.
        fonts: small fonts, and the style sheet that names them.
        icons: the names of the icons that the shop draws.
    """

    originals: Path
    compressed: Path
    fonts: Path
    icons: frozenset[str]

    @property
    def mark(self) -> str:
        """What the names of our own files carry, since a browser may keep what has a name for ever."""
        return f".k{self.fonts.name.rpartition('-')[2]}"


def static_cache(root: Path = ROOT) -> StaticCache:
    """Return the folders for the Streamlit that is installed and the shop as it is. It reads all files of both."""
    originals = streamlit_folder()
    release, icons = version("streamlit"), icons_in(APP)
    content = _digest(*(part for path in _files(originals) for part in (path.name.encode(), path.read_bytes())))
    hints, recipe = (Path(__file__).with_name(name).read_bytes() for name in ("compile_hints.py", "fonts.py"))
    compressed = _digest(content.encode(), hints)
    fonts = _digest(content.encode(), recipe, *(name.encode() for name in sorted(icons)))
    return StaticCache(originals, root / f"streamlit-{release}-{compressed}", root / f"fonts-{release}-{fonts}", icons)


def streamlit_folder() -> Path:
    """Return the folder that Streamlit serves at `/static`, without importing Streamlit."""
    return Path(str(distribution("streamlit").locate_file("streamlit/static/static")))


def icons_in(folder: Path) -> frozenset[str]:
    """Return the icons that the Python files of a folder name as Streamlit wants them, `:material/undo:`."""
    sources = (path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    return frozenset(name for text in sources for name in _ICON.findall(text))


def marked(name: str, mark: str) -> str:
    """Return a file's name with a mark before its last suffix: `index.C1JORDN2.css` with `.k1…` before `.css`."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}{mark}.{suffix}"


def unmarked(name: str) -> str:
    """Return the name of the file of Streamlit that a file of ours stands for; any other name stays as it is."""
    return _MARK.sub("", name)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(*parts: bytes) -> str:
    """Return 16 hexadecimal digits that differ where any part does."""
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
