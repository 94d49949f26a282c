"""What somebody waits for who comes to the shop, or comes back: on a phone, in bytes, and in Lighthouse's eyes.

    .venv/bin/python -m app static               # once: prepares the files
    .venv/bin/python -m bench.first_visit        # the store beside the plain shop
    .venv/bin/python -m bench.first_visit dd44d98  # and the store of a commit
    .venv/bin/python -m bench.first_visit --once   # one turn of everything
    .venv/bin/python -m bench.first_visit --lighthouse  # its report of the store's pages alone, as CI does

Its tables are those of docs/performance.md. Each visit is a new browser with an empty cache; the shops take turns. An
add counts when the page says how many pieces the cart has: on a painted page it is clicked as soon as it is painted.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from app.web.static_cache import static_cache
from bench import lighthouse
from bench.against import store_of, working_tree
from bench.browser import LINES, cart_parts
from bench.report import Target, judge, print_page_table
from bench.shops import plain_shop, processor_seconds, store
from testbed.browser.chromium import TOOLS, launch_options
from testbed.servers import Store, redis_server

TURNS: Final = 5
REPORTS: Final = 3
"""Of Lighthouse, for each page."""
ASKED: Final = 100
"""GETs of each page in a turn."""

VIEWPORT: Final = {"width": 390, "height": 844}
SLOW_NETWORK: Final = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
"""Milliseconds, bytes a second: Lighthouse's phone. Chromium throttles requests, but not websockets."""
SLOW_PROCESSOR: Final = 4

CART: Final = "cart"
PAGES: Final = {"shop": "/", "product": f"/product?sku={LINES[0]}", CART: "/cart"}

LOOK: Final = """
const attach = HTMLElement.prototype.attachInternals;
HTMLElement.prototype.attachInternals = function () {
  const internals = attach.call(this);
  window.paint = internals.shadowRoot;
  return internals;
};
window.firstPaint = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
window.isAlive = (selectors) => !document.querySelector('first-paint') && selectors.every(seen);
"""
"""Lets the page look into its paint, whose root is closed."""

ADDED: Final = """
window.added = (async () => {
  const real = () => seen(REAL) && document.querySelector(REAL);
  const first = () => firstPaint() && (window.paint?.querySelector(PAINTED) ?? real());
  await when(first);
  first().click();
  const noted = await new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))));
  const counted = await when(() => COUNTED);
  const alive = await when(() => isAlive([REAL]));
  return { first: firstPaint(), noted, counted, alive };
})();
"""
VISIBLE: Final = """
window.visible = (async () => {
  const isPainted = () => window.paint && PAINTED.every((part) => window.paint.querySelector(part)) && firstPaint();
  const first = await when(() => isPainted() || isAlive(REAL));
  return { visible: isPainted() || first, alive: await when(() => isAlive(REAL)) };
})();
"""

FIRST, NOTED, COUNTED, ALIVE = (
    "first paint",
    "a click on *Add* is shown as noted",
    "the first add is counted",
    "Streamlit's own page is there",
)
VISIBLE_AGAIN, SHARE, ALIVE_AGAIN = (
    "reload of a filled cart: visible; the plain shop's form",
    "the same as part of the plain shop's",
    "reload: Streamlit's own page is there",
)
ALL: Final = "received"
KINDS: Final = {
    "Script": "received: scripts",
    "Font": "received: fonts",
    "Document": "received: the page",
    "Image": "received: pictures",
}


@dataclass(slots=True)
class Side:
    """One of the shops, and what was measured in it.

    Attributes:
        name: the head of its column.
        server: it.
        add: selector of the button in Streamlit's page that adds a product.
        painted: the same in a paint.
        counted: JavaScript: whether one piece was added.
        again: selectors of what must be seen after a reload.
        pages: its pages by name.
        figures: what was measured, by the name of the row.
        reports: Lighthouse's figures, by page and row.
        failing: what fails in Lighthouse, by page.
        cookies: of a visitor whose cart is filled.
    """

    name: str
    server: Store
    add: str
    painted: str
    counted: str
    again: Sequence[str]
    pages: Mapping[str, str]
    figures: dict[str, list[float]] = field(default_factory=dict)
    reports: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    failing: dict[str, set[str]] = field(default_factory=dict)
    cookies: list[Any] = field(default_factory=list)

    def note(self, figures: Mapping[str, float]) -> None:
        """Note what one visit has shown."""
        for name, figure in figures.items():
            self.figures.setdefault(name, []).append(figure)

    def middle(self, name: str) -> float | None:
        """Return the median of a figure; None where it was not measured."""
        return median(self.figures[name]) if name in self.figures else None

    def cookies_for(self, page: str) -> list[Any]:
        """Return with which cookies a page is visited: a cart is a filled one, all others are first visits."""
        return self.cookies if page == CART else []


