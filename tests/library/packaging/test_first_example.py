"""The first example of the library's page and of the guide: from `pip install` to a value that survives a reload."""

from __future__ import annotations

import difflib
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from testbed import ROOT
from testbed.browser.shopper import CONNECTED, IDLE, PATIENCE_MS
from testbed.servers import Store
from testbed.wheel import environment_from_index, environment_with_wheel

README = (ROOT / "storage" / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "your-own-app.md").read_text(encoding="utf-8")
BEFORE, AFTER = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[:2]
INSTALL = re.compile(r'^    pip install "keepcart(.*?)"$', re.MULTILINE)
RUN = ("-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.port")

WHERE = "import importlib.util as u; print(u.find_spec('keepcart').origin); print(u.find_spec('app'))"


@pytest.fixture(
    scope="module",
    params=[environment_with_wheel, pytest.param(environment_from_index, marks=pytest.mark.long)],
    ids=["wheel", "pip install"],
)
def python(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the Python of a fresh environment in which the first command of the page was carried out."""
    folder = tmp_path_factory.mktemp("new-user")
    make: Callable[[Path, Path], Path] = request.param
    return make(folder / "venv", wheel)


@pytest.fixture
def app(python: Path, tmp_path: Path, chromium: Browser) -> Iterator[Store]:
    """Serve the example by the page's second command, in a folder that holds nothing else."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "app.py").write_text(AFTER, encoding="utf-8")
    store = Store(tmp_path, {}, RUN, python=python, cwd=folder)
    try:
        store.start()
        yield store
    finally:
        store.kill()


def test_at_most_five_lines_change() -> None:
    lines = difflib.ndiff(BEFORE.splitlines(), AFTER.splitlines())
    changed = [line for line in lines if line[0] in "+-" and line[1:].strip()]
    assert len(changed) <= 5, changed


def test_the_guide_begins_with_the_same_example() -> None:
    assert re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)[:2] == [BEFORE, AFTER]
    assert INSTALL.findall(GUIDE)[0] == INSTALL.findall(README)[0] == "[cookies]"


def test_the_library_is_found_in_the_new_environment_and_the_shop_is_not(python: Path, tmp_path: Path) -> None:
    done = subprocess.run([python, "-c", WHERE], cwd=tmp_path, capture_output=True, text=True, check=True)
    origin, shop = done.stdout.splitlines()
    assert Path(origin).is_relative_to(python.parents[1])
    assert shop == "None"


@pytest.mark.server
def test_a_value_survives_a_reload_and_is_another_visitors_not(app: Store, chromium: Browser) -> None:
    with chromium.new_context() as ours, chromium.new_context() as anothers:
        page = ours.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(app.url)
        field = page.get_by_label("Your town")
        expect(page.get_by_text("Weather in no town yet")).to_be_visible()
        _until_known(ours)
        field.fill("Pune")
        field.press("Enter")
        expect(page.get_by_text("Weather in Pune")).to_be_visible()
        expect(page.locator(IDLE)).to_be_attached()

        page.reload()
        expect(page.get_by_text("Weather in Pune")).to_be_visible()
        expect(field).to_have_value("Pune")

        app.restart()
        expect(page.locator(CONNECTED)).to_be_attached(timeout=60_000)
        page.reload()
        expect(field).to_have_value("Pune")

        stranger = anothers.new_page()
        stranger.goto(app.url)
        expect(stranger.get_by_text("Weather in no town yet")).to_be_visible()


def _until_known(context: BrowserContext) -> None:
    """Wait for the script's cookie, which comes after the first run."""
    page = context.pages[0]
    for _ in range(PATIENCE_MS // 100):
        if any(cookie.get("name") == "keepcart" for cookie in context.cookies()):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the script wrote no cookie")
