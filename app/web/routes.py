"""The routes of the shop that are not pages."""

from __future__ import annotations

from typing import Final

NOT_PAGES: Final = ("/pictures", "/healthz", "/readyz")
