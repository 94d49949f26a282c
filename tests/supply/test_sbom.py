"""The bill of materials names everything that the lock pins."""

from __future__ import annotations

import json
from pathlib import Path

from supply.lock import Pin, canonical, pins
from supply.sbom import main
from testbed import ROOT

LOCK = ROOT / "requirements.lock"


def test_every_package_of_the_lock_is_in_the_bill_and_those_installed_here_with_their_licence(tmp_path: Path) -> None:
    target = tmp_path / "new" / "sbom.json"
    assert main([str(LOCK), str(target)]) == 0
    bill = json.loads(target.read_text(encoding="utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["name"] == "keepcart-shop"
    found = {Pin(canonical(part["name"]), part["version"]): part for part in bill["components"]}
    assert sorted(found) == pins(LOCK)
    without = {pin.name for pin, part in found.items() if not part.get("licenses")}
    assert without <= {"async-timeout", "numpy"}, "of other Pythons"
    (starlette,) = [part for pin, part in found.items() if pin.name == "starlette"]
    assert starlette["licenses"] == [{"expression": "BSD-3-Clause"}]
    assert starlette["externalReferences"][0]["hashes"]
