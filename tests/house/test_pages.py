"""What the pages of documentation point to exists: links, headings, files, make targets and modules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from testbed import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), ROOT / "storage" / "README.md"]
TARGETS = set(re.findall(r"^([\w./-]+):(?!=)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
FOLDERS = "app|bench|catalogue|docs|storage|supply|testbed|tests|texts"
HISTORY = ROOT / "CHANGELOG.md"  # also names what is gone
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
every_page_of_today = pytest.mark.parametrize(
    "page", [page for page in PAGES if page != HISTORY], ids=lambda page: str(page.relative_to(ROOT))
)


def anchors(page: Path) -> Iterator[str]:
    """Give the anchors of a page's headings, as the hosts of repositories make them."""
    for heading in re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@every_page
def test_a_link_leads_to_a_file_and_to_a_heading_that_are_there(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@every_page_of_today
def test_a_path_of_the_repository_that_a_page_names_is_there(page: Path) -> None:
    for path in re.findall(rf"`((?:{FOLDERS})/[\w./-]*)(?:::\w+)?`", page.read_text(encoding="utf-8")):
        assert (ROOT / path).exists(), path


@every_page_of_today
def test_a_command_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"(?:^ {4}|`)make ([a-z./-]+)", text, re.MULTILINE):
        assert target in TARGETS, target
    for module in re.findall(r"python -m ((?:app|bench|supply|testbed)[\w.]*)", text):
        assert find_spec(module) is not None, module
