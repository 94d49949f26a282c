"""Chromium, stores and shoppers."""

from testbed.fixtures import (
    chromium,
    launch_options,
    new_shopper,
    playwright,
    pytest_runtest_makereport,
    shared_store,
    shopper,
    start_store,
    store,
    warm_browser,
)

__all__ = [
    "chromium",
    "launch_options",
    "new_shopper",
    "playwright",
    "pytest_runtest_makereport",
    "shared_store",
    "shopper",
    "start_store",
    "store",
    "warm_browser",
]
