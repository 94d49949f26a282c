"""The browser comes last: Playwright keeps an event loop running in the thread of the tests until the session ends."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the order of the files, but for the browser's."""
    items.sort(key=lambda item: "browser" in item.path.parts)
