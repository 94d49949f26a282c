"""What `make audit` says of a lock: a package that nobody looked up is never clean."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from supply.audit import CLEAN, NOT_AUDITED, VULNERABLE, audited, main
from supply.lock import Pin, pins
from testbed import ROOT

LOCK = """\
# made by make lock
Alpha_One==1.0 \\
    --hash=sha256:00
beta==2.0 ; python_full_version < '3.12' \\
    --hash=sha256:01
beta==2.1 ; python_full_version >= '3.12' \\
    --hash=sha256:02
"""
# As pip-audit 2.10 prints them.
ALPHA = {"name": "alpha-one", "version": "1.0", "vulns": []}
BETA = {"name": "beta", "version": "2.0", "vulns": []}
BETA_NEXT = {"name": "beta", "version": "2.1", "vulns": []}
BROKEN = {
    "name": "beta",
    "version": "2.1",
    "vulns": [{"id": "PYSEC-2026-7", "fix_versions": ["2.2"]}, {"id": "GHSA-x", "fix_versions": []}],
}
SKIPPED = {"name": "beta", "skip_reason": "Dependency not found on PyPI and could not be audited: beta (2.1)"}


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    file = tmp_path / "some.lock"
    file.write_text(LOCK, encoding="utf-8")
    return file


class Recorded:
    """pip-audit's answers, one after another."""

    def __init__(self, *answers: Sequence[object] | str) -> None:
        self.answers = list(answers)
        self.asked: list[list[Pin]] = []

    def __call__(self, wanted: Sequence[Pin]) -> str:
        self.asked.append(list(wanted))
        answer = self.answers.pop(0)
        return answer if isinstance(answer, str) else json.dumps({"dependencies": answer, "fixes": []})


def told(lock: Path, capsys: pytest.CaptureFixture[str], *answers: Sequence[object] | str) -> tuple[int, list[str]]:
    status = main([str(lock)], Recorded(*answers))
    return status, capsys.readouterr().out.splitlines()


def test_a_lock_is_clean_if_every_package_was_looked_up(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = told(lock, capsys, [ALPHA, BETA], [BETA_NEXT])
    assert said == (CLEAN, ["3 packages without known vulnerabilities, 0 with"])


def test_a_vulnerability_is_told_with_the_release_that_mends_it(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines = told(lock, capsys, [ALPHA, BETA], [BROKEN])
    assert status == VULNERABLE
    assert lines[0] == "beta 2.1: PYSEC-2026-7 (mended in 2.2); GHSA-x (not mended yet)"


@pytest.mark.parametrize("answer", [[SKIPPED], [], [BETA], "", "<html>", "[]", '{"dependencies": null}'])
def test_a_package_that_could_not_be_looked_up_is_not_clean(
    lock: Path, capsys: pytest.CaptureFixture[str], answer: Sequence[object] | str
) -> None:
    status, lines = told(lock, capsys, [ALPHA, BETA], answer)
    assert status == NOT_AUDITED
    assert lines[:2] == ["not audited: 1 package could not be looked up", "  beta 2.1"]


def test_without_a_network_nothing_is_audited(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines = told(lock, capsys, "", "")
    assert (status, lines[0]) == (NOT_AUDITED, "not audited: 3 packages could not be looked up")


def test_a_vulnerability_is_not_hidden_by_packages_that_could_not_be_looked_up(
    lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = told(lock, capsys, "", [BROKEN])
    assert status == VULNERABLE
    assert "not audited: 2 packages could not be looked up" in lines


def test_an_empty_lock_is_not_clean() -> None:
    assert audited([], Recorded()).status == NOT_AUDITED


def test_packages_of_other_pythons_are_looked_up_too_and_no_name_twice_at_once(lock: Path) -> None:
    recorded = Recorded([], [])
    audited(pins(lock), recorded)
    assert recorded.asked == [[Pin("alpha-one", "1.0"), Pin("beta", "2.0")], [Pin("beta", "2.1")]]


def test_every_pin_of_our_locks_is_read() -> None:
    for lock in (ROOT / "requirements.lock", ROOT / "requirements-dev.lock"):
        lines = [line for line in lock.read_text(encoding="utf-8").splitlines() if line[:1].isalnum()]
        assert len(pins(lock)) == len(lines) > 40


def test_a_lock_of_nothing_is_told_by_the_command_itself(tmp_path: Path) -> None:
    (tmp_path / "empty.lock").write_text("# nothing\n", encoding="utf-8")
    command = [sys.executable, "-m", "supply.audit", str(tmp_path / "empty.lock")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (NOT_AUDITED, "0 packages without known vulnerabilities, 0 with\n")