def plain_side(server: Store) -> Side:
    """Return the plain shop."""
    parts = [f'[data-testid="st{part}"]' for part in ("Selectbox", "NumberInput", "FormSubmitButton")]
    add = '[data-testid="stFormSubmitButton"] button'
    return Side("plain shop", server, add, add, "texts('h2, h3', /^Total:/)", parts, {"shop": "/"})


def store_side(name: str, server: Store) -> Side:
    """Return a store."""
    add, painted = f".st-key-add-{LINES[0]} button", f'[data-key="add-{LINES[0]}"]'
    return Side(name, server, add, painted, "texts('a', /^Cart \\(1\\)$/)", cart_parts(), PAGES)


@contextmanager
def visitor(browser: Browser, side: Side, *scripts: str) -> Iterator[tuple[BrowserContext, Page]]:
    """Give a page of a new browser that measures itself."""
    with browser.new_context(viewport=VIEWPORT) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.add_init_script(TOOLS + LOOK + "".join(_filled(script, side) for script in scripts))
        yield context, page


def _filled(script: str, side: Side) -> str:
    """Return a script with what this side looks for."""
    if script is VISIBLE:
        painted = [f'a[href*="sku={sku}"]' for sku in LINES]
        return script.replace("PAINTED", repr(painted)).replace("REAL", repr(list(side.again)))
    return (
        script.replace("PAINTED", repr(side.painted)).replace("REAL", repr(side.add)).replace("COUNTED", side.counted)
    )


def on_a_phone(browser: Browser, side: Side) -> None:
    """Note the seconds of a first visit, throttled."""
    with visitor(browser, side, ADDED) as (context, page):
        client = context.new_cdp_session(page)
        client.send("Network.enable")
        client.send("Network.emulateNetworkConditions", SLOW_NETWORK)
        client.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PROCESSOR})
        page.goto(side.server.url, wait_until="commit")
        times = page.evaluate("added")
        is_painted = page.evaluate("Boolean(window.paint)")
    seconds = {FIRST: times["first"], COUNTED: times["counted"], ALIVE: times["alive"]}
    if is_painted:
        seconds[NOTED] = times["noted"]
    side.note({name: milliseconds / 1_000 for name, milliseconds in seconds.items()})


def received(browser: Browser, side: Side) -> None:
    """Note what Chromium receives for a first visit, in KiB by kind of file, heads included."""
    sums = dict.fromkeys((*KINDS.values(), ALL), 0.0)
    with visitor(browser, side) as (context, page):
        kinds: dict[str, str] = {}
        client = context.new_cdp_session(page)

        def count(event: Mapping[str, Any]) -> None:
            for name in (KINDS.get(kinds.get(event["requestId"], "")), ALL):
                if name:
                    sums[name] += event["encodedDataLength"] / 1024

        client.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
        client.on("Network.loadingFinished", count)
        client.send("Network.enable")
        page.goto(side.server.url)
        page.evaluate(f"when(() => isAlive([{side.add!r}]))")
        page.wait_for_load_state("networkidle")
    side.note(sums)


def fill_cart(browser: Browser, side: Side) -> None:
    """Remember the cookies of a visitor whose cart has three lines."""
    with visitor(browser, side) as (context, page):
        page.goto(side.server.url)
        for number, sku in enumerate(LINES, 1):
            page.click(f".st-key-add-{sku} button")
            page.evaluate(f"when(() => texts('a', /^Cart \\({number}\\)$/))")
        side.cookies = list(context.cookies())


@contextmanager
def coming_back(browser: Browser, side: Side) -> Iterator[Page]:
    """Give a page that was loaded before: the plain shop's, or the store's filled cart."""
    with visitor(browser, side, VISIBLE) as (context, page):
        context.add_cookies(side.cookies)
        page.goto(side.server.url + side.pages.get(CART, "/"))
        page.evaluate("visible")
        yield page


