"""What kept values cost: 1, 10 and 50 of them in a script, against the same script on plain `st.session_state`.

    .venv/bin/python bench/kept.py

About 2 minutes, no browser. Both scripts are served by uvicorn in the same way, with what docs/performance.md says
makes any Streamlit app fast, so that little hides what is added; the kept values are in a real Redis. The servers take
turns run by run. Round trips are counted by Redis itself (MONITOR), which also says what the values take there.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[0:1] = [str(ROOT), str(ROOT / "tests")]  # in place of bench/, whose click.py would hide the package click

import redis  # noqa: E402 - the path comes first
from servers import RedisServer, free_port, redis_server  # noqa: E402

from bench.open_page import OpenPage, Run  # noqa: E402
from bench.report import Target, judge, print_table  # noqa: E402
from bench.shops import Shop, processor_seconds, serving  # noqa: E402
from visit.visitor import COOKIE, visitor_key  # noqa: E402

COUNTS = (1, 10, 50)
PAIRS = 20
SETTLE_SECONDS = 0.02
"""What the server does after its answer belongs to the run."""

SERVED = """
from pathlib import Path
import streamlit as st
from starlette.middleware import Middleware
from visit import VisitorCookie

app = st.App(Path(__file__).with_name("script.py"), middleware=[Middleware(VisitorCookie, keep_seconds=86_400)])
"""
OPTIONS = """
[server]
fileWatcherType = "none"
[runner]
postScriptGC = false
[browser]
gatherUsageStats = false
"""
PLAIN = """
import streamlit as st

names = [f"value-{number}" for number in range(int(st.query_params["values"]))]
st.button("Look", key="look")
changing = st.button("Change", key="change")
total = 0
for name in names:
    if changing:
        st.session_state[name] = st.session_state.get(name, 0) + 1
    total += st.session_state.get(name, 0)
st.write(f"Together {total}")
"""
KEPT = """
import streamlit as st
from visit import Kept, begin_visit

values = [Kept(f"value-{number}", int, default=0) for number in range(int(st.query_params["values"]))]
visit = begin_visit("URL")
st.button("Look", key="look")
changing = st.button("Change", key="change")
total = 0
for value in values:
    if changing:
        visit.put(value, visit.get(value) + 1)
    total += visit.get(value)
st.write(f"Together {total}")
visit.complete_run()
"""


@contextmanager
def served(folder: Path, name: str, script: str) -> Iterator[Shop]:
    """Serve a script of these by uvicorn."""
    home = folder / name
    (home / ".streamlit").mkdir(parents=True)
    (home / ".streamlit" / "config.toml").write_text(OPTIONS)
    (home / "served.py").write_text(SERVED)
    (home / "script.py").write_text(script)
    port = free_port()
    command = ["-m", "uvicorn", "served:app", "--app-dir", str(home), "--port", str(port), "--log-level", "warning"]
    with serving(name, command, port, ROOT, {"HOME": str(home)}) as shop:
        yield shop


@dataclass(frozen=True, slots=True)
class Costs:
    """What runs of one script cost, in milliseconds, one figure a run."""

    processor: list[float]
    latency: list[float]


def run_once(shop: Shop, page: OpenPage, button: str, costs: Costs) -> Run:
    """Press a button, and note what the run cost."""
    before = processor_seconds(shop.pid)
    run = page.press(button)
    time.sleep(SETTLE_SECONDS)
    costs.processor.append((processor_seconds(shop.pid) - before) * 1e3)
    costs.latency.append(run.seconds * 1e3)
    return run


def compare(plain: Shop, kept: Shop, count: int, button: str) -> tuple[Costs, Costs]:
    """Let both scripts run in turns with so many values."""
    left, right = Costs([], []), Costs([], [])
    path = f"?values={count}"
    with OpenPage(plain.url, path=path) as plain_page, OpenPage(kept.url, path=path) as kept_page:
        for _ in range(3):  # not counted: imports, caches
            plain_page.press(button), kept_page.press(button)
        for _ in range(PAIRS):
            run_once(plain, plain_page, button, left)
            run = run_once(kept, kept_page, button, right)
        assert run.says(f"Together {count * (PAIRS + 3) if button == 'change' else 0}")
    return left, right


def row(count: int, button: str, plain: Costs, kept: Costs) -> tuple[str, ...]:
    """Return the figures of one comparison."""
    cells = [f"{count} {'value' if count == 1 else 'values'}, {'all changed' if button == 'change' else 'unchanged'}"]
    for figure in ("processor", "latency"):
        a, b = median(getattr(plain, figure)), median(getattr(kept, figure))
        cells += [f"{a:.2f}", f"{b:.2f}", f"{b / a:.2f}", f"{b - a:+.2f}"]
    return tuple(cells)


def commands(server: RedisServer, act: Callable[[], Any]) -> list[str]:
    """Return the commands that clients send to Redis meanwhile; what a script of ours does inside is none."""
    with redis.Redis(port=server.port, protocol=2) as client, client.monitor() as monitor:
        act()
        time.sleep(SETTLE_SECONDS)
        server.tell("ECHO", "enough")
        seen = []
        while "enough" not in (told := monitor.next_command())["command"]:
            seen.append(told)
    return [
        told["command"].split()[0] for told in seen if told["client_type"] != "lua" and "CLIENT" not in told["command"]
    ]


def count_round_trips(server: RedisServer, shop: Shop) -> Mapping[str, list[str]]:
    """Return what is asked of Redis by a page load, a run and a run that changes everything, with 50 values."""
    path = f"?values={COUNTS[-1]}"
    with OpenPage(shop.url, path=path) as page:
        page.press("change")
        return {
            "a page load": commands(server, lambda: OpenPage(shop.url, page.cookies, path)),
            "a run": commands(server, lambda: page.press("look")),
            "a run that changes all": commands(server, lambda: page.press("change")),
        }


def memory(server: RedisServer, shop: Shop, count: int) -> tuple[str, str, str]:
    """Return what a new visitor's values take: as they are stored, and with what Redis needs for a key."""
    with OpenPage(shop.url, path=f"?values={count}") as page:
        page.press("change")
        key = f"keepcart:{{{visitor_key(page.cookies[COOKIE])}}}:kept"
    return str(count), str(server.tell("STRLEN", key)), str(server.tell("MEMORY", "USAGE", key))


def main() -> int:
    """Measure and report."""
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        server = ending.enter_context(redis_server(folder))
        plain = ending.enter_context(served(folder, "plain", PLAIN))
        kept = ending.enter_context(served(folder, "kept", KEPT.replace("URL", server.url)))
        rows = [
            row(count, button, *compare(plain, kept, count, button))
            for button in ("look", "change")
            for count in COUNTS
        ]
        trips = count_round_trips(server, kept)
        sizes = [memory(server, kept, count) for count in COUNTS]
    figures = ("plain", "kept", "ratio", "more")
    heads = ("", *(f"{what}, {figure}" for what in ("processor ms", "latency ms") for figure in figures))
    print_table(f"A run, medians of {PAIRS}", heads, rows)
    print_table("Asked of Redis, 50 values", ("", ""), [(act, " ".join(asked) or "-") for act, asked in trips.items()])
    print_table("Room in Redis, small numbers", ("values", "stored, B", "with key, B"), sizes)
    return judge(
        [
            Target("round trips of a page load, 50 values", len(trips["a page load"]), at_least=1, at_most=1),
            Target("round trips of a run that looks", len(trips["a run"]), at_least=0, at_most=0),
            Target("round trips of a run that changes 50", len(trips["a run that changes all"]), at_least=1, at_most=1),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
