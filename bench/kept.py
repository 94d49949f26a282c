"""What kept values cost: 1, 10 and 50 of them in a script, against the same script on plain `st.session_state`.

    .venv/bin/python -m bench.kept

About 2 minutes, no browser. The scripts are served by uvicorn in the same way, with what docs/performance.md says
makes any Streamlit app fast, so that little hides what is added; the kept values are in a real Redis. The servers take
turns run by run. A third script is the plain one with a pause of 1 ms at its end: Streamlit sends what there is as soon
as a script waits for anything, and the rest 10 ms later, so any round trip costs a run that. Round trips are counted by
Redis itself (MONITOR), which also says what the values take there.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import redis

from bench.report import Target, judge, print_table
from bench.shops import processor_seconds
from keepcart.middleware import visitor_key
from testbed.servers import RedisServer, Store, redis_server, running_store
from testbed.wire.connection import Run
from testbed.wire.open_page import OpenPage

COUNTS = (1, 10, 50)
RUNS = 100
SETTLE_SECONDS = 0.02
"""What the server does after its answer belongs to the run."""

SERVED = """
from pathlib import Path
import streamlit as st
from keepcart import VisitorCookie
from starlette.middleware import Middleware

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
PAUSED = PLAIN + "import time; time.sleep(0.001)\n"
KEPT = """
import streamlit as st
from keepcart import Kept, begin_visit

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
def served(folder: Path, name: str, script: str) -> Iterator[Store]:
    """Serve a script of these by uvicorn."""
    home = folder / name
    (home / ".streamlit").mkdir(parents=True)
    (home / ".streamlit" / "config.toml").write_text(OPTIONS)
    (home / "served.py").write_text(SERVED)
    (home / "script.py").write_text(script)
    command = ("-m", "uvicorn", "served:app", "--app-dir", str(home), "--log-level", "warning", "--port")
    with running_store(home, {}, command) as shop:
        yield shop


FIGURES = {
    "processor": "Processor time of a run, ms",
    "drawn": "Click to the last element, ms",
    "finished": "Click to the end of the run, ms",
}
Costs = dict[str, list[float]]
"""Milliseconds of each run, by the names of FIGURES."""


def run_once(shop: Store, page: OpenPage, button: str, costs: Costs) -> Run:
    """Press a button, and note what the run cost."""
    before = processor_seconds(shop.pid)
    run = page.press(button)
    time.sleep(SETTLE_SECONDS)
    costs["processor"].append((processor_seconds(shop.pid) - before) * 1e3)
    costs["drawn"].append(run.drawn * 1e3)
    costs["finished"].append(run.seconds * 1e3)
    return run


def compare(shops: Sequence[Store], count: int, button: str) -> list[Costs]:
    """Let the scripts run in turns with so many values."""
    costs: list[Costs] = [{figure: [] for figure in FIGURES} for _ in shops]
    with ExitStack() as ending:
        pages = [ending.enter_context(OpenPage(shop.url, path=f"?values={count}")) for shop in shops]
        for page in (*pages, *pages, *pages):
            page.press(button)  # not counted: imports, caches
        for _ in range(RUNS):
            for shop, page, noted in zip(shops, pages, costs, strict=True):
                run = run_once(shop, page, button, noted)
        assert run.says(f"Together {count * (RUNS + 3) if button == 'change' else 0}")
    return costs


def row(title: str, figure: str, costs: Sequence[Costs]) -> tuple[str, ...]:
    """Return one figure of the three scripts, the kept one's also against the plain one's."""
    plain, paused, kept = (median(each[figure]) for each in costs)
    return title, f"{plain:.2f}", f"{paused:.2f}", f"{kept:.2f}", f"{kept / plain:.2f}", f"{kept - plain:+.2f}"


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


def count_round_trips(server: RedisServer, shop: Store) -> Mapping[str, list[str]]:
    """Return what is asked of Redis by a page load, a run and a run that changes everything, with 50 values."""
    path = f"?values={COUNTS[-1]}"
    with OpenPage(shop.url, path=path) as page:
        page.press("change")
        return {
            "a page load": commands(server, lambda: OpenPage(shop.url, page.cookies, path)),
            "a run": commands(server, lambda: page.press("look")),
            "a run that changes all": commands(server, lambda: page.press("change")),
        }


def memory(server: RedisServer, shop: Store, count: int) -> tuple[str, str, str]:
    """Return what a new visitor's values take: as they are stored, and with what Redis needs for a key."""
    with OpenPage(shop.url, path=f"?values={count}") as page:
        page.press("change")
        key = f"keepcart:{{{visitor_key(page.cookies['keepcart'])}}}:kept"
    return str(count), str(server.tell("STRLEN", key)), str(server.tell("MEMORY", "USAGE", key))


def main() -> int:
    """Measure and report."""
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        server = ending.enter_context(redis_server(folder))
        scripts = {"plain": PLAIN, "paused": PAUSED, "kept": KEPT.replace("URL", server.url)}
        shops = [ending.enter_context(served(folder, name, script)) for name, script in scripts.items()]
        measured = {
            f"{count} {act}": compare(shops, count, button)
            for act, button in (("unchanged", "look"), ("changed", "change"))
            for count in COUNTS
        }
        trips = count_round_trips(server, shops[-1])
        sizes = [memory(server, shops[-1], count) for count in COUNTS]
    for figure, name in FIGURES.items():
        rows = [row(title, figure, costs) for title, costs in measured.items()]
        print_table(f"{name}, medians of {RUNS}", ("values", "plain", "with a pause", "kept", "ratio", "more"), rows)
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
