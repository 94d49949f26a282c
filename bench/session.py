"""What a whole session that is kept costs (`KeepSession`), against the same app on plain Streamlit.

    .venv/bin/python -m bench.session

About 3 minutes, no browser. One script with 24 keys of `st.session_state` and 20 widgets is served three times by
uvicorn, in the same way, with what docs/performance.md says makes any Streamlit app fast: plain; with `VisitorCookie`
and `Turns`, which `KeepSession` contains; and kept, in a real Redis. The servers take turns, run by run and load by
load. Round trips are counted by Redis itself (MONITOR), which also says what a session takes there.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.kept import OPTIONS, SETTLE_SECONDS, commands
from bench.report import Target, judge, print_table
from bench.shops import processor_seconds
from keepcart.middleware import visitor_key
from testbed.servers import RedisServer, Store, redis_server, running_store
from testbed.wire.connection import Cookies
from testbed.wire.open_page import OpenPage

KEYS, WIDGETS = 24, 20
RUNS = 200
LOADS = 60
SESSIONS = 1_000

SERVED = """
from pathlib import Path
import streamlit as st
from keepcart import KeepSession, Turns, VisitorCookie
from starlette.middleware import Middleware

app = st.App(Path(__file__).with_name("script.py"), middleware=[AROUND])
"""
AROUND = {
    "plain": "",
    "turns": "Middleware(VisitorCookie, keep_seconds=86_400), Middleware(Turns)",
    "kept": 'Middleware(KeepSession, "URL")',
}
SCRIPT = """
import datetime
import streamlit as st

state = st.session_state
for number in range(20):
    state.setdefault(f"key-{number}", number if number % 4 else f"word {number}")
state.setdefault("rows", [{"name": "Desk", "pieces": 3}, {"name": "Lamp", "pieces": 1}])
state.setdefault("seen", {"a", "b"})
state.setdefault("day", datetime.date(2026, 11, 22))
state.setdefault("choice", ("a", 1))
st.button("Look", key="look")
if st.button("Change", key="change"):
    state["key-1"] += 1
for number in range(4):
    st.text_input(f"Text {number}", "hello", key=f"text-{number}")
    st.number_input(f"Number {number}", value=number, key=f"number-{number}")
    st.selectbox(f"Choice {number}", ["a", "b", "c"])
    st.multiselect(f"Several {number}", ["a", "b", "c"], ["a"])
    st.slider(f"Range {number}", 0, 100, (10, 20))
st.write(f"Counted {state['key-1']}")
"""


@contextmanager
def served(folder: Path, name: str, url: str) -> Iterator[Store]:
    """Serve the script in one of the three ways."""
    home = folder / name
    (home / ".streamlit").mkdir(parents=True)
    (home / ".streamlit" / "config.toml").write_text(OPTIONS)
    (home / "served.py").write_text(SERVED.replace("AROUND", AROUND[name].replace("URL", url)))
    (home / "script.py").write_text(SCRIPT)
    # A page here answers no pings while others are opened: on a slow machine its session would be gone before the end.
    pings = ("--ws-ping-interval", "3600")
    command = ("-m", "uvicorn", "served:app", "--app-dir", str(home), "--log-level", "warning", *pings, "--port")
    with running_store(home, {}, command) as shop:
        yield shop


class Cost(NamedTuple):
    """What one act cost: milliseconds of the server's processor, and of waiting."""

    processor: float
    latency: float


Costs = Mapping[str, Sequence[Cost]]
"""By the name of the server, the same number of each, measured in turns."""


def cost(shop: Store, act: Callable[[], object]) -> Cost:
    """Return what an act costs."""
    before, started = processor_seconds(shop.pid), time.perf_counter()
    act()
    latency = time.perf_counter() - started
    time.sleep(SETTLE_SECONDS)  # what the server does after its answer belongs to it
    return Cost((processor_seconds(shop.pid) - before) * 1e3, latency * 1e3)


def in_turn(shops: Mapping[str, Store], turn: int) -> Sequence[tuple[str, Store]]:
    """Return the servers, in each turn another one first: none always follows the same."""
    first = turn % len(shops)
    return [*shops.items()][first:] + [*shops.items()][:first]


def runs(shops: Mapping[str, Store], button: str) -> Costs:
    """Press a button in each, in turns."""
    costs: dict[str, list[Cost]] = {name: [] for name in shops}
    with ExitStack() as ending:
        pages = {name: ending.enter_context(OpenPage(shop.url)) for name, shop in shops.items()}
        for page in [*pages.values()] * 3:
            page.press(button)  # not counted: imports, caches
        for turn in range(RUNS):
            for name, shop in in_turn(shops, turn):
                costs[name].append(cost(shop, lambda page=pages[name]: page.press(button)))  # type: ignore[misc]
        last = 1 + (RUNS + 3 if button == "change" else 0)
        assert all(f"Counted {last}" in page.shown.text() for page in pages.values())
    return costs


