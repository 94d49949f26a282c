"""`python -m app check`, run as an operator runs it, on deployments that are right and wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import redis

from app.__main__ import STATUS, main, summary
from app.check import files_and_storage, is_readable, open_pages
from app.web.static_cache import static_cache
from keepcart.backends import Finding
from testbed import ROOT
from testbed.mailbox import running_mailbox
from testbed.servers import RedisServer, free_port, redis_cluster, redis_server
from testbed.servers.prepared import app_with_files_of

SECRET = {"STREAMLIT_SERVER_COOKIE_SECRET": "s" * 40}
PREPARED = ("compressed", "fonts")
States = dict[str, tuple[str, str]]


def run(
    *arguments: str, cwd: Path = ROOT, environment: Mapping[str, str], prepared: Collection[str] = PREPARED
) -> subprocess.CompletedProcess[str]:
    """Run the command where Streamlit's files are prepared, or some of them."""
    with TemporaryDirectory() as prefix:
        cache = static_cache(Path(prefix, "share", "keepcart", "static"))
        for name in prepared:
            getattr(cache, name).mkdir(parents=True)
        return subprocess.run(
            [sys.executable, *app_with_files_of(Path(prefix)), "check", *arguments],
            cwd=cwd,
            env={**os.environ, **SECRET, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def check(*, cwd: Path = ROOT, environment: Mapping[str, str]) -> tuple[int, States]:
    """Return the exit status, and state and words of each finding by its name."""
    ended = run("--json", cwd=cwd, environment=environment)
    assert "Traceback" not in ended.stderr
    assert "hunter2" not in ended.stdout + ended.stderr
    findings = json.loads(ended.stdout)["findings"]
    assert all(finding["advice"] for finding in findings if finding["state"] in ("warning", "failure"))
    return ended.returncode, {finding["name"]: (finding["state"], finding["found"]) for finding in findings}


def check_files_and_storage(environment: Mapping[str, str]) -> tuple[int, States]:
    """Return the same of settings, files and servers, without a process of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        findings = files_and_storage()
    assert not any("hunter2" in finding.found + finding.advice for finding in findings)
    worst = max(STATUS[finding.state] for finding in findings)
    return worst, {finding.name: (finding.state, finding.found) for finding in findings}


@pytest.fixture
def sqlite(tmp_path: Path) -> dict[str, str]:
    return {
        "KEEPCART_STORAGE__URL": f"sqlite:///{tmp_path}/keepcart.db",
        "KEEPCART_ORDERS__URL": f"sqlite:///{tmp_path}/orders.db",
    }


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path, appendonly=True) as server:
        yield server


def test_a_deployment_on_sqlite_is_all_right_and_says_so_in_words(sqlite: dict[str, str]) -> None:
    ended = run(environment=sqlite)
    assert ended.returncode == 0
    assert "write and read" in ended.stdout
    assert "a visitor stores at most 130,958 bytes; at most 32 MiB wait in a process" in ended.stdout
    assert "journal_mode wal, synchronous NORMAL" in ended.stdout
    assert "prepared in" in ended.stdout
    assert ended.stdout.endswith("0 warnings, 0 failures\n")


@pytest.mark.server
def test_a_redis_that_keeps_its_data_is_all_right_and_is_left_as_it_was(server: RedisServer) -> None:
    status, found = check(environment={"KEEPCART_STORAGE__URL": server.url})
    assert status == 0
    assert found["redis: persistence"] == ("ok", "append-only file, appendfsync always")
    assert found["redis: replication"][0] == found["redis: clock"][0] == "ok"
    with redis.Redis.from_url(server.url) as client:
        assert all(0 < client.ttl(key) <= 60 for key in client.scan_iter())


@pytest.mark.server
@pytest.mark.parametrize(
    ("settings", "name", "state", "words"),
    [
        ({"appendonly": "no", "save": ""}, "redis: persistence", "warning", "a restart loses every document"),
        ({"appendonly": "no", "save": "60 1"}, "redis: persistence", "warning", "snapshots only"),
        ({"maxmemory": "100mb", "maxmemory-policy": "allkeys-lru"}, "redis: eviction", "warning", "documents vanish"),
        ({"maxmemory": "100mb", "maxmemory-policy": "volatile-ttl"}, "redis: eviction", "warning", "documents vanish"),
    ],
)
def test_a_redis_from_which_documents_could_vanish_is_warned_of(
    server: RedisServer, settings: dict[str, str], name: str, state: str, words: str
) -> None:
    with redis.Redis.from_url(server.url) as client:
        for setting, value in settings.items():
            client.config_set(setting, value)
    status, found = check(environment={"KEEPCART_STORAGE__URL": server.url})
    assert status == 1
    assert found[name][0] == state
    assert words in found[name][1]


@pytest.mark.server
def test_a_replica_in_place_of_the_primary_is_a_failure(server: RedisServer) -> None:
    with redis.Redis.from_url(server.url) as client:
        client.replicaof("127.0.0.1", free_port())
    status, found = check(environment={"KEEPCART_STORAGE__URL": server.url})
    assert status == 2
    assert found["write and read"][0] == found["redis: replication"][0] == "failure"
    assert "read-only" in found["write and read"][1]


@pytest.mark.server
def test_a_storage_that_is_away_or_refuses_the_password_is_a_failure_without_secrets(tmp_path: Path) -> None:
    status, found = check(environment={"KEEPCART_STORAGE__URL": f"redis://:hunter2@127.0.0.1:{free_port()}/0"})
    assert (status, found["storage"][0]) == (2, "failure")
    ended = run(environment={"KEEPCART_STORAGE__URL": f"redis://127.0.0.1:{free_port()}/0"})
    assert "-> see that it runs, and that the storage URL names it (storage.url; docs/deployment.md)" in ended.stdout
    with redis_server(tmp_path, password="right") as server:  # noqa: S106 - a test's
        status, found = check(environment={"KEEPCART_STORAGE__URL": f"redis://:hunter2@127.0.0.1:{server.port}/0"})
    assert (status, found["storage"][0]) == (2, "failure")
    assert "refused the user or password" in found["storage"][1]


@pytest.mark.server
def test_every_primary_of_a_cluster_is_looked_at_and_missing_replicas_are_told(tmp_path: Path) -> None:
    with redis_cluster(tmp_path) as cluster:
        status, found = check(environment={"KEEPCART_STORAGE__URL": cluster.url})
    assert status == 1
    assert found["redis: replication"][0] == "warning"
    assert "all 3 servers: no replica" in found["redis: replication"][1]


def test_a_wrong_setting_is_a_failure_and_what_needs_the_settings_is_said_to_be_skipped() -> None:
    status, found = check(environment={"KEEPCART_STORAGE__KEEP_DAYS": "0"})
    assert status == 2
    assert "KEEPCART_STORAGE__KEEP_DAYS" in found["settings"][1]
    assert [name for name, (state, _) in found.items() if state == "skipped"] == [
        "catalogue",
        "texts",
        "storage",
        "streamlit options",
        "open pages",
    ]


def test_a_storage_url_that_cannot_be_used_is_a_failure_without_its_password() -> None:
    status, found = check_files_and_storage({"KEEPCART_STORAGE__URL": "redis://:hunter2@host:99999/0"})
    assert (status, found["storage"][0], found["catalogue"][0]) == (2, "failure", "ok")


def test_a_mail_server_that_lets_us_in_is_all_right_and_one_that_is_away_a_failure(sqlite: dict[str, str]) -> None:
    told = {"KEEPCART_MAIL__SENDER": "orders@shop.example", "KEEPCART_MAIL__KEEPER": "me@shop.example"}
    with running_mailbox() as mailbox:
        environment = {**sqlite, **told, "KEEPCART_MAIL__URL": mailbox.url}
        state, words = check_files_and_storage(environment)[1]["mail"]
    sent = "not encrypted; sent by orders@shop.example, orders are told to me@shop.example"
    assert (state, words) == ("ok", f"127.0.0.1:{mailbox.port}, {sent}")
    away = {"KEEPCART_MAIL__URL": f"smtp://shop:hunter2@127.0.0.1:{mailbox.port}"}
    status, found = check_files_and_storage({**environment, **away})
    assert (status, found["mail"][0]) == (2, "failure")
    assert "refused" in found["mail"][1]


def test_a_missing_picture_is_told(tmp_path: Path, sqlite: dict[str, str]) -> None:
    shutil.copytree(ROOT / "catalogue", tmp_path / "catalogue")
    shutil.copy(ROOT / "config.toml", tmp_path)
    (tmp_path / "catalogue" / "pictures" / "mouse.svg").unlink()
    status, found = check_files_and_storage({"KEEPCART_CONFIG": str(tmp_path / "config.toml"), **sqlite})
    assert status == 2
    assert found["storage"][0] == "ok", "looked at all the same"
    assert found["catalogue"][0] == "failure"
    assert "mouse.svg" in found["catalogue"][1]


def test_every_fault_of_a_catalogue_is_a_line_under_the_others(sqlite: dict[str, str]) -> None:
    lines = run(environment={"KEEPCART_CATALOGUE__FILE": "config.toml", **sqlite}).stdout.splitlines()
    first = next(index for index, line in enumerate(lines) if line.startswith("failure  catalogue"))
    columns = {
        line.index(": this column is missing") > 0 and line.index(str(ROOT)) for line in lines[first : first + 6]
    }
    assert len(columns) == 1


@pytest.mark.parametrize(("secret", "words"), [("", "not set"), ("short", "5 characters")])
def test_a_missing_or_short_cookie_secret_is_warned_of(sqlite: dict[str, str], secret: str, words: str) -> None:
    status, found = check(environment={"STREAMLIT_SERVER_COOKIE_SECRET": secret, **sqlite})
    assert status == 1
    assert found["cookie secret"][0] == "warning"
    assert words in found["cookie secret"][1]


def test_streamlit_options_that_are_not_as_they_should_be_are_warned_of(sqlite: dict[str, str], tmp_path: Path) -> None:
    for part in ("app", "catalogue"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "config.toml", tmp_path)
    (tmp_path / "app" / ".streamlit" / "config.toml").write_text("[runner]\npostScriptGC = false\n")
    status, found = check(cwd=tmp_path, environment=sqlite)
    assert status == 1
    assert found["streamlit options"][0] == "warning"
    assert "runner.fastReruns is True" in found["streamlit options"][1]


@pytest.mark.parametrize(("value", "state"), [("true", "warning"), ("False", "ok")])
def test_a_variable_that_only_streamlit_run_would_follow_is_warned_of(
    sqlite: dict[str, str], value: str, state: str
) -> None:
    _, found = check(environment={"STREAMLIT_RUNNER_POST_SCRIPT_GC": value, **sqlite})
    assert found["streamlit options"][0] == state


def test_a_picture_that_the_user_of_the_store_may_not_read_is_told_apart(tmp_path: Path) -> None:
    picture = tmp_path / "mouse.svg"
    picture.touch(mode=0o000)
    me = os.geteuid()
    if me == 0:
        os.seteuid(65_534)  # root may read everything
    try:
        assert not is_readable(picture)
    finally:
        os.seteuid(me)
    picture.chmod(0o600)
    assert is_readable(picture)


def test_a_mistake_in_the_command_line_is_no_warning() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["chek"])
    assert ended.value.code == 2


def test_one_warning_is_not_called_warnings() -> None:
    findings = [Finding("a", "warning", "", ""), Finding("b", "failure", "", ""), Finding("c", "skipped", "")]
    assert summary(findings) == "0 ok, 1 warning, 1 failure, 1 skipped"
    assert summary(findings[:0]) == "0 ok, 0 warnings, 0 failures"


def test_the_bounds_that_result_from_the_limits_are_told(sqlite: dict[str, str]) -> None:
    _, found = check(environment={"KEEPCART_WEB__MAX_OPEN_PAGES": "300", **sqlite})
    assert found["open pages"][0] == "ok"
    assert found["open pages"][1].startswith("at most 300, and ")


def test_a_limit_in_which_few_pages_fit_is_warned_of(sqlite: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in sqlite.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("app.check.available", lambda: 1_024)
    finding = open_pages()
    assert (finding.state, finding.found.split(",")[0]) == ("warning", "at most 76")
    monkeypatch.setenv("KEEPCART_WEB__MAX_OPEN_PAGES", "50")
    assert open_pages().state == "ok"


@pytest.mark.parametrize(
    ("prepared", "missing"), [((), "no compressed scripts and small fonts"), (("compressed",), "no small fonts")]
)
def test_files_that_are_not_prepared_are_warned_of_with_the_command_that_prepares_them(
    sqlite: dict[str, str], prepared: Collection[str], missing: str
) -> None:
    ended = run(environment=sqlite, prepared=prepared)
    assert ended.returncode == 1
    assert missing in ended.stdout
    assert "-> run `python -m app static`" in ended.stdout
