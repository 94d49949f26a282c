"""Two projects, one checkout: the shop in the root, the library in storage/. Every tool finds both."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import pytest

from testbed import ROOT

SITE_PACKAGES = Path(sysconfig.get_path("purelib"))
LOCKS = [ROOT / "requirements.lock", ROOT / "requirements-dev.lock"]

USER = """
import app.domain.cart
from keepcart import Kept, Visit, begin_visit, click

town = Kept("town", str, default="")
visit = begin_visit("sqlite:///visits.db")
reveal_type(visit)
reveal_type(visit.get(town))
reveal_type(app.domain.cart.Cart().lines)
click(visit, "more", lambda: visit.put(town, 1), label="More")
click(Visit, "more", lambda: None)
"""


def project(folder: Path) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def packages_named_by(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ;]", line, maxsplit=1)[0].lower() for line in requirements}


@pytest.mark.parametrize(("distribution", "folder"), [("keepcart", ROOT / "storage"), ("keepcart_shop", ROOT)])
def test_an_editable_install_is_one_path_and_no_import_hook(distribution: str, folder: Path) -> None:
    (pth,) = SITE_PACKAGES.glob(f"__editable__.{distribution}-*.pth")
    assert pth.read_text(encoding="utf-8").strip() == str(folder)
    assert list(SITE_PACKAGES.glob("__editable__*finder*")) == []


def test_an_editor_finds_the_library_and_the_shop_with_their_types(tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(USER, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.basedpyright]\ntypeCheckingMode = 'standard'\n", encoding="utf-8")
    command = [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)["generalDiagnostics"]

    revealed = [one["message"] for one in told if one["severity"] == "information"]
    assert [message.rpartition(" is ")[2] for message in revealed] == ['"Visit"', '"str"', '"tuple[Line, ...]"']
    mistakes = [(one["range"]["start"]["line"], one["rule"]) for one in told if one["severity"] == "error"]
    assert mistakes == [(9, "reportArgumentType"), (10, "reportArgumentType")]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_what_the_library_needs_and_not_the_library(lock: Path) -> None:
    """`pip install --require-hashes` refuses a folder, so `make` installs the library after the lock."""
    library = project(ROOT / "storage")
    needed = [
        *library["dependencies"],
        *(line for extra in library["optional-dependencies"].values() for line in extra),
    ]
    locked = set(re.findall(r"^([\w.-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE))
    assert packages_named_by(needed) <= locked
    assert "keepcart" not in locked
    assert re.findall(r"^(?:-e|\.|/).*|file:.*", lock.read_text(encoding="utf-8"), re.MULTILINE) == []


def test_the_shop_wants_the_library_of_its_checkout() -> None:
    library = project(ROOT / "storage")
    (wanted,) = [line for line in project(ROOT)["dependencies"] if line.startswith("keepcart")]
    assert wanted.rpartition("==")[2] == library["version"]
