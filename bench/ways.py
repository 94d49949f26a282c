"""The ways in which people keep a counter and a text in Streamlit, side by side in Chromium.

    .venv/bin/python -m bench.ways

About 8 minutes. Each way is a script in bench/ways, as its package's README has it, under plain `streamlit run`. Of
each: script runs of a page load, reload to the kept value, what two tabs lose that count in turn and at once, and what
becomes of a long text. The ways take turns reload by reload. Local storage needs a package that is none of ours and is
left out, loudly, where it is missing:

    python -m pip install --no-deps --target FOLDER streamlit-local-storage
    PYTHONPATH=FOLDER .venv/bin/python -m bench.ways
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.report import Target, judge, print_table
from bench.shops import HEADLESS, STREAMLIT_RUN
from testbed import ROOT
from testbed.browser.chromium import TOOLS, chromium
from testbed.servers import Store, redis_server, running_store

WAYS = {
    "ours, with the middleware": "kept_app.py",
    "ours, without it": "kept.py",
    "streamlit-cookies-controller": "cookies.py",
    "streamlit-local-storage": "local_storage.py",
    "JSON in Redis, GET and SET": "redis_mirror.py",
}
NEEDS = {"local_storage.py": "streamlit_local_storage"}
RELOADS = 7
CLICKS = 20
"""Of each tab."""
LENGTHS = (5_000, 100_000)
BUTTON = ".st-key-more button"
TOGETHER_SECONDS = 0.08
"""Until two tabs click at the same moment: both have been told by then."""
LOOK_MS = 150
SETTLE_MS = 1_000
"""What runs the load of a page still brings once the value is seen."""
PATIENCE_MS = 8_000

MEASURE = """
window.wrongly = null;
when(() => texts('p', /^Counted to 0$/)).then(at => wrongly = at);
window.restored = when(() => texts('p', /^Counted to [1-9]/));
window.waited = (ms) => Promise.race([restored, new Promise(done => setTimeout(() => done(null), ms))]);
"""
CLICK = "([button, at]) => setTimeout(() => document.querySelector(button).click(), Math.max(0, at - Date.now()))"


@dataclass(slots=True)
class Findings:
    """What was found out about one way.

    Attributes:
        restored: milliseconds from reload to the kept value, of each reload that had it.
        wrong: milliseconds for which the page said 0 before.
        runs: script runs of each reload.
        in_turn, at_once: what two tabs lost, of all their clicks.
        long: what became of a text, by its length.
    """

    restored: list[float] = field(default_factory=list)
    wrong: list[float] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)
    in_turn: int = 0
    at_once: int = 0
    long: dict[int, str] = field(default_factory=dict)


class Tab:
    """A tab that counts the script runs of its page."""

    def __init__(self, page: Page, url: str) -> None:
        """Open the page."""
        self.page = page
        self.runs = 0
        page.add_init_script(TOOLS + MEASURE)
        page.on("websocket", self._listen)
        page.goto(url)
        page.wait_for_selector(BUTTON)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing runs."""
        self.page.wait_for_timeout(LOOK_MS)
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')

    def click(self, at: float = 0) -> None:
        """Count one more, at a time in seconds since the epoch, or at once where that is over."""
        self.page.wait_for_selector(BUTTON)
        self.page.evaluate(CLICK, [BUTTON, at * 1_000])

    def reload(self) -> tuple[float | None, float]:
        """Reload; return the milliseconds until the kept value, None without it, and how long it said 0 before."""
        self.runs = 0
        self.page.reload(wait_until="commit")
        restored: float | None = self.page.evaluate(f"waited({PATIENCE_MS})")
        self.page.wait_for_timeout(SETTLE_MS)
        self.settle()
        wrongly: float | None = self.page.evaluate("wrongly")
        end = PATIENCE_MS if restored is None else restored
        return restored, 0.0 if wrongly is None else max(0.0, end - wrongly)

    def count(self) -> int:
        """Return what the page says."""
        told = re.search(r"Counted to (\d+)", self.page.locator("p", has_text="Counted to").inner_text())
        assert told
        return int(told[1])

    def write(self, text: str) -> str:
        """Fill in the note; return what it holds after a reload, or what the page says against it."""
        self.page.get_by_label("Note").fill(text)
        self.page.get_by_label("Note").press("Enter")
        self.page.wait_for_timeout(SETTLE_MS)
        self.settle()
        if refusal := self.page.locator('[data-testid="stAlert"], [data-testid="stException"]').all_inner_texts():
            return f"refused: {refusal[0]}"
        self.page.reload()
        self.page.wait_for_selector(BUTTON)
        self.page.wait_for_timeout(SETTLE_MS)
        self.settle()
        return self.page.get_by_label("Note").input_value()

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._received)

    def _received(self, frame: bytes | str) -> None:
        if isinstance(frame, bytes):
            self.runs += ForwardMsg.FromString(frame).HasField("new_session")


