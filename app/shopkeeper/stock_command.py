"""The arguments of `python -m app stock`."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_stock(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `stock` with its own commands."""
    parser = commands.add_parser(
        "stock",
        help="show and change how many pieces are left",
        epilog="Exit status: 0, 1 if there is no such product or it is not counted, 2 if something else is wrong.",
    )
    parts = parser.add_subparsers(required=True, dest="act")
    show = parts.add_parser("show", help="print what is left of every counted product, or the history of one")
    show.add_argument("sku", nargs="?", metavar="SKU")
    _add_set(parts)
    _add_add(parts)
    _add_apply(parts)
    parser.set_defaults(run=run_stock)


def run_stock(chosen: argparse.Namespace) -> int:
    """Carry out one of the commands."""
    from app.shopkeeper.opened import carry_out  # noqa: PLC0415 - brings SQLAlchemy, which --help does not need
    from app.shopkeeper.stock_acts import ACTS  # noqa: PLC0415

    return carry_out(ACTS[chosen.act], chosen)


def _add_set(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = parts.add_parser("set", help="somebody has counted: set what is left of a product")
    parser.add_argument("sku", metavar="SKU")
    parser.add_argument("pieces", metavar="N", help="pieces, or `none`: not counted any more")


def _add_add(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = parts.add_parser("add", help="pieces of a product have come in, or are broken")
    parser.add_argument("sku", metavar="SKU")
    parser.add_argument("pieces", metavar="N", help="pieces; a negative number takes some off")


def _add_apply(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = parts.add_parser(
        "apply",
        help="take numbers that were edited in a catalogue as new counts",
        description="Applies the column `stock` of a catalogue, where it differs from what the ledger was told last.",
    )
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="default: the shop's catalogue")
    parser.add_argument("--dry-run", action="store_true", help="only show what would be changed")
