"""`python -m app static`: prepares Streamlit's files, so that a first visit takes a fifth of the bytes."""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from servestatic.compress import Compressor

from app.terminal import fail
from app.web.compile_hints import HINT, large_scripts
from app.web.static_cache import StaticCache, static_cache


def add_static(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `static`."""
    parser = commands.add_parser(
        "static",
        help="compress Streamlit's files and cut its fonts, once for each release",
        description="Compresses Streamlit's files and cuts its fonts down to what the shop draws: half a minute, once "
        "for each release. A store that runs takes them up by itself. Without them it sends the files as they are.",
    )
    parser.set_defaults(run=run_static)


def run_static(_chosen: argparse.Namespace) -> int:
    """Prepare what is not there yet."""
    started = time.monotonic()
    try:
        made = prepare(static_cache())
    except ImportError as error:
        return fail(f"brotli and fonttools make the files (the extra `build`), and one is missing: {error}")
    except ValueError as error:
        return fail(f"the fonts cannot be cut: {error}")
    except OSError as error:
        return fail(f"the files cannot be written: {error}")
    print(f"prepared in {time.monotonic() - started:.0f} s" if made else "nothing to do")
    return 0


def prepare(cache: StaticCache) -> bool:
    """Make the folders that are not there, once no other process is at it. Return False if all are there.

    Raises:
        ImportError: what makes them is not installed.
        ValueError: the shop names an icon that does not exist, or Streamlit's files are not as they were.
        OSError: they cannot be written.
    """
    with _alone(cache.compressed.parent):
        return any([prepare_fonts(cache), _complete(cache, cache.compressed, _link)])


def prepare_fonts(cache: StaticCache) -> bool:
    """Make the folder of fonts, by far the quicker one. Return False if it is there."""
    return _complete(cache, cache.fonts, _cut)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Wait until no other process is at it; none begins until the end of the block, or of this process."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _complete(cache: StaticCache, folder: Path, make: Callable[[StaticCache, Path], None]) -> bool:
    """Make a folder and compress what is in it. It gets its name when all of it is on the disk.

    Return False if it is there.
    """
    if folder.is_dir():
        return False
    unfinished = folder.with_name(f"unfinished-{folder.name}")
    shutil.rmtree(unfinished, ignore_errors=True)  # of a process that was killed
    unfinished.mkdir(parents=True)
    make(cache, unfinished)
    _compress(unfinished)
    os.sync()
    unfinished.rename(folder)
    return True


def _cut(cache: StaticCache, folder: Path) -> None:
    from app.web.fonts import make_fonts  # noqa: PLC0415 - brings Streamlit and fonttools, which --help does not need

    make_fonts(cache, folder)


def _link(cache: StaticCache, folder: Path) -> None:
    """Link to the originals, beside which the library looks for the compressed forms. Some begin with a hint."""
    hinted = set(large_scripts(cache.originals))
    for original in cache.originals.rglob("*"):
        target = folder / original.relative_to(cache.originals)
        if original.is_dir():
            target.mkdir()
        else:
            target.parent.mkdir(exist_ok=True)
            if original in hinted:
                target.write_text(HINT + original.read_text(encoding="utf-8"), encoding="utf-8")
            else:
                target.symlink_to(original)


def _compress(folder: Path) -> None:
    import brotli  # noqa: F401, PLC0415 - without it the library would leave out its forms in silence

    compressor = Compressor(use_zstd=False, quiet=True)  # zstd only exists from Python 3.14 on, and is no smaller
    files = [path for path in folder.rglob("*") if path.is_file() and compressor.should_compress(path.name)]
    largest_first = sorted(files, key=lambda path: path.stat().st_size, reverse=True)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        list(threads.map(compressor.compress, largest_first))
