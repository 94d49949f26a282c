"""Chromium, stores and shoppers, for the conftest of each folder whose tests need a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from testbed.shopper import PATIENCE_MS, Shopper
from testbed.store_server import UVICORN, Store, running_store

QUIET = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Tell = Callable[[str], None]
"""Notes a figure of a fault, to be printed at the end of the run."""

LAUNCH: dict[str, Any] = {"args": ["--no-sandbox", "--disable-gpu", *QUIET]}


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Drive the browser from an event loop, which must end before other tests run theirs: hence `package`."""
    with sync_playwright() as driver:
        expect.set_options(timeout=PATIENCE_MS)
        yield driver


@pytest.fixture(scope="package")
def launch_options(playwright: Playwright) -> dict[str, Any]:
    """Give what starts Chromium: the one that KEEPCART_CHROMIUM names, the system's, or Playwright's own."""
    own = playwright.chromium.executable_path
    path = os.environ.get("KEEPCART_CHROMIUM") or shutil.which("chromium") or (own if Path(own).exists() else None)
    if path is None:
        complain = pytest.fail if os.environ.get("KEEPCART_REQUIRE_SERVERS") == "1" else pytest.skip
        complain("NO BROWSER: install chromium, name it in KEEPCART_CHROMIUM, or say `playwright install chromium`")
    return {**LAUNCH, "executable_path": path}


@pytest.fixture(scope="package")
def chromium(playwright: Playwright, launch_options: dict[str, Any]) -> Iterator[Browser]:
    browser = playwright.chromium.launch(**launch_options)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def shared_store(launch_options: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store on SQLite for tests that do it no harm; every shopper in it is a stranger."""
    with running_store(tmp_path_factory.mktemp("store")) as store:
        yield store


@pytest.fixture
def start_store(
    launch_options: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Store]]:
    """Give a function that starts a store of the test's own: `start_store(KEEPCART_STORAGE__URL=…)`."""
    with ExitStack() as stores:

        def start(command: tuple[str, ...] = UVICORN, **environment: str) -> Store:
            return stores.enter_context(running_store(tmp_path_factory.mktemp("store"), environment, command))

        yield start


@pytest.fixture
def store(start_store: Callable[..., Store]) -> Store:
    """Give a store on SQLite that the test may kill."""
    return start_store()


@pytest.fixture
def new_shopper(chromium: Browser) -> Iterator[Callable[..., Shopper]]:
    """Give a function that brings a new browser to a store: `new_shopper(store, viewport=…)`."""
    with ExitStack() as contexts:

        def bring(store: Store, **options: Any) -> Shopper:
            context = chromium.new_context(**options)
            contexts.callback(context.close)
            return Shopper(context.new_page(), store.url)

        yield bring


@pytest.fixture(scope="package")
def warm_browser(chromium: Browser) -> Iterator[BrowserContext]:
    """Give a browser that has Streamlit's scripts in its cache, which halves the time of a page load."""
    with chromium.new_context() as context:
        yield context


@pytest.fixture
def shopper(shared_store: Store, warm_browser: BrowserContext) -> Iterator[Shopper]:
    """Give a stranger in the shared store; nothing is opened yet."""
    warm_browser.clear_cookies()
    yield Shopper(warm_browser.new_page(), shared_store.url)
    for page in warm_browser.pages:
        page.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the servers of a failed test wrote."""
    report = yield
    if report.failed and isinstance(item, pytest.Function):
        for name, value in item.funcargs.items():
            if isinstance(value, Store):
                report.sections.append((f"output of {name}", value.output[-8000:]))
    return report
