"""The routes of the shop that are not pages."""

from __future__ import annotations

from typing import Final

FORGET_ME: Final = "/forget-me"
OWN_DATA: Final = "/privacy/data.json"
NOT_PAGES: Final = ("/pictures", "/healthz", "/readyz", FORGET_ME, OWN_DATA)
