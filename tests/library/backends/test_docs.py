"""What docs/storage.md says is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from keepcart.backends.open import _BACKENDS
from keepcart.backends.update import TRIES
from testbed import ROOT

TEXT = (ROOT / "docs" / "storage.md").read_text(encoding="utf-8")


def test_the_example_runs_as_it_stands(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    command = [sys.executable, "-W", "error", "-c", example]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == "['milk']\n['milk', 'milk']\n['note']\n"


def test_the_table_names_every_scheme_and_no_other() -> None:
    assert re.findall(r"^\| `(.*?)://", TEXT, re.MULTILINE) == list(_BACKENDS)


def test_the_number_of_tries_is_right() -> None:
    assert f"faster {TRIES} times" in TEXT
