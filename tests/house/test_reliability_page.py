"""docs/reliability.md names only tests that there are, and covers what it promises to cover."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from testbed import ROOT

TEXT = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)
FAILURE_MODES = list(range(1, 21))


def names_in(file: Path) -> set[str]:
    """Return what a module defines."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    functions = {statement.name for statement in body if isinstance(statement, ast.FunctionDef)}
    values = {
        target.id
        for statement in body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    return functions | values


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_a_test_that_the_page_names_exists(file: str, name: str) -> None:
    assert (ROOT / file).is_file()
    assert not name or name in names_in(ROOT / file)


def test_every_failure_mode_that_concerns_a_cart_has_a_row_with_a_test() -> None:
    rows = re.findall(r"^\| F(\d+) \|.*`tests/[\w/]+\.py::test_\w+`", TEXT, re.MULTILINE)
    assert sorted(map(int, rows)) == FAILURE_MODES


def test_every_file_of_the_fault_suite_is_on_the_page() -> None:
    files = {str(file.relative_to(ROOT)) for file in (ROOT / "tests" / "faults").glob("test_*.py")}
    assert files <= {file for file, _ in NAMED}
