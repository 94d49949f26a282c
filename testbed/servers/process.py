"""A process that serves at a port, and who may start one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

START_SECONDS = 15
_FORBIDDEN_TO: list[str] = []


def forbid_servers(test: str | None) -> None:
    """Let no server start for a test that does not say that it needs one; None: let them start again."""
    _FORBIDDEN_TO[:] = [test] if test else []


def assert_allowed() -> None:
    """Fail where servers are forbidden."""
    assert not _FORBIDDEN_TO, f"{_FORBIDDEN_TO[0]} starts a server, so it needs @pytest.mark.server"


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class Server(ABC):
    """One server, whose process can be ended, suspended and started again at the same port and in the same folder.

    Attributes:
        port: the same for all its processes, one after another.
        folder: where its data and its output are; it is made where it is missing.
    """

    start_seconds = 60.0

    def __init__(self, folder: Path, port: int | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = port or free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def serves(self) -> bool:
        """Tell whether it answers as it should."""

    @abstractmethod
    def command(self) -> Sequence[str | Path]:
        """Return what the process is started with."""

    def environment(self) -> Mapping[str, str]:
        """Return the variables of the process."""
        return os.environ

    def working_folder(self) -> Path:
        """Return where the process is started."""
        return self.folder

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
        assert_allowed()
        with (self.folder / "output.txt").open("ab") as output:
            self._process = process = subprocess.Popen(
                self.command(),
                cwd=self.working_folder(),
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        give_up = time.monotonic() + self.start_seconds
        while not self.serves():
            if process.poll() is not None or time.monotonic() > give_up:
                self.kill()
                raise RuntimeError(f"{type(self).__name__} does not start:\n{self.output[-2000:]}")
            time.sleep(0.02)

    def kill(self) -> None:
        """End the process and what it started at once, as `kill -9` does. Ending it twice is a no-op."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the process as an operator does."""
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Kill the process and start another one at the same place."""
        self.kill()
        self.start()

    def suspend(self) -> None:
        """Let it hang: connections are accepted by the kernel, nothing is answered."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """End a suspension."""
        os.kill(self.pid, signal.SIGCONT)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            if how is not signal.SIGKILL:  # which ends a suspended process, too, and lets it answer nothing before
                os.killpg(process.pid, signal.SIGCONT)
            os.killpg(process.pid, how)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
