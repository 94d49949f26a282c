"""The tables come up to date by themselves, and a database that does not answer holds nobody up."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.orders import placing, records
from app.orders.database import Database
from app.orders.errors import OrdersAway
from app.orders.migrate import _LOCK, HEAD, KNOWN
from app.orders.patient import PatientConnection
from app.orders.schema import METADATA
from testbed import ROOT
from testbed.servers import running_postgres
from tests.orders.buying import attempt, purchase

BRING_UP = """
import sys
from pathlib import Path
from app.orders.database import Database
Database(sys.argv[1], Path()).bring_up_to_date()
"""


def test_the_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_code_knows_its_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "app" / "orders" / "migrations"))
    script = ScriptDirectory.from_config(config)
    assert script.get_current_head() == HEAD
    assert {one.revision for one in script.walk_revisions()} == set(KNOWN)


def test_of_several_processes_that_start_at_once_one_migrates_and_the_others_wait(url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", BRING_UP, url]
    processes = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(4)]
    ends = [(process.communicate(timeout=60)[1], process.returncode) for process in processes]
    assert [code for _, code in ends] == [0] * 4, ends
    database = Database(url, tmp_path)
    placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 1, None)))
    assert len(records.newest(database, 9)) == 1
    database.close()


def test_a_database_that_a_newer_release_has_brought_further_is_used_as_it_is(url: str, tmp_path: Path) -> None:
    first = Database(url, tmp_path)
    with first.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    first.close()
    second = Database(url, tmp_path)
    placing.place(second, attempt(1), "asha", purchase(("LAPTOP", 1, None)))
    with second.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
    second.close()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://host/shop", "must begin with sqlite:/// or postgresql://"),
        ("sqlite:///", "needs a file"),
        ("postgresql://user:secret@host:port/name", "must look like postgresql://"),
    ],
)
def test_a_url_that_cannot_be_used_is_said_without_its_password(url: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=problem) as error:
        Database(url, tmp_path)
    assert "secret" not in str(error.value)


def test_a_file_that_cannot_be_made_is_an_outage_and_nobody_asks_twice_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    database = Database("sqlite:///file/orders.db", tmp_path)
    for _ in range(2):
        with pytest.raises(OrdersAway):
            records.newest(database, 9)


@pytest.mark.server
def test_who_waits_for_another_process_to_migrate_waits_longer_than_for_an_answer(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientConnection, "answer_seconds", 0.3)
    database = Database(postgres_url, tmp_path)
    with psycopg.connect(postgres_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        ending = threading.Timer(1.5, other.rollback)
        ending.start()
        database.bring_up_to_date()
        ending.join()
    assert records.newest(database, 9) == []
    with pytest.raises(OrdersAway), database.reading() as connection:
        connection.execute(text("SELECT pg_sleep(3)"))
    database.close()


@pytest.mark.server
def test_a_server_that_hangs_or_dies_is_an_outage_and_everything_is_there_afterwards(tmp_path: Path) -> None:
    with running_postgres(tmp_path / "server") as server:
        database = Database(server.url, tmp_path)
        order = placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 1, 5)))
        server.kill()
        with pytest.raises(OrdersAway):
            placing.place(database, attempt(2), "asha", purchase(("LAPTOP", 1, 5)))
        server.start()
        assert again(database) == [order]
        server.suspend()
        with pytest.raises(OrdersAway):
            records.newest(database, 9)
        server.resume()
        assert again(database) == [order]
        database.close()


def again(database: Database) -> object:
    """Ask until the database is asked again, which it is after a pause."""
    for _ in range(200):
        try:
            return records.newest(database, 9)
        except OrdersAway:
            database._asked_again_at = 0.0
    raise AssertionError("the database does not answer")