def loads(shops: Mapping[str, Store]) -> Costs:
    """Load the page again in each, in turns, as a visitor who has used it."""
    costs: dict[str, list[Cost]] = {name: [] for name in shops}
    browsers: dict[str, Cookies] = {name: {} for name in shops}
    for name, shop in shops.items():
        with OpenPage(shop.url, browsers[name], tab="t") as page:
            page.press("change")
    for turn in range(LOADS):
        for name, shop in in_turn(shops, turn):
            opened: list[OpenPage] = []
            costs[name].append(cost(shop, lambda: opened.append(OpenPage(shop.url, browsers[name], tab="t"))))  # noqa: B023
            opened[0].__exit__(None, None, None)
    return costs


def memory(shop: Store) -> tuple[float, float]:
    """Return the memory of a server before and after so many pages were opened, each by another visitor; in MB."""
    before = resident(shop.pid)
    with ExitStack() as ending:
        for _ in range(SESSIONS):
            ending.enter_context(OpenPage(shop.url)).press("change")
        return before, resident(shop.pid)


def resident(pid: int) -> float:
    """Return the memory that a process has, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


class Asked(NamedTuple):
    """What is asked of Redis, and what it has of one session."""

    load: Sequence[str]
    look: Sequence[str]
    change: Sequence[str]
    stored: int
    with_keys: int


def asked(server: RedisServer, shop: Store) -> Asked:
    """Watch one visitor."""
    with OpenPage(shop.url, tab="t") as page:
        page.press("change")
        look = commands(server, lambda: page.press("look"))
        change = commands(server, lambda: page.press("change"))
    load = commands(server, lambda: OpenPage(shop.url, page.cookies, tab="t"))
    key = f"keepcart:{{{visitor_key(page.cookies['keepcart'])}}}:"
    names = [f"{key}session-t", f"{key}tabs"]
    stored = int(server.tell("STRLEN", names[0]))
    return Asked(load, look, change, stored, sum(int(server.tell("MEMORY", "USAGE", name)) for name in names))


def row(title: str, costs: Costs, figure: str) -> tuple[str, ...]:
    """Return one figure of the three, and how they differ."""
    plain, turns, kept = (median(getattr(one, figure) for one in costs[name]) for name in AROUND)
    more = more_than_plain(costs, figure)
    return title, f"{plain:.2f}", f"{turns:.2f}", f"{kept:.2f}", f"{kept / plain:.2f}", f"{more:+.2f}"


def more_than_plain(costs: Costs, figure: str, than: str = "plain") -> float:
    """Return the median of what the kept one cost more, pair by pair."""
    pairs = zip(costs[than], costs["kept"], strict=True)
    differences: list[float] = [getattr(kept, figure) - getattr(plain, figure) for plain, kept in pairs]
    return median(differences)


def of_plain(costs: Costs, figure: str) -> float:
    """Return the median of what the kept one cost, as part of the plain one's."""
    plain, kept = (float(median(getattr(one, figure) for one in costs[name])) for name in ("plain", "kept"))
    return kept / plain


def main() -> int:
    """Measure and report."""
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        server = ending.enter_context(redis_server(folder))
        shops = {name: ending.enter_context(served(folder, name, server.url)) for name in AROUND}
        measured = {"unchanged": runs(shops, "look"), "one key changed": runs(shops, "change"), "load": loads(shops)}
        seen = asked(server, shops["kept"])
    with ExitStack() as ending:  # servers of their own: nothing else has filled their memory
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        server = ending.enter_context(redis_server(folder))
        sizes = {name: memory(ending.enter_context(served(folder, name, server.url))) for name in AROUND}
    heads = ("", "plain", "with turns", "kept", "ratio", "more")
    for figure, words in (("processor", "Processor time, ms"), ("latency", "To the end of the run, ms")):
        rows = [row(title, costs, figure) for title, costs in measured.items()]
        print_table(f"{words}; medians of {RUNS} runs, {LOADS} loads", heads, rows)
    print_table(
        "Asked of Redis", ("", ""), [(act, " ".join(getattr(seen, act)) or "-") for act in ("load", "look", "change")]
    )
    print_table(
        f"{SESSIONS} sessions in one process, MB",
        ("", "before", "after"),
        [(name, f"{before:.0f}", f"{after:.0f}") for name, (before, after) in sizes.items()],
    )
    print_table(
        f"A session of {KEYS} keys and {WIDGETS} widgets in Redis, B",
        ("stored", "with keys"),
        [(str(seen.stored), str(seen.with_keys))],
    )
    return judge(
        [
            Target("more processor time, unchanged, ms", more_than_plain(measured["unchanged"], "processor"), 0.3),
            Target("processor time of a page load, of plain", of_plain(measured["load"], "processor"), at_most=1.1),
            Target("round trips of a page load", len(seen.load), at_least=1, at_most=1),
            Target("round trips of an unchanged run", len(seen.look), at_least=0, at_most=0),
            Target("round trips of a changed run", len(seen.change), at_least=1, at_most=1),
            Target("memory, of plain", sizes["kept"][1] / sizes["plain"][1], at_most=1.2),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
