"""The shop's own routes: what is asked for there is no page."""

from __future__ import annotations

from typing import Final

NOT_PAGES: Final = ("/pictures", "/healthz", "/readyz")
