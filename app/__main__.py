"""The command line for who runs the store: `python -m app check`, `python -m app catalogue …`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from app.catalogue.commands import add_catalogue
from keepcart.backends import Finding

STATUS = {"ok": 0, "skipped": 0, "warning": 1, "failure": 2}


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m app", description="Commands for who runs the store.")
    commands = parser.add_subparsers(required=True)
    add_check(commands)
    add_catalogue(commands)
    chosen = parser.parse_args(arguments)
    status: int = chosen.run(chosen)
    return status


def add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `check`."""
    parser = commands.add_parser(
        "check",
        help="tell whether this deployment keeps its promises",
        description="Run it where the store runs, as its user and with its environment.",
        epilog="Exit status: 0 all is well, 1 with warnings, 2 with failures.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run_check)


def run_check(chosen: argparse.Namespace) -> int:
    """Check the deployment and print what was found."""
    from app.check import check  # noqa: PLC0415 - opens the store's files, which --help need not

    findings = check()
    worst = max((finding.state for finding in findings), key=STATUS.__getitem__)
    if chosen.json:
        print(json.dumps({"state": worst, "findings": [asdict(finding) for finding in findings]}, indent=2))
    else:
        _print(findings)
    return STATUS[worst]


def _print(findings: Sequence[Finding]) -> None:
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        told = [*finding.found.splitlines(), *([f"-> {finding.advice}"] if finding.advice else [])]
        print(f"{finding.state:<7}  {finding.name:<{width}}  " + f"\n{'':<{width + 11}}".join(told))
    counts = {state: sum(finding.state == state for finding in findings) for state in STATUS}
    skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
    print(f"\n{counts['ok']} ok, {counts['warning']} warnings, {counts['failure']} failures{skipped}")


if __name__ == "__main__":
    sys.exit(main())