def reloads(pages: Sequence[tuple[Side, Page]], turns: int) -> None:
    """Note the milliseconds of reloads, not throttled. The shops take turns, reload by reload."""
    for _ in range(turns):
        for side, page in pages:
            page.reload(wait_until="commit")
            times = page.evaluate("visible")
            page.wait_for_timeout(300)
            side.note({VISIBLE_AGAIN: times["visible"], ALIVE_AGAIN: times["alive"]})


def served(side: Side) -> None:
    """Note the processor time of the server for each page, in milliseconds a GET."""
    for name, address in side.pages.items():
        cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in side.cookies_for(name))
        heads = {"Accept": "text/html", "Accept-Encoding": "gzip", "Sec-Fetch-Dest": "document", "Cookie": cookies}
        connection = HTTPConnection("127.0.0.1", side.server.port)
        for place in range(2 * ASKED):
            if place == ASKED:
                before = processor_seconds(side.server.pid)
            connection.request("GET", address, headers=heads)
            assert connection.getresponse().read()
        side.note({served_row(name): (processor_seconds(side.server.pid) - before) / ASKED * 1_000})
        connection.close()


def served_row(page: str) -> str:
    """Return the name of the row for a page's time on the server."""
    return f"server, processor time of a GET: {page}{', filled' if page == CART else ''}"


def reported(driver: Playwright, command: Path, side: Side) -> None:
    """Note Lighthouse's report of each page. If it fails, the others count all the same."""
    for name, address in side.pages.items():
        try:
            report = lighthouse.measured(driver, command, side.server.url + address, side.cookies_for(name))
        except (RuntimeError, subprocess.TimeoutExpired) as problem:
            print(f"\nNO REPORT of {side.name}, {name}: {problem}\n", file=sys.stderr)
            continue
        for row, figure in report.figures.items():
            side.reports.setdefault(name, {}).setdefault(row, []).append(figure)
        side.failing.setdefault(name, set()).update(report.failing)


GOALS: Final[Mapping[str, Mapping[str, float]]] = {
    "performance": {"at_least": 85},
    "accessibility": {"at_least": 100},
    "best practices": {"at_least": 100},
    "SEO": {"at_least": 100},
    lighthouse.SECONDS["first-contentful-paint"]: {"at_most": 1.2},
    lighthouse.SECONDS["largest-contentful-paint"]: {"at_most": 2.2},
    lighthouse.SHIFT: {"at_most": 0.02},
    lighthouse.RECEIVED: {"at_most": 700},
}
"""Of Lighthouse, for each page of the store. A cart has no goal for SEO: search engines are told to leave it alone."""

ROWS: Final[Sequence[tuple[str, str, Mapping[str, float]]]] = (
    (FIRST, "s", {}),
    (NOTED, "s", {"at_most": 1}),
    (COUNTED, "s", {"at_most": 6}),
    (ALIVE, "s", {}),
    (VISIBLE_AGAIN, "ms", {}),
    (ALIVE_AGAIN, "ms", {}),
    *((served_row(page), "ms", {"at_most": 3}) for page in PAGES),
    (ALL, "KiB", {"at_most": 700}),
    *((kind, "KiB", {}) for kind in KINDS.values()),
)
"""Everything else: the name, the unit, and the goal."""


def report(sides: Sequence[Side]) -> int:
    """Print the figures; return the exit status."""
    targets = report_lighthouse(sides)
    plain, ours = sides[0], sides[-1]
    rows = []
    for name, unit, goal in ROWS:
        shown = [_shown(side.middle(name), unit) for side in sides]
        rows.append((name, *shown, _bound(goal, unit)))
        if goal and (measured := ours.middle(name)) is not None:
            targets.append(Target(name, measured, **goal))
        if name == VISIBLE_AGAIN:
            share = _share(plain.figures[name], ours.figures[name])
            rows.append((SHARE, *[""] * (len(sides) - 1), f"{share:.2f}", "at most 0.3"))
            targets.append(Target(SHARE, share, at_most=0.3))
    print_page_table(("A visit, medians", *(side.name for side in sides), "goal"), rows)
    return judge(targets)


