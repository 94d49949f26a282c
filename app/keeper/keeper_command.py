"""The arguments of `python -m app keeper`."""

from __future__ import annotations

import argparse


def add_keeper(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `keeper`."""
    parser = commands.add_parser(
        "keeper",
        help="serve the shopkeeper's app: orders to do, sales, stock, mail",
        description="Serves the shopkeeper's app until it is told to end, to this machine only (docs/keeper.md).",
        epilog="Exit status: 0; 2 if it must not start like this, 3 if the port is taken.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8502, help="the port to listen at (default: %(default)s)")
    parser.add_argument(
        "--behind-proxy",
        default="",
        metavar="NAME",
        help="a proxy in front lets in whom it knows; browsers reach it under this host name",
    )
    parser.set_defaults(run=run_keeper)


def run_keeper(chosen: argparse.Namespace) -> int:
    """Serve the app."""
    from app.keeper.serve import serve  # noqa: PLC0415 - imports the server, which --help does not need

    return serve(chosen.host, chosen.port, chosen.behind_proxy)
