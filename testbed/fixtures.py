"""Stores, databases, Chromium and shoppers, as fixtures for every folder of tests (a plugin of tests/conftest.py)."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from testbed.browser.chromium import launch_options as options_of
from testbed.browser.shopper import PATIENCE_MS, Shopper
from testbed.servers import PostgresServer, Server, Store, running_postgres, running_store
from testbed.servers.prepared import prepare_fonts, with_files_of
from testbed.servers.store import SERVE
from testbed.shopkeeper import Shopkeeper, shopkeeper

Tell = Callable[[str], None]
"""Notes a figure, to be printed at the end of the run."""

_FIGURES = pytest.StashKey[list[tuple[str, str]]]()


def pytest_configure(config: pytest.Config) -> None:
    """Make room for figures."""
    config.stash[_FIGURES] = []


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Give a function that notes what was measured, for pages such as docs/reliability.md."""
    figures = request.config.stash[_FIGURES]
    return lambda figure: figures.append((request.node.name, figure))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the figures."""
    if figures := config.stash[_FIGURES]:
        terminalreporter.section("figures")
        for name, figure in figures:
            terminalreporter.line(f"{name}: {figure}")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Drive the browser from an event loop, under which no test may run one of its own (tests/conftest.py)."""
    with sync_playwright() as driver:
        expect.set_options(timeout=PATIENCE_MS)
        yield driver


@pytest.fixture(scope="session")
def launch_options(playwright: Playwright) -> dict[str, Any]:
    """Give what starts Chromium; skip, loudly, where there is none, and fail where CI demands one."""
    options = options_of(playwright)
    if options is None:
        complain = pytest.fail if os.environ.get("KEEPCART_REQUIRE_SERVERS") == "1" else pytest.skip
        complain("NO BROWSER: install chromium, name it in KEEPCART_CHROMIUM, or say `playwright install chromium`")
    return options


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, launch_options: dict[str, Any]) -> Iterator[Browser]:
    browser = playwright.chromium.launch(**launch_options)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """Give a PostgreSQL for tests that do it no harm; those which kill it run their own (`running_postgres`)."""
    with running_postgres(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Give an empty database of the test's own."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(scope="session")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store on SQLite for tests that do it no harm; every shopper in it is a stranger."""
    with running_store(tmp_path_factory.mktemp("store")) as store:
        yield store


@pytest.fixture(scope="session")
def store_with_small_fonts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store whose fonts and style sheet are prepared, and whose scripts are not yet."""
    prefix = tmp_path_factory.mktemp("prefix")
    prepare_fonts(prefix)
    with running_store(tmp_path_factory.mktemp("store"), command=with_files_of(prefix)) as store:
        yield store


@pytest.fixture(scope="module")
def mortal_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store on SQLite that every test of a file may kill and start again."""
    with running_store(tmp_path_factory.mktemp("store")) as store:
        yield store


@pytest.fixture(scope="module")
def keeper_and_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shopkeeper]:
    """Give the keeper of a store whose catalogue the tests of a file may edit."""
    with shopkeeper(tmp_path_factory.mktemp("shop")) as keeper:
        yield keeper


@pytest.fixture
def start_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Store]]:
    """Give a function that starts a store of the test's own: `start_store(KEEPCART_STORAGE__URL=…)`."""
    with ExitStack() as stores:

        def start(command: tuple[str, ...] = SERVE, **environment: str) -> Store:
            return stores.enter_context(running_store(tmp_path_factory.mktemp("store"), environment, command))

        yield start


@pytest.fixture
def new_shopper(chromium: Browser) -> Iterator[Callable[..., Shopper]]:
    """Give a function that brings a new browser to a store: `new_shopper(store, viewport=…)`."""
    with ExitStack() as contexts:

        def bring(store: Store, **options: Any) -> Shopper:
            context = chromium.new_context(**options)
            contexts.callback(context.close)
            return Shopper(context.new_page(), store.url)

        yield bring


@pytest.fixture(scope="session")
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
            if isinstance(value, Server):
                report.sections.append((f"output of {name}", value.output[-8000:]))
    return report
