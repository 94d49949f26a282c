"""The arguments of `python -m app orders`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from app.domain.order import State
from app.shopkeeper.numbers import number_from

MOST_LISTED: Final = 1_000
FURTHEST: Final = 10**15


def add_orders(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `orders` with its own commands."""
    parser = commands.add_parser(
        "orders",
        help="list, show, mark and export orders",
        epilog="Exit status: 0, 1 if there is no such order or it does not allow it, 2 if something else is wrong.",
    )
    parts = parser.add_subparsers(required=True, dest="act")
    _add_list(parts)
    show = parts.add_parser("show", help="print everything of an order")
    show.add_argument("number", metavar="NUMBER", help="the order's, with or without dashes")
    _add_mark(parts)
    _add_export(parts)
    parts.add_parser("payments", help="list payments that paid no order: to be paid back, or asked about")
    parts.add_parser("tidy", help="cancel what was never paid, and clear old names and addresses: once a day")
    parser.set_defaults(run=run_orders)


def run_orders(chosen: argparse.Namespace) -> int:
    """Carry out one of the commands."""
    from app.shopkeeper.opened import carry_out  # noqa: PLC0415 - brings SQLAlchemy, which --help does not need
    from app.shopkeeper.orders_acts import ACTS  # noqa: PLC0415

    return carry_out(ACTS[chosen.act], chosen)


def _add_list(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = parts.add_parser("list", help="print the newest orders")
    most = number_from(1, MOST_LISTED)
    parser.add_argument("--most", type=most, default=20, metavar="N", help="so many of them (default: %(default)s)")
    parser.add_argument(
        "--follow", action="store_true", help="the newest below, and each new order as it comes in, until Control-C"
    )


def _add_mark(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = parts.add_parser("mark", help="note what has become of an order")
    parser.add_argument("number", metavar="NUMBER", help="the order's, with or without dashes")
    states = [state.value for state in State if state is not State.PLACED]
    parser.add_argument("state", choices=states, help="cancelled puts its pieces back in stock")
    parser.add_argument("--tracking", default="", metavar="TEXT", help="of the parcel, with `sent`")


def _add_export(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = parts.add_parser(
        "export",
        help="write all orders, in the order in which they were placed, each once",
        description="Writes to standard output, or appends to a file, and says with which --after to go on.",
    )
    parser.add_argument("--format", choices=("csv", "jsonl"), required=True)
    parser.add_argument(
        "--after",
        type=number_from(0, FURTHEST),
        metavar="POSITION",
        help="only orders after this position (default: all, or what FILE does not have yet)",
    )
    parser.add_argument("--to", type=Path, metavar="FILE", help="append to this file; a new one is made")