def _share(theirs: Sequence[float], ours: Sequence[float]) -> float:
    """Return the median over the turns of ours in parts of theirs."""
    return median(right / left for left, right in zip(theirs, ours, strict=True))


def report_lighthouse(sides: Sequence[Side]) -> list[Target]:
    """Print Lighthouse's figures if there are any; return what is to be judged."""
    columns = [(side, page) for side in sides for page in side.reports]
    if not columns:
        return []
    heads = [side.name if len(side.pages) == 1 else f"{side.name}: {page}" for side, page in columns]
    rows = []
    targets = []
    for row in (*lighthouse.CATEGORIES.values(), *lighthouse.SECONDS.values(), lighthouse.SHIFT, lighthouse.RECEIVED):
        middles = [median(side.reports[page][row]) for side, page in columns]
        goal = GOALS.get(row, {})
        rows.append((row, *(_written(row, middle) for middle in middles), _bound(goal, "")))
        for (side, page), middle in zip(columns, middles, strict=True):
            if goal and side is sides[-1] and (page, row) != (CART, "SEO"):
                targets.append(Target(f"{page}: {row}", middle, **goal))
    print_page_table((f"Lighthouse {lighthouse.VERSION}, mobile, medians", *heads, "goal"), rows)
    for side, page in columns:
        for words in sorted(side.failing[page]):
            print(f"\n{side.name}, {page}, fails: {words}")
    return targets


def _written(row: str, figure: float) -> str:
    if row == lighthouse.SHIFT:
        return f"{figure:.3f}"
    return f"{figure:.1f}" if row in lighthouse.SECONDS.values() else f"{figure:,.0f}"


def _shown(figure: float | None, unit: str) -> str:
    if figure is None:
        return ""
    return f"{figure:,.0f} {unit}" if unit == "KiB" or figure >= 30 else f"{figure:.1f} {unit}"


def _bound(goal: Mapping[str, float], unit: str) -> str:
    words = {"at_most": "at most", "at_least": "at least"}
    return " ".join(f"{words[key]} {bound:g} {unit}".strip() for key, bound in goal.items())


def main(arguments: Sequence[str]) -> int:
    """Measure and report."""
    cache = static_cache()
    if not (cache.compressed.is_dir() and cache.fonts.is_dir()):
        print("The files are not prepared: .venv/bin/python -m app static", file=sys.stderr)
        return 1
    if "--lighthouse" in arguments:
        return only_lighthouse()
    turns, reports = (1, 1) if "--once" in arguments else (TURNS, REPORTS)
    commits = [argument for argument in arguments if argument != "--once"]
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        redis = ending.enter_context(redis_server(folder))
        sides = [plain_side(ending.enter_context(plain_shop(folder)))]
        for commit in commits:
            tree = ending.enter_context(working_tree(commit, folder))
            sides.append(store_side(commit, ending.enter_context(store_of(tree, folder, redis.url))))
        sides.append(store_side("store", ending.enter_context(store(folder, redis.url))))
        measure(sides, turns, reports)
    return report(sides)


def only_lighthouse() -> int:
    """Report what Lighthouse says of the store's pages."""
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        redis = ending.enter_context(redis_server(folder))
        side = store_side("store", ending.enter_context(store(folder, redis.url)))
        driver = ending.enter_context(sync_playwright())
        options, command = launch_options(driver), lighthouse.installed()
        if not (options and command):
            return 1
        browser = driver.chromium.launch(**options)
        fill_cart(browser, side)
        browser.close()
        reported(driver, command, side)
        return judge(report_lighthouse([side]))


def measure(sides: Sequence[Side], turns: int, reports: int) -> None:
    """Let the shops take turns at everything."""
    with sync_playwright() as driver:
        options = launch_options(driver)
        assert options, "there is no Chromium"
        browser = driver.chromium.launch(**options)
        for side in sides[1:]:
            fill_cart(browser, side)
        for _ in range(turns):
            for side in sides:
                served(side)
                on_a_phone(browser, side)
        for side in sides:
            received(browser, side)
        with ExitStack() as ending:
            reloads([(side, ending.enter_context(coming_back(browser, side))) for side in sides], 3 * turns)
        browser.close()
        if command := lighthouse.installed():
            for _ in range(reports):
                for side in sides:
                    reported(driver, command, side)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
