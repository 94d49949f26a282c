"""Tries the library on other releases of Streamlit: `python -m testbed.versions`, or `make test-versions`.

For each release it makes an environment that has the library from its wheel, runs the library's tests there, and prints
a row of the table of docs/streamlit-versions.md. Name releases to try others than the pinned ones.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from keepcart.middleware import keeps_sessions
from testbed import ROOT
from testbed.wheel import build_wheel

RELEASES: Final = ("1.57.0", "1.62.0", "1.63.0", "1.64.0", "1.65.0", "1.66.1", "1.67.0")
"""The oldest that the library allows, and the newest of each of the last six minor ones, as of 2026-11-21."""

SESSIONS: Final = "whole sessions"

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "without a server": (
        "tests/library/middleware",
        "tests/library/visits",
        "-m",
        "not server",
    ),
    "served, by the protocol": ("tests/library/visits", "-m", "server"),
    "in Chromium": ("tests/browser/test_own_app.py", "-k", "keeps_everything"),
    SESSIONS: (
        "tests/library/sessions",
        "tests/protocol/test_gallery.py",
        "tests/protocol/test_first_click.py",
        "tests/protocol/test_keep_session.py",
        "tests/protocol/test_keep_session_call.py",
        "-m",
        "not long",
    ),
}
"""Columns of the table, and the tests behind each. Documents and backends load no Streamlit, so they are not run."""

TOOLS: Final = ("axe-playwright-python", "fakeredis", "httpx", "hypothesis", "playwright", "pytest", "websockets")
"""What the tests need, from the extra `dev`."""

LACKS: Final[Mapping[str, str]] = {
    "`live=` of `st.text_input`": (
        "import streamlit as st, inspect; 'live' in inspect.signature(st.text_input).parameters"
    ),
    "`is_history_navigation`": (
        "from streamlit.proto.ClientState_pb2 import ClientState as C;"
        " 'is_history_navigation' in C.DESCRIPTOR.fields_by_name"
    ),
    "`st.fragment(key=)`": (
        "import streamlit as st, inspect; 'key' in inspect.signature(st.fragment).parameters"  # for `click(redraws=)`
    ),
    "what widgets hold through an early `st.rerun()`": (
        "import inspect; from streamlit.runtime.scriptrunner import ScriptRunner as R;"
        " 'SCRIPT_STOPPED_FOR_RERUN' in inspect.getsource(R._on_script_finished)"
    ),
}
"""What older releases may lack: its name, and an import with an expression that is true where it is there."""


@dataclass(frozen=True, slots=True)
class Result:
    """How the tests of one group ended."""

    passed: int
    skipped: int
    failed: int

    def __str__(self) -> str:
        """Write it as a cell of the table."""
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} of {self.passed + self.failed}{skipped}"


def main(releases: Sequence[str]) -> int:
    """Try releases and print the table; return how many tests failed."""
    failed = 0
    print("| Streamlit |", " | ".join([*GROUPS, "lacks"]), "|")
    print("| --- |" + " --- |" * (len(GROUPS) + 1))
    with tempfile.TemporaryDirectory() as folder:
        wheel = build_wheel(Path(folder) / "wheel")
        for release in releases:
            with tempfile.TemporaryDirectory(dir=folder) as place:
                python = _environment(Path(place) / "venv", wheel, release)
                groups = GROUPS if keeps_sessions(release) else {**GROUPS, SESSIONS: ()}
                results = [_run(python, tests, Path(place)) if tests else None for tests in groups.values()]
                cells = ["not kept" if result is None else str(result) for result in results]
                print(f"| {release} |", " | ".join([*cells, _lacks(python)]), "|", flush=True)
                failed += sum(result.failed for result in results if result)
    return failed


def _environment(folder: Path, wheel: Path, release: str) -> Path:
    """Make an environment with a release of Streamlit, the library's wheel, and what its tests need."""
    python = folder / "bin" / "python"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    known = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    tools = [line for line in known if line.startswith((*TOOLS, "uvicorn"))]
    _uv("venv", "--python", sys.executable, str(folder))
    _uv("pip", "install", "--python", str(python), f"streamlit=={release}", f"{wheel}[redis,cookies,sealed]", *tools)
    return python


def _uv(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "uv", "--quiet", *arguments], check=True)


def _run(python: Path, arguments: Sequence[str], place: Path) -> Result:
    """Run tests of the checkout against the environment's library: of the checkout only `testbed` is found."""
    report = place / "report.xml"
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml", str(report), *arguments]
    environment = {**os.environ, "KEEPCART_REQUIRE_SERVERS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout[-20_000:], done.stderr[-5_000:], file=sys.stderr)
    (suite,) = ET.parse(report).getroot()  # noqa: S314 - our own report
    tests, skipped, *bad = (int(suite.attrib[name]) for name in ("tests", "skipped", "failures", "errors"))
    return Result(tests - skipped - sum(bad), skipped, sum(bad))


def _lacks(python: Path) -> str:
    return ", ".join(name for name, test in LACKS.items() if not _is_true(python, test)) or "nothing"


def _is_true(python: Path, test: str) -> bool:
    preparing, _, expression = test.rpartition(";")
    code = f"{preparing}\nprint(bool({expression.strip()}))"
    done = subprocess.run([python, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip() == "True"


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:] or RELEASES)))
