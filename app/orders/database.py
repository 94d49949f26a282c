"""The connection to the orders' database, and what is true of both kinds: SQLite and PostgreSQL."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import QueuePool

from app.orders.errors import OrdersAway

log = logging.getLogger(__name__)

SCHEMES: Final = ("sqlite:///", "postgresql://")

WAIT_SECONDS: Final = 5
"""How long a statement waits for another one's lock, and a connection for its server."""

PAUSE_SECONDS: Final = 2.0
"""How long nobody asks a database again that did not answer."""

_PASSING: Final = ("40001", "40P01", "55P03")
"""PostgreSQL's states of a transaction that lost against another one, and may be tried again: nothing is away."""


class Database:
    """The orders' database. Safe in several threads.

    Attributes:
        is_embedded: it is a file of SQLite.
    """

    def __init__(self, url: str, base_folder: Path) -> None:
        """Take where it is; nothing is opened yet.

        Args:
            url: `sqlite:///FILE` or `postgresql://user:password@host:port/name`.
            base_folder: at which relative files start.

        Raises:
            ValueError: the URL cannot be used; the message says why, without the URL.
        """
        self.is_embedded = url.startswith("sqlite:///")
        self._engine = _embedded(url, base_folder) if self.is_embedded else _server(url)
        self._lock = threading.Lock()
        self._is_current = False
        self._asked_again_at = 0.0
        self._is_away = False

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection with a transaction that is committed at the end, and rolled back where anything is raised.

        In SQLite it is the only one that writes; in PostgreSQL it reads what others have committed meanwhile.

        Raises:
            OrdersAway: the database does not answer; what was done in it may have been committed.
        """
        with self._translated():
            self._bring_up_to_date()
            with self._engine.begin() as connection:
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for questions.

        Raises:
            OrdersAway: the database does not answer.
        """
        with self._translated():
            self._bring_up_to_date()
            with self._engine.connect().execution_options(keepcart_reads=True) as connection:
                yield connection

    def bring_up_to_date(self) -> None:
        """Make the tables as this release needs them, unless they are. One process does it, the others wait.

        Raises:
            OrdersAway: the database does not answer.
        """
        with self._translated():
            self._bring_up_to_date()

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def _bring_up_to_date(self) -> None:
        if self._is_current:
            return
        from app.orders.migrate import migrate  # noqa: PLC0415 - imports Alembic, where there is something to do

        with self._lock:
            if not self._is_current:
                migrate(self._engine)
                self._is_current = True

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Translate the driver's errors, and let nobody wait for a database that has just not answered."""
        if self._is_away and time.monotonic() < self._asked_again_at:
            raise OrdersAway("the orders' database did not answer a moment ago")
        try:
            yield
        except (DBAPIError, NoConnection, OSError) as error:
            if getattr(getattr(error, "orig", None), "sqlstate", None) not in _PASSING:
                self._asked_again_at = time.monotonic() + PAUSE_SECONDS
                if not self._is_away:
                    log.error("orders: the database does not answer", extra={"problem": _kind(error)})  # noqa: TRY400
                self._is_away = True
            raise OrdersAway("the orders' database does not answer") from error
        if self._is_away:
            log.info("orders: the database answers again")
            self._is_away = False


def insert_if_new(connection: Connection, table: Table, **row: Any) -> bool:
    """Insert a row unless one with its key is there; return whether none was. One that is just coming is waited for."""
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    insertion = dialect.insert(table).values(row).on_conflict_do_nothing()
    return connection.execute(insertion.returning(*table.primary_key)).first() is not None


def _kind(error: Exception) -> str:
    """Return what kind of error it is; its text may have what a shopper typed."""
    return type(getattr(error, "orig", None) or error).__name__


def _embedded(url: str, base_folder: Path) -> Engine:
    name = url.removeprefix("sqlite:///")
    file = base_folder / name
    if not name or name.endswith("/"):
        raise ValueError("sqlite:/// needs a file, such as sqlite:///data/orders.db")
    engine = create_engine(
        f"sqlite:///{file}",
        poolclass=QueuePool,
        connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False},
        pool_size=4,
        pool_timeout=WAIT_SECONDS,
        hide_parameters=True,
    )

    @event.listens_for(engine, "do_connect")
    def make_file(*_: Any) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)  # names and addresses are in it; SQLite makes its other files with the same mode

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where `begin` says, not at the first write
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # an order survives a power cut, too
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("keepcart_reads")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _server(url: str) -> Engine:
    if not url.startswith("postgresql://"):
        raise ValueError(f"must begin with {' or '.join(SCHEMES)}")
    try:
        from app.orders.patient import PatientConnection  # noqa: PLC0415 - psycopg is an extra

        parsed = make_url(url).set(drivername="postgresql+psycopg")
        options = f"-c lock_timeout={WAIT_SECONDS}s -c statement_timeout={WAIT_SECONDS}s"
        known: dict[str, Any] = {"connect_timeout": WAIT_SECONDS, "options": options, "keepalives_idle": WAIT_SECONDS}
        arguments = create_engine(parsed).dialect.create_connect_args(parsed)[1]
        return create_engine(
            parsed,
            creator=lambda: PatientConnection.connect(**arguments, **known),
            pool_size=8,
            max_overflow=8,
            pool_timeout=WAIT_SECONDS,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except (ArgumentError, ValueError):
        raise ValueError("must look like postgresql://user:password@host:5432/name") from None
    except (NoSuchModuleError, ImportError):
        raise ValueError("needs the extra `postgres`: pip install keepcart-shop[postgres]") from None
