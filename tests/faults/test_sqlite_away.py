"""The embedded file cannot be written: another program holds it, or the disk is full."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from keepcart.backends import open_storage
from testbed.crowd import crowd_in
from testbed.fixtures import Tell
from testbed.servers import Store

pytestmark = pytest.mark.server


@contextmanager
def locked(store: Store, file: Path) -> Iterator[None]:
    """Hold the file as a program does that is in the middle of a long change."""
    with closing(sqlite3.connect(file, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


@contextmanager
def full(store: Store, file: Path) -> Iterator[None]:
    """Let no file of the store grow beyond what the log of changes has now; the system refuses, as a full disk does."""
    size = file.with_name(f"{file.name}-wal").stat().st_size
    _, hard = resource.prlimit(store.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(store.pid, resource.RLIMIT_FSIZE, (size, hard))
    yield
    resource.prlimit(store.pid, resource.RLIMIT_FSIZE, (hard, hard))


@pytest.mark.parametrize("fault", [locked, full])
def test_while_the_file_cannot_be_written_every_click_shows_at_once_and_is_saved_once(
    start_store: Callable[..., Store], fault: Callable[[Store, Path], AbstractContextManager[None]], tell: Tell
) -> None:
    store = start_store()
    file = store.folder / "keepcart.db"
    with crowd_in(store, 5) as crowd:
        crowd.go_on(5)
        with fault(store, file):
            crowd.go_on(12)
        seconds = crowd.wait_until_saved_again()
    assert crowd.unsaved > 0
    with closing(open_storage(f"sqlite:///{file}")) as storage:
        assert crowd.lost_and_doubled(storage) == (0, 0)
    tell(f"{crowd.in_figures()}; saved again after {seconds:.1f} s")
