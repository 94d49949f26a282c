"""What axe-core finds on a page: who cannot see, or cannot point, must be able to shop."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def grave(page: Page) -> list[tuple[str, Any]]:
    """Return axe-core's serious and critical findings."""
    violations = Axe().run(page).response["violations"]
    return [
        (found["id"], [node["target"] for node in found["nodes"]])
        for found in violations
        if found["impact"] in ("serious", "critical")
    ]
