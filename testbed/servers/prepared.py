"""Runs commands that find their prepared files in a folder of their own, whatever the environment has prepared."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from testbed import ROOT

_PREFIX = "import sys; sys.prefix = sys.argv.pop(1); "
_RUN = _PREFIX + "from app.__main__ import main; sys.exit(main())"
_FONTS = (
    _PREFIX
    + "from app.static_command import prepare_fonts; from app.web.static_cache import static_cache; "
    + "prepare_fonts(static_cache())"
)


def app_with_files_of(prefix: Path) -> tuple[str, ...]:
    """Return `-m app` as it looks below `prefix` for what is prepared (`app/web/static_cache.py`)."""
    return ("-c", _RUN, str(prefix))


def with_files_of(prefix: Path) -> tuple[str, ...]:
    """Return the command of a store that looks there."""
    return (*app_with_files_of(prefix), "serve", "--host", "127.0.0.1", "--port")


def prepare_fonts(prefix: Path) -> None:
    """Prepare the fonts and the style sheet below `prefix`: seconds, where all files would take half a minute."""
    subprocess.run([sys.executable, "-c", _FONTS, str(prefix)], check=True, cwd=ROOT)
