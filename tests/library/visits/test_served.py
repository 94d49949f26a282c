"""The guide's app, served by uvicorn behind the middleware and spoken to by Streamlit's protocol, without a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from testbed import ROOT
from testbed.servers import Store, running_store
from testbed.wire.open_page import OpenPage

pytestmark = pytest.mark.server

GUIDE = (ROOT / "docs" / "your-own-app.md").read_text(encoding="utf-8")
*_, APP, MAIN = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Store]:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "app.py").write_text(
        APP.replace("redis://localhost:6379/0", f"sqlite:///{tmp_path / 'visits.db'}"), encoding="utf-8"
    )
    (folder / "main.py").write_text(MAIN, encoding="utf-8")
    with running_store(
        tmp_path, {}, ("-m", "uvicorn", "--no-access-log", "--app-dir", str(folder), "main:app", "--port")
    ) as store:
        yield store


def test_the_first_run_of_every_later_visit_shows_what_was_typed_and_clicked(app: Store) -> None:
    with OpenPage(app.url) as page:
        page.change("kept-name", string_value="Asha")
        page.change("kept-days", double_value=3)
        assert page.press("load").says("for Asha")
    app.restart()
    with OpenPage(app.url, page.cookies) as later:
        assert later.first_run.says("0 € for Asha")
        assert later.first_run.says("Mountains, 3 days:")
    with OpenPage(app.url) as strangers:
        assert not strangers.first_run.says("Asha")


def test_two_open_tabs_keep_what_each_has_typed(app: Store) -> None:
    with OpenPage(app.url) as first, OpenPage(app.url, first.cookies) as second:
        first.change("kept-name", string_value="Asha")
        second.change("kept-days", double_value=3)
        assert first.press("load").says("for Asha")
        assert second.rerun().says("Mountains, 3 days:")
