"""The example of the README, run as it stands there."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

README = Path(__file__).resolve().parents[3] / "README.md"


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    script = tmp_path / "counter.py"
    script.write_text(example, encoding="utf-8")
    return script


def shown(app: AppTest) -> str:
    assert not app.exception
    return str(app.markdown[0].value)


def opened_by(visitor_id: str, script: Path) -> AppTest:
    """Open a page as a visitor; AppTest has no cookies, so the id is put where the first run would keep it."""
    app = AppTest.from_file(str(script), default_timeout=30)
    app.session_state["keepcart.visitor"] = visitor_id
    return app.run()


def test_the_example_of_the_readme_counts_and_keeps(counter: Path) -> None:
    page = opened_by("a" * 43, counter)
    assert shown(page) == "Counted to 0 in no town"
    page.button(key="more").click().run()
    page.text_input(key="kept-town").input("Pune").run()
    assert shown(page) == "Counted to 1 in Pune"
    assert shown(opened_by("a" * 43, counter)) == "Counted to 1 in Pune"
    assert shown(opened_by("b" * 43, counter)) == "Counted to 0 in no town"