@contextmanager
def served(folder: Path, script: str, redis_url: str) -> Iterator[Store]:
    """Serve a way as its user would."""
    path = str(ROOT / "bench" / "kept_by" / script)
    command = (*STREAMLIT_RUN, path, "--browser.gatherUsageStats", "false", *HEADLESS)
    with running_store(folder / script, {"WAYS_REDIS": redis_url}, command) as shop:
        yield shop


def count_in_two_tabs(browser: Browser, url: str, *, at_once: bool) -> int:
    """Let two tabs of a new visitor count, each click seen before the tab's next; return how many are lost."""
    context = browser.new_context()
    first = Tab(context.new_page(), url)
    first.click()
    first.settle()
    second = Tab(context.new_page(), first.page.url)
    second.page.wait_for_timeout(SETTLE_MS)
    for _ in range(CLICKS):
        at = time.time() + TOGETHER_SECONDS if at_once else 0
        first.click(at)
        if not at_once:
            first.settle()
        second.click(at)
        first.settle()
        second.settle()
    first.page.wait_for_timeout(SETTLE_MS)
    first.reload()
    lost = 1 + 2 * CLICKS - first.count()
    context.close()
    return lost


def keep_long_text(browser: Browser, url: str, length: int) -> str:
    """Write a text of a new visitor and say what became of it."""
    context = browser.new_context()
    text = "".join(f"{number:05}" for number in range(length // 5))
    found = Tab(context.new_page(), url).write(text)
    context.close()
    if found == text:
        return "kept"
    return "refused, said" if found.startswith("refused: ") else "lost"


def measure(browser: Browser, urls: dict[str, str]) -> dict[str, Findings]:
    """Let the ways take turns."""
    found = {name: Findings() for name in urls}
    tabs = {name: Tab(browser.new_context().new_page(), url) for name, url in urls.items()}
    for tab in tabs.values():
        tab.click()
        tab.settle()
        tab.page.wait_for_timeout(SETTLE_MS)  # a cookie is set some time after the page says so
    for _ in range(RELOADS):
        for name, tab in tabs.items():
            restored, wrong = tab.reload()
            found[name].restored += [] if restored is None else [restored]
            found[name].wrong.append(wrong)
            found[name].runs.append(tab.runs)
    for name, url in urls.items():
        tabs[name].page.context.close()
        found[name].in_turn = count_in_two_tabs(browser, url, at_once=False)
        found[name].at_once = count_in_two_tabs(browser, url, at_once=True)
        found[name].long = {length: keep_long_text(browser, url, length) for length in LENGTHS}
    return found


def middle(values: Sequence[float]) -> str:
    """Return a median as text."""
    return f"{median(values):.0f}" if values else "never"


def report(found: dict[str, Findings]) -> int:
    """Print the table; return the exit status."""
    ours = next(iter(found.values()))
    heads = ["", "runs a load", "reload to value, ms", "ratio", "says 0 before, ms", f"kept, of {RELOADS}"]
    rows = [
        (
            name,
            middle(each.runs),
            middle(each.restored),
            f"{median(each.restored) / median(ours.restored):.2f}" if each.restored else "",
            middle(each.wrong),
            str(len(each.restored)),
        )
        for name, each in found.items()
    ]
    print_table(f"Page loads, medians of {RELOADS}", heads, rows)
    heads = ["", "lost in turn", "lost at once", *(f"text of {length:,}" for length in LENGTHS)]
    print_table(
        f"Two tabs, {2 * CLICKS} clicks; long texts",
        heads,
        [(name, str(each.in_turn), str(each.at_once), *each.long.values()) for name, each in found.items()],
    )
    return judge(
        [
            Target("ours: script runs of a load", median(ours.runs), at_least=1, at_most=1),
            Target("ours: reloads without the value", RELOADS - len(ours.restored), at_least=0, at_most=0),
            Target("ours: clicks of two tabs lost", ours.in_turn + ours.at_once, at_least=0, at_most=0),
        ]
    )


def main() -> int:
    """Measure and report."""
    ways = dict(WAYS)
    for name, script in WAYS.items():
        if script in NEEDS and find_spec(NEEDS[script]) is None:
            print(f"SKIPPED: {name} is not installed; the top of {Path(__file__).name} says how to.", file=sys.stderr)
            del ways[name]
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        server = ending.enter_context(redis_server(folder))
        urls = {name: ending.enter_context(served(folder, script, server.url)).url for name, script in ways.items()}
        found = measure(ending.enter_context(chromium()), urls)
    return report(found)


if __name__ == "__main__":
    sys.exit(main())
