"""Which tests need a server, and what each folder of tests takes.

A test that starts Redis, a store or a browser is marked `server`, by its folder or by itself, and only such a test may
start one. `make quick` leaves these tests out (`-m "not server"`), and the folders below unread.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from testbed import ROOT
from testbed.servers import forbid_servers

pytest_plugins = ["testbed.fixtures"]
TESTS = ROOT / "tests"
SERVER_FOLDERS = ("attacks", "browser", "container", "protocol")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave whole folders unread where the marker is left out."""
    return (_leaves_servers_out(config) and collection_path in [TESTS / name for name in SERVER_FOLDERS]) or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of these folders, and let files that need a browser come last, those of the longest tests first.

    They are the slowest, and once Playwright runs its event loop in a process no other test can run one there. A long
    file at the very end would leave one of two processes without work.
    """
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        if folder in SERVER_FOLDERS:
            item.add_marker(pytest.mark.server)
        if folder == "attacks":
            item.add_marker(pytest.mark.attack)
    in_browser = {item.path for item in items if "playwright" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: (item.path in in_browser, item.path.parent.name != "faults"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let testbed start a server only for a test that is marked."""
    forbid_servers(None if item.get_closest_marker("server") else item.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print how many tests each folder has and how long they took, so that a folder that grows slow is seen."""
    tests: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                folder = report.nodeid.split("/")[1]
                tests[folder] += report.when == "call"
                seconds[folder] += round(report.duration)
    figures = [f"{folder} {tests[folder]} in {seconds[folder]} s" for folder in sorted(tests)]
    if figures:
        terminalreporter.write_line(f"Tests by folder, and their time if run one by one: {', '.join(figures)}.")
    if _leaves_servers_out(config):
        terminalreporter.write_line(
            f"LEFT OUT: tests/{{{','.join(SERVER_FOLDERS)}}} and other tests that start a server. `make test` runs all."
        )


def _leaves_servers_out(config: pytest.Config) -> bool:
    return "not server" in str(config.getoption("-m"))
