"""The arguments of `python -m app mail`."""

from __future__ import annotations

import argparse

from app.shopkeeper.numbers import number_from

MOST_LISTED = 1_000


def add_mail(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `mail` with its own commands."""
    parser = commands.add_parser(
        "mail",
        help="list the mails that were not sent, send them again, try out the mail server",
        epilog="Exit status: 0, 1 if a mail was not sent, 2 if something else is wrong.",
    )
    parts = parser.add_subparsers(required=True, dest="act")
    shown = parts.add_parser("list", help="print the mails that wait, and those that were given up")
    most = number_from(1, MOST_LISTED)
    shown.add_argument("--most", type=most, default=20, metavar="N", help="so many of them (default: %(default)s)")
    parts.add_parser("again", help="let the store send all of them now, also those that were given up")
    test = parts.add_parser("test", help="send a mail that only says that mails arrive")
    test.add_argument("address", metavar="ADDRESS")
    parser.set_defaults(run=run_mail)


def run_mail(chosen: argparse.Namespace) -> int:
    """Carry out one of the commands."""
    from app.shopkeeper.mail_acts import ACTS  # noqa: PLC0415
    from app.shopkeeper.opened import carry_out  # noqa: PLC0415 - brings SQLAlchemy, which --help does not need

    return carry_out(ACTS[chosen.act], chosen)
