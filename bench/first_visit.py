"""What a first visit of the shop page costs: bytes, and time on a throttled phone, with files prepared and without.

    .venv/bin/python -m app static       # once: prepares the files
    .venv/bin/python -m bench.first_visit

Both stores are the same; one finds nothing prepared. Each visit is a new browser with an empty cache, and the stores
take turns. `MEASURES` is where another way to measure a visit, such as Lighthouse, has its place.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser

from app.web.static_cache import static_cache
from bench.report import Target, judge, print_table
from testbed.browser.chromium import TOOLS, chromium
from testbed.servers import running_store
from testbed.servers.prepared import with_files_of

TURNS = 5
VIEWPORT = {"width": 390, "height": 844}
SLOW_NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
"""Milliseconds, bytes a second: Lighthouse's phone. Chromium throttles requests, but not websockets."""
SLOW_PROCESSOR = 4
KINDS = {
    "Script": "scripts",
    "Font": "fonts",
    "Stylesheet": "style sheets",
    "Document": "the page",
    "Image": "pictures",
}
LOADED = """
window.shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});
window.loaded = when(() => seen('[class*="st-key-add-"] button'));
"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"

Figures = dict[str, float]
Measure = Callable[[Browser, str], Figures]


def transferred(browser: Browser, url: str) -> Figures:
    """Return what Chromium received for one visit, in KiB by kind of file, heads included; and the requests."""
    received: Figures = {}
    with browser.new_context(viewport=VIEWPORT) as context:  # type: ignore[arg-type]
        page = context.new_page()
        kinds: dict[str, str] = {}
        client = context.new_cdp_session(page)

        def count(event: Mapping[str, Any]) -> None:
            for name in (KINDS.get(kinds.get(event["requestId"], ""), "other"), "all"):
                received[name] = received.get(name, 0) + event["encodedDataLength"] / 1024
            received["requests"] = received.get("requests", 0) + 1

        client.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
        client.on("Network.loadingFinished", count)
        client.send("Network.enable")
        page.goto(url)
        page.wait_for_selector('[class*="st-key-add-"] button')
        page.wait_for_load_state("networkidle")
    return received


def on_a_phone(browser: Browser, url: str) -> Figures:
    """Return the seconds until the first paint and the first product's button, throttled, and the layout shift."""
    with browser.new_context(viewport=VIEWPORT) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.add_init_script(TOOLS + LOADED)
        client = context.new_cdp_session(page)
        client.send("Network.enable")
        client.send("Network.emulateNetworkConditions", SLOW_NETWORK)
        client.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PROCESSOR})
        page.goto(url, wait_until="commit")
        seconds: float = page.evaluate("loaded") / 1_000
        first_paint: float = page.evaluate(FIRST_PAINT) / 1_000
        page.wait_for_load_state("networkidle")
        shift: float = page.evaluate("shift")
    return {"first paint": first_paint, "first product": seconds, "shift": shift}


MEASURES: Mapping[Measure, int] = {transferred: 3, on_a_phone: TURNS}
"""Each way to measure a visit, and how often."""


def measure(browser: Browser, url: str, figures: dict[str, list[float]], turn: int) -> None:
    """Make the visits of a turn and note their figures."""
    for way, turns in MEASURES.items():
        if turn < turns:
            for name, figure in way(browser, url).items():
                figures.setdefault(name, []).append(figure)


def report(before: Mapping[str, list[float]], after: Mapping[str, list[float]]) -> int:
    """Print the figures; return the exit status."""
    rows = []
    for name in after:
        old, new = median(before.get(name, [0])), median(after[name])
        rows.append((name, f"{old:,.2f}", f"{new:,.2f}", f"{new / old:.2f}" if old else ""))
    print_table(
        "A first visit of the shop page: KiB, and seconds on a throttled phone (medians)",
        ("", "as Streamlit sends it", "prepared", "ratio"),
        rows,
    )
    return judge([Target("KiB of a first visit", median(after["all"]), at_most=700)])


def main() -> int:
    """Measure and report."""
    cache = static_cache()
    if not (cache.compressed.is_dir() and cache.fonts.is_dir()):
        print("The files are not prepared: .venv/bin/python -m app static", file=sys.stderr)
        return 1
    before: dict[str, list[float]] = {}
    after: dict[str, list[float]] = {}
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        stores = []
        for name, prefix in (("before", folder / "nothing"), ("after", Path(sys.prefix))):
            (folder / name).mkdir()
            stores.append(ending.enter_context(running_store(folder / name, command=with_files_of(prefix))))
        browser = ending.enter_context(chromium())
        for turn in range(TURNS):
            measure(browser, stores[0].url, before, turn)
            measure(browser, stores[1].url, after, turn)
    return report(before, after)


if __name__ == "__main__":
    sys.exit(main())
