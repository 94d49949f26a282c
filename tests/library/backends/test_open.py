"""Which URLs open what, and what is said about the others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from keepcart.backends import address, open_storage
from keepcart.backends.redis_storage import RedisStorage
from keepcart.backends.sqlite_storage import SqliteStorage
from testbed import ROOT

SECRET = "s3cr3t-word"  # noqa: S105 - what must be shown nowhere


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "redis://localhost/",
        "redis://localhost:6380/3",
        "redis://[::1]:6379/0",
        f"redis://user:{SECRET}@shop.example:6379/0",
        "redis://localhost?db=2",
        f"rediss://:{SECRET}@shop.example:6379/0?ssl_cert_reqs=none",
        "unix:///run/redis.sock?db=1",
        "redis+cluster://a.example:7000,b.example:7001",
        "redis+cluster://a.example",
        f"redis+cluster://user:{SECRET}@a.example:7000,b.example:7001/",
        "redis+sentinel://a.example:26379,b.example:26379/shop",
        "redis+sentinel://a.example/shop-1.main/",
        f"redis+sentinel://user:{SECRET}@[::1]:26379/shop/3?sentinel_password={SECRET}",
    ],
)
def test_a_redis_url_opens_without_contacting_anyone(url: str) -> None:
    storage = open_storage(url)
    assert isinstance(storage, RedisStorage)
    storage.close()


def test_a_sqlite_url_opens_a_file(tmp_path: Path) -> None:
    storage = open_storage("sqlite:///documents.db", base_folder=tmp_path)
    assert isinstance(storage, SqliteStorage)
    storage.close()


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("", "a storage URL starts with one of sqlite://, redis://, rediss://, unix://, redis+cluster://"),
        (f"redis:/:{SECRET}@host", "starts with one of"),
        (f"mysql://:{SECRET}@host", "unknown storage scheme 'mysql'; known are sqlite://, redis://"),
        (f"redis://:{SECRET}@", "there is no host"),
        (f"redis://:{SECRET}@:6379/0", "there is no host"),
        (f"redis://:{SECRET}@a..b/0", "the host is no name"),
        (f"redis://:{SECRET}@host:port/0", "the port is not a number"),
        (f"redis://:{SECRET}@host:0/0", "the port is not a number"),
        (f"redis://:{SECRET}@host:65536/0", "the port is not a number"),
        (f"redis://:{SECRET}@[::1/0", "the port is not a number"),
        (f"redis://:{SECRET}/x@host:6379/0", "not %-escaped"),
        (f"redis://:{SECRET}?x@host:6379/0", "not %-escaped"),
        (f"redis://:{SECRET}#x@host:6379/0", "not %-escaped"),
        (f"redis://:{SECRET}@host/carts", "a database number"),
        (f"redis://:{SECRET}@host/0?socket_timeout=60", "the query may hold a number db"),
        (f"redis://host/0?password={SECRET}", "the query may hold a number db"),
        (f"redis://host/0?password={SECRET}@x", "the query may hold a number db"),
        (f"redis://:{SECRET}@host?db=one", "the query may hold a number db"),
        (f"rediss://:{SECRET}@host?retry=1", "ssl_… options"),
        ("unix://", "names a socket"),
        ("unix://run/redis.sock", "names a socket"),
        ("redis+cluster://", "there is no host"),
        (f"redis+cluster://user:{SECRET}@", "there is no host"),
        (f"redis+cluster://user:{SECRET}@a:7000,", "there is no host"),
        (f"redis+cluster://user:{SECRET}@a:7000,b:port", "the port is not a number"),
        (f"redis+cluster://user:{SECRET}@a:7000/0", "nothing after it"),
        (f"redis+cluster://user:{SECRET}@a:7000?db=0", "nothing after it"),
        ("redis+sentinel://", "there is no host"),
        (f"redis+sentinel://user:{SECRET}@/shop", "there is no host"),
        (f"redis+sentinel://user:{SECRET}@a:26379,/shop", "there is no host"),
        (f"redis+sentinel://user:{SECRET}@a:26379,b:port/shop", "the port is not a number"),
        (f"redis+sentinel://user:{SECRET}@a:26379", "/name, the primary's"),
        (f"redis+sentinel://user:{SECRET}@a:26379/", "/name, the primary's"),
        (f"redis+sentinel://user:{SECRET}@a:26379/shop/one", "/number, a database"),
        (f"redis+sentinel://user:{SECRET}@a:26379/shop/1/2", "/number, a database"),
        (f"redis+sentinel://user:{SECRET}@a:26379/shop?db=1", "may hold a sentinel_password and nothing else"),
        (f"redis+sentinel://a/shop?sentinel_password={SECRET}&db=1", "may hold a sentinel_password and nothing else"),
        (f"redis+sentinel://:{SECRET}?x@a:26379/shop", "redis+sentinel://…"),
        ("sqlite://", "it starts with three slashes"),
        (f"sqlite://user:{SECRET}@host/file.db", "has no host"),
        ("sqlite:///", "names a file"),
        ("sqlite:///data/", "names a file"),
        ("sqlite:///data/file.db?mode=ro", "no query"),
    ],
)
def test_a_url_that_cannot_be_used_is_one_clear_sentence_without_the_password(url: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        open_storage(url)
    assert complaint in str(refused.value)
    assert SECRET not in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_a_socket_where_python_knows_none_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("socket.AF_UNIX")
    with pytest.raises(ValueError, match="knows no Unix sockets"):
        open_storage("unix:///run/redis.sock")


def test_other_options_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="synchronous must be NORMAL or FULL, not 'OFF'"):
        open_storage("sqlite:///file.db", base_folder=tmp_path, sqlite_synchronous="OFF")
    with pytest.raises(ValueError, match="keep_seconds must be at least 1, not 0"):
        open_storage("redis://localhost", keep_seconds=0)
    with pytest.raises(ValueError, match="prefix must be letters"):
        open_storage("redis://localhost", prefix="{shop}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"redis://user:{SECRET}@host:6379/0", "redis://host:6379/0"),
        (f"redis://:{SECRET}@{SECRET}@host/0", "redis://host/0"),
        (f"redis://:{SECRET}?{SECRET}@host/0", "redis://…"),
        (f"redis://host/0?password={SECRET}", "redis://host/0"),
        (f"redis+cluster://user:{SECRET}@a:7000,b:7001", "redis+cluster://a:7000,b:7001"),
        (f"redis+sentinel://:{SECRET}@a:1,b:2/shop/0?sentinel_password={SECRET}", "redis+sentinel://a:1,b:2/shop/0"),
        ("sqlite:///data/keepcart.db", "sqlite:///data/keepcart.db"),
    ],
)
def test_an_address_is_the_url_without_its_secrets(url: str, shown: str) -> None:
    assert address(url) == shown


@pytest.mark.parametrize(("url", "unneeded"), [("sqlite:///file.db", "redis"), ("redis://localhost", "sqlite3")])
def test_a_backend_imports_only_its_own_library(tmp_path: Path, url: str, unneeded: str) -> None:
    code = "import sys, pathlib, keepcart.backends as b"
    code += "\nb.open_storage(sys.argv[1], base_folder=pathlib.Path(sys.argv[2]))"
    code += "\nprint([name for name in sys.modules if name.partition('.')[0] == sys.argv[3]])"
    command = [sys.executable, "-c", code, url, str(tmp_path), unneeded]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_redis_url_without_the_extra_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['redis'] = None\n"
        "from keepcart.backends import open_storage\n"
        f"try: open_storage('redis://:{SECRET}@localhost:6379/0')\n"
        "except ModuleNotFoundError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "redis://localhost:6379/0 needs a Redis client: pip install 'keepcart[redis]'\n"
