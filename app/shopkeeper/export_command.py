"""`python -m app orders export`: all orders for another program, each once, to standard output or to a file."""

from __future__ import annotations

import argparse
import sys
from typing import BinaryIO

from app.orders.database import Database
from app.orders.errors import OrdersAway
from app.orders.export import FORMATS, Format, batches
from app.orders.export_file import NotContinued, continued
from app.settings import Settings
from app.shopkeeper.opened import Unusable
from app.terminal import counted


def export(chosen: argparse.Namespace, _settings: Settings, database: Database) -> None:
    """Write the orders, and say on standard error how many they are and with what to go on."""
    form = FORMATS[chosen.format]
    if chosen.to is None:
        _to_output(chosen.after or 0, form, database)
        return
    try:
        _to_file(chosen, form, database)
    except NotContinued as problem:
        raise Unusable(f"{chosen.to} {problem}; nothing was written") from None
    except OSError as problem:
        raise Unusable(f"{chosen.to} cannot be written: {problem.strerror}") from None


def _to_output(after: int, form: Format, database: Database) -> None:
    """Write to standard output: with the header only from the beginning on, so that outputs can be joined."""
    if after == 0:
        sys.stdout.buffer.write(form.header.encode())
    _send(database, form, after, sys.stdout.buffer)


def _to_file(chosen: argparse.Namespace, form: Format, database: Database) -> None:
    with continued(chosen.to, form) as (file, last):
        after = last if chosen.after is None else chosen.after
        if after < last:
            raise NotContinued(f"has the orders up to position {last} already: leave --after out")
        _send(database, form, after, file)


def _send(database: Database, form: Format, after: int, file: BinaryIO) -> None:
    """Write the orders after a position. Each batch is written as a whole before the next one is asked for."""
    count = 0
    try:
        for orders in batches(database, after):
            file.write("".join(map(form.write, orders)).encode())
            file.flush()
            count, after = count + len(orders), orders[-1].position
    except OrdersAway:
        _tell(count, after)
        raise
    _tell(count, after)


def _tell(count: int, after: int) -> None:
    print(f"{counted(count, 'order')} exported; the next time go on with --after {after}", file=sys.stderr)
