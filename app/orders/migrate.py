"""Brings the tables up to date, with Alembic. One process does it, the others wait until it is done.

A migration only adds while an older release may still serve: replicas are replaced one after another. So a database
that a newer release has brought further is fine as it is.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, inspect, text

log = logging.getLogger(__name__)

HEAD: Final = "0004"
"""The newest migration that this release knows. Alembic is imported only where the database is not there yet."""

KNOWN: Final = ("0001", "0002", "0003", "0004")

_LOCK: Final = 7_341_901_662_305_118_517
"""Of the whole migration, in PostgreSQL: any number that nothing else uses."""


def migrate(engine: Engine) -> None:
    """Make the tables as this release needs them."""
    with engine.connect().execution_options(keepcart_reads=True) as connection:
        if _is_done(_version(connection)):
            return
    with engine.begin() as connection, _alone(connection):
        version = _version(connection)
        if not _is_done(version):
            _upgrade(connection)
            log.info("orders: tables brought up to date", extra={"from": version or "nothing", "to": HEAD})


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Let one process at a time migrate; the others wait as long as it takes. SQLite has one writer anyway."""
    if connection.dialect.name == "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection  # a PatientConnection
    driver.answer_seconds = None
    try:
        for limit in ("lock_timeout", "statement_timeout"):
            connection.execute(text(f"SET LOCAL {limit} = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield
    finally:
        del driver.answer_seconds


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _is_done(version: str | None) -> bool:
    """Tell whether there is nothing to do: it is the newest, or one of a newer release."""
    return version is not None and (version == HEAD or version not in KNOWN)


def _upgrade(connection: Connection) -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of each of its plugins
    from alembic import command  # noqa: PLC0415 - half a second, once in the life of a database
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
