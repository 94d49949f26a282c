"""Reads the pages of text again when one was edited, while the shop runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from app.catalogue.text_files import TextsError, legal_files, text_files
from app.catalogue.watching import watch
from app.domain.text import Text

log = logging.getLogger(__name__)


class WatchedTexts:
    """Today's pages of text by name. A thread watches their folders; faulty edits are logged, and the last good stay.

    Attributes:
        current: they are replaced as a whole, so reading them needs no lock.
    """

    def __init__(self, read: Callable[[], Mapping[str, Text]], folder: Path, legal: Path) -> None:
        """Read them for the first time.

        Args:
            read: reads them.
            folder, legal: where they and the legal ones are.

        Raises:
            TextsError: they cannot be used.
        """
        self._read = read
        self._folder, self._legal = folder, legal
        seen = self._signature()
        self.current = read()
        watch("texts", self._signature, self._update, seen=seen)

    def _signature(self) -> object:
        try:
            files = [*text_files(self._folder), *legal_files(self._legal)]
            return [(file, *self._stamp(file)) for file in files]
        except OSError:  # one is being replaced
            return None

    @staticmethod
    def _stamp(file: Path) -> tuple[int, int, int]:
        status = file.stat()
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _update(self) -> None:
        try:
            self.current = self._read()
        except TextsError as error:
            log.error("edit of texts ignored, the last good ones stay", extra={"faults": len(error.faults)})  # noqa: TRY400
            for fault in error.faults:
                log.error("text fault", extra={"fault": str(fault)})  # noqa: TRY400 - a fault of a file needs no trace
        else:
            log.info("texts taken up", extra={"pages": len(self.current)})
