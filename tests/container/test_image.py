"""What the Dockerfile and compose.yaml say, carried out without a container engine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from testbed import ROOT
from testbed.servers import START_SECONDS, RedisServer, free_port, require_redis_server
from testbed.wheel import LEFT_BEHIND, environment_beside_ours

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COPIED = dict(re.findall(r"^COPY (?!--from)(\S+) (\S+)$", DOCKERFILE, re.MULTILINE))
"""What the build takes from here, and where it puts that."""

PORT = "8501"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the image's files and nothing else, and an environment with its library."""
    root = tmp_path_factory.mktemp("image")
    for name, place in COPIED.items():
        target = root / place.lstrip("/") / (name if place.endswith("/") else "")
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=LEFT_BEHIND)
        else:
            shutil.copy(ROOT / name, target)
    python = environment_beside_ours(root / "opt" / "venv")
    (install,) = re.findall(r"python (-m pip [^&]* install [^&]*/srv/storage)\b", DOCKERFILE.replace("\\\n", ""))
    within = {"/opt/venv/bin/python": str(python), "/srv/storage": str(root / "srv" / "storage")}
    subprocess.run([sys.executable, *(within.get(word, word) for word in install.split())], check=True)
    return root


@pytest.fixture
def running_image(image: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Give the port and the process of the image's command, run in the image's working directory."""
    port = free_port()
    command = [str(port) if part == PORT else part for part in _exec_form("CMD")]
    environment = {"KEEPCART_STORAGE__URL": "sqlite:///kept/keepcart.db", "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(
        [image / "opt/venv/bin/python", *command[1:]],
        cwd=image / "srv" / "keepcart",
        env=environment,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield port, process
        finally:
            process.kill()


def test_the_build_is_sent_all_that_the_image_copies_and_nothing_else() -> None:
    sent = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(sent) == sorted(COPIED)


def test_what_only_building_needs_is_not_in_the_image() -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    gone = re.findall(r"uninstall --yes --quiet ([\w ]+)", DOCKERFILE)

    assert sorted(" ".join(gone).split()) == sorted(re.match(r"\w+", need)[0] for need in extra["build"])  # type: ignore[index]
    assert DOCKERFILE.index("-m app static") < DOCKERFILE.index("uninstall --yes --quiet brotli")


def test_the_library_is_installed_in_the_image_as_anybody_installs_it(image: Path) -> None:
    told = "import keepcart; print(keepcart.__file__)"
    python = image / "opt/venv/bin/python"
    done = subprocess.run([python, "-c", told], cwd=image / "srv/keepcart", capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).is_relative_to(image / "opt" / "venv")


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


@pytest.mark.parametrize("service", ["store", "carts", "orders"])
def test_no_service_of_compose_can_take_the_machine_from_the_others(service: str) -> None:
    limits = _service(service)
    assert {"mem_limit", "pids_limit", "cpus", "ulimits"} <= limits.keys()
    assert float(limits["cpus"]) <= 1, "docker refuses more cores than the machine has"


def test_the_database_may_have_thrice_the_memory_that_its_carts_may_take() -> None:
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    (most,) = re.findall(r"^ +maxmemory (\d+)mb$", compose, re.MULTILINE)
    assert _service("carts")["mem_limit"] == f"{3 * int(most)}m"


def _service(name: str) -> dict[str, str]:
    """Return the settings of a service that stand on a line of their own."""
    services = (
        (ROOT / "compose.yaml").read_text(encoding="utf-8").partition("\nservices:\n")[2].partition("\nnetworks:")[0]
    )
    (text,) = re.findall(rf"^  {name}:\n((?:    .*\n|\n)+)", services, re.MULTILINE)
    return dict(re.findall(r"^    (\w+): (.*?)(?:  #.*)?$", text, re.MULTILINE))


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
