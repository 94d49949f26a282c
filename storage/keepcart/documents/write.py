"""What a tab did to one kept value, and what becomes of it when another tab was faster."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from keepcart.documents.kept import Kept

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Write:
    """What a tab did to one value: from the stored form that it saw to the one that it wants (None: the default)."""

    kept: Kept[Any]
    seen: bytes | None
    wanted: bytes | None

    def met(self, found: bytes | None) -> bytes | None:
        """Return what is stored after this write has met what is stored.

        What cannot be read counts as the default, which every tab shows for it.
        """
        kept = self.kept
        if kept.is_newer(found):
            return found
        if kept.merge is None or found == self.seen:
            return self.wanted
        base, mine, theirs = (kept.decode(self._readable(stored)) for stored in (self.seen, self.wanted, found))
        try:
            return kept.to_store(kept.merge(base, mine, theirs))
        except Exception:
            log.exception("merge of kept value failed, the later one was kept", extra={"value": kept.name})
            return self.wanted

    def _readable(self, stored: bytes | None) -> bytes | None:
        return stored if self.kept.is_readable(stored) else None
