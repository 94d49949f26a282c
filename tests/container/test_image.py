"""What the Dockerfile and compose.yaml say, carried out without a container engine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from testbed import ROOT
from testbed.servers import START_SECONDS, RedisServer, free_port, require_redis_server

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COPIED = re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE)
PORT = "8501"


@pytest.fixture
def running_image(tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Give the port and the process of the image's command, run in a folder with the image's files and nothing else."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    port = free_port()
    command = [str(port) if part == PORT else part for part in _exec_form("CMD")]
    environment = {"KEEPCART_STORAGE__URL": "sqlite:///kept/keepcart.db", "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        [sys.executable, *command[1:]], cwd=tmp_path, env=environment, stderr=subprocess.PIPE
    ) as process:
        try:
            yield port, process
        finally:
            process.kill()


def test_the_build_is_sent_all_that_the_image_copies_and_nothing_else() -> None:
    sent = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(sent) == sorted(COPIED)


def test_the_image_is_healthy_and_stops_in_time_with_an_open_page(
    running_image: tuple[int, subprocess.Popen[bytes]],
) -> None:
    port, process = running_image
    check = _exec_form(r"    CMD")
    health = [part.replace(PORT, str(port)) for part in check[1:]]

    _until(lambda: subprocess.run([sys.executable, *health], check=False, capture_output=True).returncode == 0)
    with connect(f"ws://127.0.0.1:{port}/_stcore/stream") as page:
        process.terminate()
        with pytest.raises(ConnectionClosed) as closed:
            page.recv(timeout=5)
        process.wait(timeout=5)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012, "restarting: reconnect"
    assert subprocess.run([sys.executable, *health], check=False, capture_output=True).returncode != 0


def test_the_database_of_compose_asks_for_its_password_and_forgets_nothing_when_it_is_killed(tmp_path: Path) -> None:
    require_redis_server()
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    found = re.search(r"valkey-server - <<END\n(.*?)\n *END\n", compose, re.DOTALL)
    assert found is not None
    settings = dict(line.strip().split(maxsplit=1) for line in found[1].splitlines() if "#" not in line)
    assert settings.pop("requirepass") == "$$REDISCLI_AUTH"
    assert settings.pop("dir") == "/data"
    arguments = [part for name, value in settings.items() for part in (f"--{name}", value.strip('"'))]
    server = RedisServer(tmp_path, free_port(), arguments, "secret")

    server.start()
    try:
        with redis.Redis.from_url(server.url) as client:
            client.set("cart", "full")
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        server.kill()
        server.start()
        with redis.Redis.from_url(server.url) as client:
            assert client.get("cart") == b"full"
        with redis.Redis(port=server.port) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.get("cart")
    finally:
        server.kill()


def _exec_form(instruction: str) -> list[str]:
    """Return the one command of the Dockerfile that is written as JSON after an instruction."""
    (found,) = re.findall(rf"^{instruction} (\[.*\])$", DOCKERFILE, re.MULTILINE)
    command: list[str] = json.loads(found)
    return command


def _until(true: Callable[[], bool]) -> None:
    give_up = time.monotonic() + START_SECONDS
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.1)
