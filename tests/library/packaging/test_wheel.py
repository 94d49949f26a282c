"""The wheel as it is published: what it holds and what it needs."""

from __future__ import annotations

from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZipFile

import pytest

from testbed import ROOT
from testbed.wheel import build_wheel

LIBRARY = ROOT / "storage" / "keepcart"
MOST_BYTES = 200_000


@pytest.fixture
def names(wheel: Path) -> list[str]:
    with ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture
def metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return HeaderParser().parsestr(archive.read(name).decode("utf-8"))


def test_it_puts_one_package_into_site_packages(names: list[str], wheel: Path) -> None:
    _, version, *_ = wheel.name.split("-")
    assert {name.split("/")[0] for name in names} == {"keepcart", f"keepcart-{version}.dist-info"}


def test_it_holds_every_file_of_the_library(names: list[str]) -> None:
    files = {
        str(path.relative_to(LIBRARY.parent))
        for path in LIBRARY.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if name.startswith("keepcart/")} == files
    assert {"keepcart/py.typed", "keepcart/backends/compare_and_set.lua"} <= files


def test_it_holds_the_licence_of_the_repository(names: list[str], wheel: Path) -> None:
    (name,) = [name for name in names if name.endswith("/LICENSE")]
    with ZipFile(wheel) as archive:
        assert archive.read(name) == (ROOT / "LICENSE").read_bytes()


def test_it_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size <= MOST_BYTES


def test_it_needs_streamlit_and_msgspec_and_the_rest_are_extras(metadata: Message) -> None:
    needed = metadata.get_all("Requires-Dist", [])
    always = sorted(requirement.split("<")[0].split(">")[0] for requirement in needed if "extra ==" not in requirement)
    extras = {
        requirement.rpartition("extra == ")[2].strip("\"'") for requirement in needed if "extra ==" in requirement
    }
    assert always == ["msgspec", "streamlit"]
    assert extras == set(metadata.get_all("Provides-Extra", [])) == {"redis", "cookies", "sealed"}


def test_its_page_on_an_index_is_the_readme(metadata: Message) -> None:
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert str(metadata.get_payload()).strip() == (ROOT / "storage" / "README.md").read_text(encoding="utf-8").strip()


def test_building_it_leaves_nothing_in_the_checkout(tmp_path: Path) -> None:
    before = set((ROOT / "storage").rglob("*"))
    build_wheel(tmp_path)
    assert set((ROOT / "storage").rglob("*")) == before
