"""Compares lock files with known vulnerabilities: `make audit`.

pip-audit looks the packages up. By itself it ends with 0 and "No known vulnerabilities found" after it has skipped
every package, and `--strict` only stops at the first. Here a package counts as clean only if pip-audit said so of this
very version; whatever it was silent about is not audited. Packages of other systems and Pythons are looked up as well.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from supply.lock import Pin, canonical, pins

CLEAN, VULNERABLE, NOT_AUDITED = 0, 1, 2
"""The exit statuses. A vulnerability is told first, also where other packages could not be looked up."""

# The lock pins every package, so there is nothing to resolve; hashes are compared when packages are installed.
_COMMAND: Final = ("-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner=off", "--format=json")
_LONGEST_SECONDS: Final = 600

Ask = Callable[[Sequence[Pin]], str]
"""Looks up packages, no two of the same name; returns what pip-audit printed, which is nothing if it gave up."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What is known of some packages."""

    clean: Sequence[Pin]
    vulnerable: Sequence[tuple[Pin, str]]
    """Each with the names of its vulnerabilities and the releases that mend them."""
    not_audited: Sequence[Pin]

    @property
    def status(self) -> int:
        """The exit status."""
        if self.vulnerable:
            return VULNERABLE
        return NOT_AUDITED if self.not_audited or not self.clean else CLEAN

    def lines(self) -> list[str]:
        """Return what to print."""
        told = [f"{pin.name} {pin.version}: {words}" for pin, words in self.vulnerable]
        if self.not_audited:
            names = ", ".join(f"{pin.name} {pin.version}" for pin in self.not_audited)
            told += [f"not audited: {_counted(self.not_audited)} could not be looked up", f"  {names}"]
        return [*told, f"{_counted(self.clean)} without known vulnerabilities, {len(self.vulnerable)} with"]


def audited(wanted: Sequence[Pin], ask: Ask) -> Audit:
    """Look up packages."""
    known: dict[Pin, str] = {}
    for round_ in _rounds(wanted):
        known |= _read(ask(round_))
    return Audit(
        [pin for pin in wanted if known.get(pin) == ""],
        [(pin, known[pin]) for pin in wanted if known.get(pin)],
        [pin for pin in wanted if pin not in known],
    )


def _rounds(wanted: Sequence[Pin]) -> list[list[Pin]]:
    """Divide packages into lists without two of the same name, since pip-audit takes no other."""
    rounds: list[list[Pin]] = []
    for pin in wanted:
        free = next((round_ for round_ in rounds if pin.name not in {other.name for other in round_}), None)
        if free is None:
            rounds.append(free := [])
        free.append(pin)
    return rounds


def _read(answer: str) -> dict[Pin, str]:
    """Return the packages that were looked up, each with its vulnerabilities in words; empty if it has none."""
    try:
        dependencies: list[dict[str, Any]] = json.loads(answer)["dependencies"]
        return {
            Pin(canonical(found["name"]), found["version"]): "; ".join(map(_in_words, found["vulns"]))
            for found in dependencies
            if "skip_reason" not in found
        }
    except (ValueError, KeyError, TypeError):
        return {}


def _in_words(vulnerability: dict[str, Any]) -> str:
    mended = ", ".join(vulnerability["fix_versions"])
    return f"{vulnerability['id']} ({f'mended in {mended}' if mended else 'not mended yet'})"


def _counted(packages: Sequence[object]) -> str:
    return f"{len(packages)} package{'' if len(packages) == 1 else 's'}"


def ask_pip_audit(wanted: Sequence[Pin]) -> str:
    """See `Ask`. Why pip-audit gave up is printed; its own verdict, after it has skipped everything, is not."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "requirements.txt"
        requirements.write_text("".join(f"{pin.name}=={pin.version}\n" for pin in wanted), encoding="utf-8")
        command = [sys.executable, *_COMMAND, "--requirement", str(requirements)]
        try:
            done = subprocess.run(  # noqa: S603 - our own words
                command, capture_output=True, text=True, check=False, timeout=_LONGEST_SECONDS
            )
        except subprocess.TimeoutExpired:
            return ""
    if not done.stdout:
        print(done.stderr.strip().rpartition("\n")[2], file=sys.stderr)
    return done.stdout


def main(locks: Sequence[str], ask: Ask = ask_pip_audit) -> int:
    """Audit lock files, print what was found, return the exit status."""
    found = audited(pins(*map(Path, locks)), ask)
    print(*found.lines(), sep="\n")
    return found.status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
