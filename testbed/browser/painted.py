"""Pages that the server has painted."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page


def open_painted(page: Page, url: str, asked: list[Any] | None = None) -> str:
    """Load a page until it comes with its paint; return its HTML.

    A busy server may not have read the cart in time. Then the page goes out as it is, and is asked for again.

    Args:
        page: loads it.
        url: of the page.
        asked: what the page has asked for, as a test notes it; emptied before each load.
    """
    for _ in range(5):
        if asked is not None:
            asked.clear()
        answer = page.goto(url, wait_until="commit")
        assert answer
        if "<first-paint" in (html := answer.text()):
            return html
    pytest.fail("the server painted the page in none of five answers")
