"""Runs the store as in earnest: a process, a port, a folder for its data. It can be killed and started again.

Any other Streamlit app is run in the same way, by its command.
"""

from __future__ import annotations

import os
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from testbed import ROOT
from testbed.servers.process import Server

SERVE = ("-m", "app", "serve", "--host", "127.0.0.1", "--port")
"""What users run. The last argument, the port, is added. `-m streamlit run … --server.port` fits as well."""


class Store(Server):
    """One store server.

    Attributes:
        url: of the shop page, without a slash at the end.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        command: Sequence[str] = SERVE,
        *,
        python: Path = Path(sys.executable),
        cwd: Path = ROOT,
    ) -> None:
        """Take what the process is started with; its HOME is its folder, so that nobody's own settings count."""
        super().__init__(folder)
        self.url = f"http://127.0.0.1:{self.port}"
        self._start: Sequence[str | Path] = (python, *command, str(self.port))
        self._cwd = cwd
        self._environment = {
            "HOME": str(folder),
            "KEEPCART_STORAGE__URL": f"sqlite:///{folder}/keepcart.db",
            "KEEPCART_ORDERS__URL": f"sqlite:///{folder}/orders.db",
            **environment,
        }

    def command(self) -> Sequence[str | Path]:
        return self._start

    def environment(self) -> Mapping[str, str]:
        ours = ("KEEPCART_", "STREAMLIT_")
        return {**{name: value for name, value in os.environ.items() if not name.startswith(ours)}, **self._environment}

    def working_folder(self) -> Path:
        return self._cwd

    def serves(self) -> bool:
        return self.answers("/_stcore/health")

    def answers(self, path: str) -> bool:
        """Tell whether a GET is answered with 200."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:  # noqa: S310 - our own http URL
                return bool(answer.status == 200)
        except OSError:
            return False

    def wait_for_output(self, text: str, times: int = 1) -> None:
        """Return once its output holds a text so many times."""
        give_up = time.monotonic() + self.start_seconds
        while self.output.count(text) < times:
            if time.monotonic() > give_up:
                raise RuntimeError(f"no {text!r} in the store's output:\n{self.output}")
            time.sleep(0.05)


@contextmanager
def running_store(
    folder: Path,
    environment: Mapping[str, str] | None = None,
    command: Sequence[str] = SERVE,
    *,
    python: Path = Path(sys.executable),
    cwd: Path = ROOT,
) -> Iterator[Store]:
    """Give a store that serves; it is ended afterwards."""
    store = Store(folder, environment or {}, command, python=python, cwd=cwd)
    try:
        store.start()
        yield store
    finally:
        store.kill()
