"""Runs the store as in earnest: a process, a port, a folder for its data. It can be killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from testbed import ROOT
from testbed.servers import free_port

START_SECONDS = 60
UVICORN = ("-m", "uvicorn", "app.main:app", "--host", "127.0.0.1", "--port")
"""The last argument, the port, is added. `-m streamlit run … --server.port` fits as well."""


class Store:
    """One store server.

    Attributes:
        port: the same for all its processes, one after another.
        url: of the shop page, without a slash at the end.
        folder: where its default storage and its output are.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        command: Sequence[str] = UVICORN,
        *,
        python: Path = Path(sys.executable),
        cwd: Path = ROOT,
    ) -> None:
        self.folder = folder
        self._python = python
        self._cwd = cwd
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = command
        self._environment = {"KEEPCART_STORAGE__URL": f"sqlite:///{folder}/keepcart.db", **environment}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> str:
        """Everything that its processes have written."""
        return (self.folder / "output.txt").read_text(encoding="utf-8", errors="replace")

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process is not None, "not started"
        return self._process.pid

    def start(self) -> None:
        """Start a process and return once it serves."""
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("KEEPCART_", "STREAMLIT_"))
        }
        with (self.folder / "output.txt").open("ab") as output:
            self._process = subprocess.Popen(
                [self._python, *self._command, str(self.port)],
                cwd=self._cwd,
                env={**inherited, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_serving(self._process)

    def _wait_until_serving(self, process: subprocess.Popen[bytes]) -> None:
        give_up = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < give_up:
            if self.answers("/_stcore/health"):
                return
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"the store does not start:\n{self.output}")

    def answers(self, path: str) -> bool:
        """Tell whether a GET is answered with 200."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:  # noqa: S310 - our own http URL
                return bool(answer.status == 200)
        except OSError:
            return False

    def wait_for_output(self, text: str, times: int = 1) -> None:
        """Return once its output holds a text so many times."""
        give_up = time.monotonic() + START_SECONDS
        while self.output.count(text) < times:
            if time.monotonic() > give_up:
                raise RuntimeError(f"no {text!r} in the store's output:\n{self.output}")
            time.sleep(0.1)

    def kill(self) -> None:
        """End the process and what it started at once, as `kill -9` does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the process as an operator does."""
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Kill the process and start another one on the same port and folder."""
        self.kill()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            os.killpg(process.pid, how)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def running_store(
    folder: Path, environment: Mapping[str, str] | None = None, command: Sequence[str] = UVICORN
) -> Iterator[Store]:
    """Give a store that serves; it is ended afterwards."""
    store = Store(folder, environment or {}, command)
    try:
        store.start()
        yield store
    finally:
        store.kill()
