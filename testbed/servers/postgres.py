"""A real PostgreSQL server."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from testbed.servers.process import START_SECONDS, Server, assert_allowed, free_port
from testbed.waiting import until

_DEBIAN: Final = Path("/usr/lib/postgresql")
"""Where Debian keeps each release by itself, and off the PATH."""

_ACCOUNT: Final = "postgres"
"""PostgreSQL refuses to run as root. Debian's package makes this account for it."""


class PostgresServer(Server):
    """One PostgreSQL: its first process, the postmaster, and those which that one has made, one for each connection.

    Attributes:
        durable: what is acknowledged has reached the disk. Otherwise it has reached the kernel, which is faster and
            outlives `kill`, too, but no power cut. A test may change it for the next process.
    """

    def __init__(self, folder: Path, place: Path, port: int, *, durable: bool = False) -> None:
        """Take what the process is started with; `start` starts it.

        Args:
            folder: for its output.
            place: an empty folder for its data, which other accounts can reach: none of its parents is private.
            port: where it will listen.
            durable: see above.
        """
        super().__init__(folder, port)
        self.durable = durable
        self._place = place
        self._numbers = itertools.count(1)

    @property
    def url(self) -> str:
        """Of the database that every server has."""
        return self._url("postgres")

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"test_{next(self._numbers)}"
        self.tell(f"CREATE DATABASE {name}")
        return self._url(name)

    def drop_database(self, url: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self.tell(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def tell(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement, which is committed, and return its rows."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def command(self) -> Sequence[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self._place),
            "dynamic_shared_memory_type": "mmap",  # files of its own folder; the killed leave nothing in /dev/shm
            "fsync": "on" if self.durable else "off",
        }
        options = (part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
        return _as_account(_program("postgres"), "-D", str(self._data), "-p", str(self.port), *options)

    def working_folder(self) -> Path:
        return self._place

    def serves(self) -> bool:
        try:
            return self.tell("SELECT 1") == [(1,)]
        except psycopg.OperationalError:
            return False

    def start(self) -> None:
        """Start a process and return once it serves; the first one gets a new, empty data folder."""
        assert_allowed()
        if not self._data.exists():
            self._make_data_folder()
        super().start()

    def kill(self) -> None:
        """End all its processes at once, as `kill -9` does. Ending them twice is a no-op.

        Each has a session of its own, so no group holds them together. They are suspended first, so that none sees
        another one die. At the end their shared memory is free, without which no other server starts in the folder.
        """
        if self._runs():
            self.suspend()
            for child in self._children():
                os.kill(child, signal.SIGKILL)
            until(lambda: not self._children(), START_SECONDS)
        super().kill()

    def stop(self) -> None:
        """End it as Debian and Docker do: it closes all connections. After SIGTERM it would wait for their clients."""
        self._end_orderly(signal.SIGINT)

    def discard(self) -> None:
        """End it quickly, for good, and give back the shared memory of a killed one: systems have few of these."""
        self._end_orderly(signal.SIGQUIT)
        with suppress(FileNotFoundError, IndexError):  # it ended in order, or never came so far
            segment = (self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[6].split()[1]
            subprocess.run(["ipcrm", "-m", segment], check=False)

    def suspend(self) -> None:
        """Let it hang: connections are accepted by the kernel, nothing is answered."""
        super().suspend()
        until(self._stands_still, START_SECONDS)  # from then on it makes no more children
        for child in self._children():
            os.kill(child, signal.SIGSTOP)

    def resume(self) -> None:
        """End a suspension."""
        for child in self._children():
            os.kill(child, signal.SIGCONT)
        super().resume()

    @property
    def _data(self) -> Path:
        return self._place / "data"

    def _url(self, database: str) -> str:
        return f"postgresql://{_ACCOUNT}@127.0.0.1:{self.port}/{database}"

    def _runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _stands_still(self) -> bool:
        return _processes()[self.pid][1].startswith("T")

    def _children(self) -> list[int]:
        return [pid for pid, (parent, state) in _processes().items() if parent == self.pid and state[0] != "Z"]

    def _end_orderly(self, how: signal.Signals) -> None:
        if self._runs():
            self.resume()
        self._end(how)

    def _make_data_folder(self) -> None:
        """Make what a server begins with, in a second. Without a locale texts sort in the same way on every machine."""
        if os.geteuid() == 0:
            shutil.chown(self._place, _ACCOUNT, _ACCOUNT)
        options = ("--username", _ACCOUNT, "--auth=trust", "--no-locale", "--encoding=UTF8", "--no-sync")
        command = _as_account(_program("initdb"), "-D", str(self._data), *options)
        with (self.folder / "output.txt").open("ab") as output:
            done = subprocess.run(command, cwd=self._place, stdout=output, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            raise RuntimeError(f"initdb fails:\n{self.output[-2000:]}")


@contextmanager
def running_postgres(folder: Path, *, durable: bool = False, port: int | None = None) -> Iterator[PostgresServer]:
    """Run a PostgreSQL of one's own, which may be killed and started again; `folder` is for its output.

    Its data are elsewhere, since pytest's folders are private to root, and are deleted at the end. What it acknowledged
    survives `kill`; `durable` is for tests of what is written to the disk, and costs time.
    """
    require_postgres()
    with tempfile.TemporaryDirectory(prefix="postgres-") as place:
        server = PostgresServer(folder, Path(place), port or free_port(), durable=durable)
        try:
            server.start()
            yield server
        finally:
            server.discard()


def require_postgres() -> None:
    """Skip the test, loudly, where there is no PostgreSQL; fail it where CI demands one."""
    assert_allowed()
    if _found("postgres"):
        return
    if os.environ.get("KEEPCART_REQUIRE_SERVERS") == "1":
        pytest.fail(f"KEEPCART_REQUIRE_SERVERS=1, but there is no postgres on the PATH or in {_DEBIAN}")
    pytest.skip(f"NOT TESTED: there is no postgres on the PATH or in {_DEBIAN}")


def _found(program: str) -> str | None:
    """Return where a program of the server is; of several releases the newest."""
    releases = sorted(_DEBIAN.glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    return shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", os.defpath), *map(str, releases)]))


def _program(name: str) -> str:
    found = _found(name)
    assert found is not None, f"there is no {name}"
    return found


def _as_account(*command: str) -> tuple[str, ...]:
    """Return a command that root runs as another user; setpriv becomes that command, so the process stays the same."""
    if os.geteuid() != 0:
        return command
    return ("setpriv", f"--reuid={_ACCOUNT}", f"--regid={_ACCOUNT}", "--clear-groups", *command)


def _processes() -> dict[int, tuple[int, str]]:
    """Return the parent and the state of every process of this machine, by ps, which Linux and macOS have."""
    table = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in table.splitlines())
    return {int(pid): (int(parent), state) for pid, parent, state, *_ in rows}
