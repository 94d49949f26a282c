"""Reads the catalogue again when its file was edited, while the shop runs."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.catalogue.products_file import CatalogueError
from app.catalogue.watching import watch
from app.domain.catalogue import Catalogue
from app.domain.finding import Finder

log = logging.getLogger(__name__)


class WatchedCatalogue:
    """Today's catalogue with its search index. A thread watches the file.

    An edited file is read as soon as it has not changed for a second. A faulty edit is logged, one line a fault, and
    the last good catalogue stays.

    Attributes:
        current: the index of the last good catalogue; it is replaced as a whole, so reading it needs no lock.
    """

    def __init__(self, read: Callable[[], Catalogue], file: Path) -> None:
        """Read the catalogue for the first time.

        Raises:
            CatalogueError: it cannot be used.
        """
        self._read = read
        self._file = file
        seen = self._signature()
        self.current = Finder(read())
        watch("catalogue", self._signature, self._update, seen=seen)

    def _signature(self) -> tuple[int, int, int] | None:
        try:
            status = self._file.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _update(self) -> None:
        try:
            with _yielding_to_shoppers():
                self.current = Finder(self._read())
        except CatalogueError as error:
            log.error("catalogue edit ignored, the last good one stays", extra={"faults": len(error.faults)})  # noqa: TRY400
            for fault in error.faults:
                log.error("catalogue fault", extra={"fault": str(fault)})  # noqa: TRY400 - a fault of the file needs no trace
        else:
            log.info("catalogue taken up", extra={"products": len(self.current.catalogue.products)})


@contextmanager
def _yielding_to_shoppers() -> Iterator[None]:
    """Let shoppers' threads interrupt this one soon.

    A run waits for the interpreter some hundred times, each time up to the switch interval. `app.main` makes the
    interval long, which makes runs cheaper, but slow beside a thread that computes for seconds.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
