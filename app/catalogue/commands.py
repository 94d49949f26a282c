"""The shopkeeper's commands: `python -m app catalogue check` and `python -m app catalogue import`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from app.catalogue.check_command import run_check
from app.catalogue.import_command import run_import
from app.settings import Settings, SettingsError, load
from app.terminal import fail

Command = Callable[[argparse.Namespace, Settings], int]
"""Carries out a command with its arguments; returns the exit status."""


def add_catalogue(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `catalogue` with its own commands."""
    parser = commands.add_parser("catalogue", help="check a catalogue file, or import one")
    parts = parser.add_subparsers(required=True)
    _add_check(parts)
    _add_import(parts)


def _add_check(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = parts.add_parser("check", help="print every fault of a catalogue file; each would stop the store's start")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="default: the shop's catalogue")
    parser.add_argument("--watch", action="store_true", help="check again after each edit, until Control-C")
    parser.set_defaults(run=_with_settings(run_check))


def _add_import(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = parts.add_parser(
        "import",
        help="make the catalogue from another file: Shopify's product export, or a file in our own format",
        description="Prints what would change. With --write, replaces the catalogue, and keeps a copy of the old one.",
        epilog="Exit status: 0, or 1 if the file cannot be imported as it is.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--to", type=Path, metavar="CSV", help="the catalogue to replace; default: the shop's")
    parser.add_argument("--currency", help="the currency of Shopify's export, which does not name it, such as EUR")
    parser.add_argument(
        "--merge",
        action="store_true",
        help="change and add the products that the file has, by SKU, and keep all others; without it they are removed",
    )
    parser.add_argument("--write", action="store_true", help="write the catalogue if the file has no faults")
    parser.set_defaults(run=_with_settings(run_import))


def _with_settings(command: Command) -> Callable[[argparse.Namespace], int]:
    def run(chosen: argparse.Namespace) -> int:
        try:
            settings = load()
        except SettingsError as problem:
            return fail(str(problem))
        return command(chosen, settings)

    return run
