"""What a click and a page load cost the store now, against the store of another commit. No browser.

    .venv/bin/python -m bench.against 5c1836b

Both run with the packages that are installed here, each from its own working tree, and take turns; see `bench.click`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from bench.click import FIGURES, Round, click_in_store, measure, ratio
from bench.report import Target, judge, print_table
from bench.shops import store
from testbed import ROOT
from testbed.servers import Store, redis_server, running_store

ROUNDS = 15
LOADS = 20
_COMMAND = """
import inspect, json
from testbed.servers import Store
print(json.dumps(inspect.signature(Store).parameters["command"].default))
"""


@contextmanager
def working_tree(commit: str, folder: Path) -> Iterator[Path]:
    """Check out a commit beside this one, for as long as it is measured."""
    tree = folder / "then"
    subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(tree), commit], check=True, cwd=ROOT)
    try:
        yield tree
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(tree)], check=True, cwd=ROOT)


@contextmanager
def store_of(tree: Path, folder: Path, storage_url: str) -> Iterator[Store]:
    """Run the store of a working tree, with the command that its own tests use."""
    path = {"PYTHONPATH": f"{tree}:{tree / 'storage'}"}
    asked = subprocess.run(
        [sys.executable, "-c", _COMMAND], check=True, cwd=tree, env=path, capture_output=True, text=True
    )
    home = folder / "store-then"
    home.mkdir()
    environment = {"KEEPCART_STORAGE__URL": storage_url, **path}
    with running_store(home, environment, tuple(json.loads(asked.stdout)), cwd=tree) as shop:
        yield shop


def report(commit: str, then: Sequence[Round], now: Sequence[Round]) -> int:
    """Print the figures; return the exit status."""
    rows = []
    for figure, name in FIGURES.items():
        middles = [median(getattr(one, figure) for one in rounds) for rounds in (then, now)]
        rows.append((name, *(f"{middle:.1f}" for middle in middles), f"{ratio(then, now, figure):.2f}"))
    print_table(f"{len(now)} rounds, medians", ("", commit, "now", "ratio"), rows)
    return judge(
        [
            Target("processor time per click, of that commit's", ratio(then, now, "click_processor"), 1.03),
            Target("processor time per page load, of that commit's", ratio(then, now, "load_processor"), 1.03),
        ]
    )


def main(arguments: Sequence[str]) -> int:
    """Measure and report."""
    if len(arguments) != 1:
        print("usage: python -m bench.against COMMIT", file=sys.stderr)
        return 2
    (commit,) = arguments
    then: list[Round] = []
    now: list[Round] = []
    with ExitStack() as ending:
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory()))
        tree = ending.enter_context(working_tree(commit, folder))
        redis = ending.enter_context(redis_server(folder))
        left = ending.enter_context(store_of(tree, folder, redis.url))
        right = ending.enter_context(store(folder, redis.url))
        for shop in (left, right):
            measure(shop, redis, click_in_store)  # not counted: imports, caches
        for place in range(ROUNDS):
            pair = [(left, then), (right, now)]
            for shop, rounds in pair if place % 2 else reversed(pair):
                rounds.append(measure(shop, redis, click_in_store, LOADS))
    return report(commit, then, now)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
