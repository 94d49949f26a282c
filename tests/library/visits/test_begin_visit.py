"""The short way to a visit."""

import subprocess
import sys
from pathlib import Path

import pytest

from keepcart import current_visit
from keepcart.backends import open_storage
from testbed import ROOT

ENDS = """
import sys
from keepcart import Kept
from keepcart.documents import VALUES, Write
from keepcart import keeper_of

town = Kept("town", str, default="")
held = keeper_of(sys.argv[1]).hold("owner", VALUES)
held.load()
held.change({"town": Write(town, None, town.to_store("Pune"))}, later=True)
"""


def test_what_waits_is_saved_when_the_process_ends_in_order(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    subprocess.run([sys.executable, "-c", ENDS, url], cwd=ROOT, check=True)
    storage = open_storage(url)
    record = storage.load("owner", "kept")
    storage.close()
    assert record is not None
    assert record.body == b'[1,{"town":[1,"Pune"]}]'


def test_a_module_that_asks_for_a_visit_before_one_has_begun_is_told_what_to_do() -> None:
    with pytest.raises(RuntimeError, match="the entry script calls begin_visit first"):
        current_visit()
