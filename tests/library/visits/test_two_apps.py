"""Two apps on one host and one Redis, each served as in earnest, whose values have the same names and other types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from testbed.servers import Store, redis_server, running_store
from testbed.wire.connection import Run
from testbed.wire.open_page import OpenPage

pytestmark = pytest.mark.server

BROWSERS = 4
VALUES = 250  # a visitor may have 256

SCRIPT = """
import json
import streamlit as st
from keepcart import Kept, begin_visit, click

VALUES = [Kept(f"value-{{number}}", {type}, default={type}()) for number in range({values})]
who = st.query_params["who"]
visit = begin_visit({url!r}, name={name!r})


def fill():
    for number, value in enumerate(VALUES):
        visit.put(value, {type}(f"{{who}}000{{number}}"))


click(visit, "fill", fill, label="Fill")
st.text(json.dumps([visit.get(value) for value in VALUES]))
visit.complete_run()
"""
MAIN = """
from pathlib import Path
import streamlit as st
from starlette.middleware import Middleware
from keepcart import Turns, VisitorCookie

app = st.App(
    Path(__file__).with_name("app.py"),
    middleware=[Middleware(VisitorCookie, keep_seconds=60, name={name!r}), Middleware(Turns)],
)
"""
TYPES = {"numbers": int, "words": str}


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Store]]:
    """Serve both apps, by name."""
    with ExitStack() as ending:
        redis = ending.enter_context(redis_server(tmp_path_factory.mktemp("redis")))
        apps = {}
        for name, type_ in TYPES.items():
            folder = tmp_path_factory.mktemp(name)
            script = SCRIPT.format(type=type_.__name__, values=VALUES, url=redis.url, name=name)
            (folder / "app.py").write_text(script, encoding="utf-8")
            (folder / "main.py").write_text(MAIN.format(name=name), encoding="utf-8")
            command = ("-m", "uvicorn", "--app-dir", str(folder), "main:app", "--host", "127.0.0.1", "--port")
            apps[name] = ending.enter_context(running_store(folder, {}, command))
        yield apps


def told(run: Run) -> Any:
    """Return the values that a run has drawn."""
    (text,) = [
        message.delta.new_element.text.body for message in run.messages if message.delta.new_element.HasField("text")
    ]
    return json.loads(text)


def test_none_of_a_thousand_values_is_mixed_with_another_apps(apps: dict[str, Store]) -> None:
    browsers: dict[int, dict[str, str]] = {who: {} for who in range(1, BROWSERS + 1)}
    for who, jar in browsers.items():
        for app in apps.values():  # cookies know no ports: one jar for both
            with OpenPage(app.url, jar, f"?who={who}") as page:
                jar.update(page.cookies)
                page.press("fill")
    mixed = 0
    for who, jar in browsers.items():
        for name, app in apps.items():
            with OpenPage(app.url, jar, f"?who={who}") as page:
                expected = [TYPES[name](f"{who}000{number}") for number in range(VALUES)]
                mixed += sum(one != other for one, other in zip(told(page.first_run), expected, strict=True))
    assert mixed == 0
    visitors = {jar[name] for jar in browsers.values() for name in apps}
    assert len(visitors) == BROWSERS * len(apps), "each browser is another visitor in each app"
    assert not any("unreadable" in app.output for app in apps.values())
