"""What `python -m app orders` does: list, show, mark and tidy; the export is in `export_command.py`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.domain.order import LONGEST_TRACKING, Order, State, read_number
from app.domain.terms import BEFORE_IT_IS_SENT
from app.orders import payments, records, work
from app.orders.database import Database
from app.orders.errors import NotAllowed
from app.orders.plain_text import in_full, moment
from app.settings import Settings
from app.shopkeeper.export_command import export
from app.shopkeeper.list_act import show_list
from app.shopkeeper.opened import Act, Unusable
from app.terminal import counted, say

MOST_PAYMENTS: Final = 1_000


def show(chosen: argparse.Namespace, settings: Settings, database: Database) -> None:
    """Print everything of an order."""
    order = _order(database, chosen.number)
    say(*in_full(order, settings.money_of(order.purchase.currency)))


def mark(chosen: argparse.Namespace, settings: Settings, database: Database) -> None:
    """Note what has become of an order."""
    state, tracking = State(chosen.state), _tracking(chosen)
    before = _order(database, chosen.number)
    after = work.mark(database, before.number, state, tracking=tracking, tell=settings.tells)
    parcel = f"; its parcel is {after.tracking}" if tracking else ""
    if getattr(before, f"{state.value}_at"):
        say(f"Order {after.number} was {state.value} already{parcel}.")
    else:
        back = "; its pieces are back in stock" if state is State.CANCELLED else ""
        say(f"Order {after.number} is now {state.value}{parcel}{back}.")


def tidy(_chosen: argparse.Namespace, settings: Settings, database: Database) -> None:
    """Cancel what was never paid, and clear old names and addresses."""
    unpaid, keep = settings.orders.unpaid_days, settings.orders.keep_days
    cancelled = work.cancel_unpaid(database, BEFORE_IT_IS_SENT, unpaid, settings.tells)
    say(f"{counted(len(cancelled), 'order')} cancelled, not paid within {counted(unpaid, 'day')}")
    say(*(f"  {number}" for number in cancelled))
    cleared = work.clear_old(database, keep)
    say(f"{counted(cleared, 'order')} older than {counted(keep, 'day')}: name and address cleared")


def list_payments(_chosen: argparse.Namespace, settings: Settings, database: Database) -> None:
    """Print the payments that paid no order."""
    found = payments.to_pay_back(database, MOST_PAYMENTS)
    if not found:
        say("Every payment has paid its order.")
    for one in found:
        amount = settings.money_of(one.currency).write(one.amount)
        say(f"{one.number}  {moment(one.at)}  {amount:>14}  {one.provider} {one.reference}: {one.outcome.value}")


ACTS: Final[Mapping[str, Act]] = MappingProxyType(
    {"list": show_list, "show": show, "mark": mark, "export": export, "payments": list_payments, "tidy": tidy}
)
"""By the names of the commands."""


def _order(database: Database, typed: str) -> Order:
    number = read_number(typed)
    if number is None:
        raise Unusable(f"{typed!r} is not the number of an order, which looks like 482-771-300: a digit may be wrong")
    order = records.by_number(database, number)
    if order is None:
        raise NotAllowed(f"There is no order {number}.")
    return order


def _tracking(chosen: argparse.Namespace) -> str:
    tracking: str = chosen.tracking.strip()
    if tracking and chosen.state != State.SENT.value:
        raise Unusable("--tracking belongs to `sent`: no other state has a parcel")
    if len(tracking) > LONGEST_TRACKING or not tracking.isprintable():
        raise Unusable(f"--tracking must be at most {LONGEST_TRACKING} printable characters")
    return tracking
