"""Lighthouse's mobile report of a page: scores, times on its simulated phone, and what fails.

It comes from npm into the environment that Python runs in, once, and goes with `make clean`. It measures in a Chromium
that is ours, with an empty cache and with the cookies of a visitor, because a cart's page is nothing without them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Playwright

from testbed.browser.chromium import launch_options
from testbed.servers import free_port

VERSION: Final = "13.5.0"
HOME: Final = Path(sys.prefix) / "share" / f"lighthouse-{VERSION}"
CATEGORIES: Final = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "SEO",
}
SECONDS: Final = {
    "first-contentful-paint": "first contentful paint, s",
    "largest-contentful-paint": "largest contentful paint, s",
    "total-blocking-time": "blocking time, s",
}
SHIFT: Final = "layout shift"
RECEIVED: Final = "received, KiB"
LONGEST: Final = 180
"""Seconds of one report."""


@dataclass(frozen=True, slots=True)
class Report:
    """What Lighthouse says of a page.

    Attributes:
        figures: scores from 0 to 100, seconds, KiB, by the names that they have in a table.
        failing: audits that cost points in what is no matter of time, in words.
    """

    figures: Mapping[str, float]
    failing: frozenset[str]


def installed() -> Path | None:
    """Return Lighthouse's command, installed if need be; None where it cannot be had, which is said loudly."""
    command = HOME / "node_modules" / ".bin" / "lighthouse"
    npm = shutil.which("npm")
    if not command.exists() and npm:
        install = [npm, "install", "--prefix", str(HOME), "--no-fund", "--no-audit", f"lighthouse@{VERSION}"]
        HOME.mkdir(parents=True, exist_ok=True)
        subprocess.run(install, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if command.exists() and shutil.which("node"):
        return command
    print("\nNO LIGHTHOUSE: npm and Node are not here, or npm could not fetch it. Its figures are missing.\n")
    return None


def measured(driver: Playwright, command: Path, url: str, cookies: Iterable[Mapping[str, Any]] = ()) -> Report:
    """Return the report of one visit in a new browser.

    Raises:
        RuntimeError: Lighthouse could not measure the page.
        TimeoutExpired: it took too long.
    """
    options = launch_options(driver)
    assert options, "there is no Chromium"
    port = free_port()
    arguments = [*options["args"], f"--remote-debugging-port={port}"]
    with tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch_persistent_context(f"{folder}/profile", **{**options, "args": arguments})
        try:
            browser.add_cookies(list(cookies))  # type: ignore[arg-type]
            out = Path(folder) / "report.json"
            ask = [str(command), url, "--quiet", "--output=json", f"--output-path={out}", f"--port={port}"]
            said = subprocess.run(
                [*ask, f"--only-categories={','.join(CATEGORIES)}"],
                capture_output=True,
                text=True,
                timeout=LONGEST,
                check=False,
            )
            if not out.exists():
                raise RuntimeError(f"Lighthouse: {said.stderr}")
            return report_in(json.loads(out.read_text(encoding="utf-8")))
        finally:
            browser.close()


def report_in(result: Mapping[str, Any]) -> Report:
    """Return what a report of Lighthouse says.

    Raises:
        RuntimeError: it says that it could not measure.
    """
    if "runtimeError" in result:
        raise RuntimeError(f"Lighthouse: {result['runtimeError']['message']}")
    audits, categories = result["audits"], result["categories"]
    figures = {name: 100 * categories[key]["score"] for key, name in CATEGORIES.items()}
    figures |= {name: audits[key]["numericValue"] / 1_000 for key, name in SECONDS.items()}
    figures[SHIFT] = audits["cumulative-layout-shift"]["numericValue"]
    figures[RECEIVED] = audits["total-byte-weight"]["numericValue"] / 1_024
    failing = frozenset(
        f"{CATEGORIES[key]}: {audits[part['id']]['title']}"
        for key in CATEGORIES
        if key != "performance"
        for part in categories[key]["auditRefs"]
        if part["weight"] and audits[part["id"]]["score"] not in (None, 1)
    )
    return Report(figures, failing)
