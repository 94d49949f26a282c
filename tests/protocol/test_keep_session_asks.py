"""How often `KeepSession`, and the kept values beside it, ask storage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from testbed.servers import RedisServer, Store, redis_server, running_store
from testbed.wire.open_page import OpenPage

pytestmark = pytest.mark.server

MAIN = """
import os
import streamlit as st
from starlette.middleware import Middleware
from keepcart import KeepSession

app = st.App("app.py", middleware=[Middleware(KeepSession, os.environ["KEPT"], share=["shared"])])
"""
SCRIPT = """
import os
import streamlit as st
from keepcart import Kept, begin_visit

COUNT = Kept("count", int, default=0)
visit = begin_visit(os.environ["KEPT"])
if st.button("Count"):
    st.session_state["clicks"] = st.session_state.get("clicks", 0) + 1
    visit.put(COUNT, visit.get(COUNT) + 1)
if not st.query_params.get("late"):
    visit.get(COUNT)
if st.button("Show"):
    st.text(f"late {visit.get(COUNT)}")
st.text(f"clicks {st.session_state.get('clicks')}")
visit.complete_run()
"""
COMMAND = ("-m", "uvicorn", "main:app", "--host", "127.0.0.1", "--port")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture
def app(tmp_path: Path, server: RedisServer, request: pytest.FixtureRequest) -> Iterator[Store]:
    share = getattr(request, "param", "")
    (tmp_path / "main.py").write_text(MAIN.replace(', share=["shared"]', share), encoding="utf-8")
    (tmp_path / "app.py").write_text(SCRIPT, encoding="utf-8")
    with running_store(tmp_path, {"KEPT": server.url}, COMMAND, cwd=tmp_path) as running:
        yield running


def asked(server: RedisServer, act: Callable[[], object]) -> list[str]:
    """Return the commands that clients send meanwhile; what a script of ours does inside is none."""
    with redis.Redis(port=server.port, protocol=2) as client, client.monitor() as monitor:
        act()
        server.tell("ECHO", "enough")
        seen = []
        while "enough" not in (told := monitor.next_command())["command"]:
            seen.append(told)
    named = [told["command"].split()[0] for told in seen if told["client_type"] != "lua"]
    return [command for command in named if command not in ("CLIENT", "SELECT")]


@pytest.mark.parametrize("app", ["", ', share=["shared"]'], indirect=True, ids=["own", "shared"])
def test_a_page_load_asks_once_for_the_session_the_shared_keys_and_the_kept_values(
    server: RedisServer, app: Store
) -> None:
    with OpenPage(app.url, tab="a") as page:
        page.press("Count")
    opened: list[OpenPage] = []
    assert asked(server, lambda: opened.append(OpenPage(app.url, page.cookies, tab="a"))) == ["EVALSHA"]
    with opened[0] as again:
        assert "clicks 1" in again.shown.text()
        again.press("Show")
        assert "late 1" in again.shown.text()


def test_kept_values_that_are_asked_for_later_are_read_then(server: RedisServer, app: Store) -> None:
    with OpenPage(app.url, tab="a") as page:
        page.press("Count")
        with OpenPage(app.url, page.cookies, "?late=1", tab="b") as other:
            page.press("Count")
            assert asked(server, lambda: other.press("Show")) == ["EVALSHA"]
            assert "late 2" in other.shown.text()
