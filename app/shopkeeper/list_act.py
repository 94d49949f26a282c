"""`python -m app orders list`: the newest orders, and with `--follow` each new one as it comes in."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import suppress
from time import sleep
from typing import Final

from app.domain.order import Order
from app.orders import records
from app.orders.database import Database
from app.orders.errors import OrdersAway
from app.orders.export import BATCH
from app.orders.plain_text import HEADS, in_a_list
from app.settings import Settings
from app.shopkeeper.opened import in_words
from app.terminal import fail, say

LOOK_SECONDS: Final = 1.0


def show_list(chosen: argparse.Namespace, settings: Settings, database: Database) -> None:
    """Print the newest orders, the newest first; with `--follow` the newest last, and then each new one."""
    if chosen.follow:
        with suppress(KeyboardInterrupt):
            _follow(database, records.newest(database, chosen.most), settings)
        return
    orders = records.newest(database, chosen.most)
    say(*([HEADS, *_rows(orders, settings)] if orders else ["There is no order yet."]))


def _follow(database: Database, newest: list[Order], settings: Settings) -> None:
    say(HEADS, *_rows(newest[::-1], settings))
    for orders in _coming(database, newest[0].position if newest else 0):
        say(*_rows(orders, settings))
        sys.stdout.flush()  # a pipe would keep it


def _coming(database: Database, position: int) -> Iterator[list[Order]]:
    """Give orders as they come in after a position, none twice. Say once when the database is away."""
    is_away = False
    while True:
        orders = list[Order]()
        try:
            orders = records.after(database, position, BATCH)
            is_away = False
        except OrdersAway as problem:
            if not is_away:
                fail(f"{in_words(problem)}; it is asked again until it does")
            is_away = True
        yield orders
        position = orders[-1].position if orders else position
        if len(orders) < BATCH:
            sleep(LOOK_SECONDS)


def _rows(orders: list[Order], settings: Settings) -> Iterator[str]:
    return (in_a_list(order, settings.money_of(order.purchase.currency)) for order in orders)
