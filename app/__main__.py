"""The commands: `python -m app serve`, `… keeper`, `… check`, `… orders`, `… stock`, `… mail`, `… static`, and more."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from app.catalogue.commands import add_catalogue
from app.keeper.keeper_command import add_keeper
from app.shopkeeper.mail_command import add_mail
from app.shopkeeper.orders_command import add_orders
from app.shopkeeper.stock_command import add_stock
from app.static_command import add_static
from app.terminal import counted, say
from keepcart.backends import Finding

STATUS = {"ok": 0, "skipped": 0, "warning": 1, "failure": 2}
"""The exit status by the worst state found."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m app", description="Commands for the operator.")
    commands = parser.add_subparsers(required=True)
    add_serve(commands)
    add_keeper(commands)
    add_check(commands)
    add_catalogue(commands)
    add_orders(commands)
    add_stock(commands)
    add_mail(commands)
    add_static(commands)
    chosen = parser.parse_args(arguments)
    status: int = chosen.run(chosen)
    return status


def add_serve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `serve`."""
    parser = commands.add_parser(
        "serve",
        help="serve the store",
        description="Serves the store until it is told to end. Settings are in config.toml and in the environment.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8501, help="the port to listen at (default: %(default)s)")
    parser.set_defaults(run=run_serve)


def run_serve(chosen: argparse.Namespace) -> int:
    """Serve the store."""
    from app.serve import serve  # noqa: PLC0415 - imports the server, which --help does not need

    return serve(chosen.host, chosen.port)


def add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `check`."""
    parser = commands.add_parser(
        "check",
        help="check the settings, files, storage and environment of this deployment",
        description="Run it where the store runs, as the store's user and with the store's environment.",
        epilog="Exit status: 0 if all is well, 1 with warnings, 2 with failures.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run_check)


def run_check(chosen: argparse.Namespace) -> int:
    """Check the deployment and print the findings."""
    from app.check import check  # noqa: PLC0415 - imports the whole store, which --help does not need

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
        lines = [*finding.found.splitlines(), *([f"-> {finding.advice}"] if finding.advice else [])]
        first, *others = lines
        say(f"{finding.state:<7}  {finding.name:<{width}}  {first}", *(f"{'':<{width + 11}}{line}" for line in others))
    say("", summary(findings))


def summary(findings: Sequence[Finding]) -> str:
    """Return how many findings there are of each state: `5 ok, 1 warning, 0 failures`."""
    counts = {state: sum(finding.state == state for finding in findings) for state in STATUS}
    skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
    return (
        f"{counts['ok']} ok, {counted(counts['warning'], 'warning')}, {counted(counts['failure'], 'failure')}{skipped}"
    )


if __name__ == "__main__":
    sys.exit(main())
