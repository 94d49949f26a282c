"""What `python -m app mail` does: the mails that were not sent, and whether the mail server takes any."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.mail.post import Post, post_of
from app.mail.server import NotSent
from app.orders import outbox
from app.orders.database import Database
from app.orders.errors import NotAllowed
from app.orders.outbox import Mail
from app.orders.plain_text import moment
from app.settings import Settings
from app.shopkeeper.opened import Act, Unusable
from app.terminal import counted, say


def show(chosen: argparse.Namespace, settings: Settings, database: Database) -> None:
    """Print the mails that wait and those that were given up, the newest first."""
    _post(settings)
    waits, given_up = outbox.how_many(database)
    say(f"{counted(waits, 'mail')} waiting, {given_up:,} given up")
    say(*(line for mail in outbox.waiting(database, chosen.most) for line in _lines(mail)))


def again(_chosen: argparse.Namespace, settings: Settings, database: Database) -> None:
    """Let the store send them now."""
    _post(settings)
    say(f"{counted(outbox.try_again(database), 'mail')} to be sent; the store does it within seconds")


def test(chosen: argparse.Namespace, settings: Settings, _database: Database) -> None:
    """Send a mail that only says that mails arrive."""
    try:
        _post(settings).try_out(chosen.address)
    except NotSent as problem:
        raise NotAllowed(f"not sent: {problem}") from problem
    except ValueError:
        raise Unusable(f"{chosen.address!r} is no e-mail address") from None
    say(f"The mail server has taken a mail to {chosen.address}.")


ACTS: Final[Mapping[str, Act]] = MappingProxyType({"list": show, "again": again, "test": test})
"""By the names of the commands."""


def _post(settings: Settings) -> Post:
    try:
        post = post_of(settings)
    except ValueError as problem:
        raise Unusable(f"mail.url: {problem}") from None
    if post is None:
        raise Unusable("this shop sends no mail: the setting mail.url is empty")
    return post


def _lines(mail: Mail) -> list[str]:
    if mail.next_at is None:
        state = "given up"
    else:
        state = f"next try {moment(mail.next_at)}" if mail.tries else "not tried yet"
    head = f"{mail.order.number}  {mail.news.value:<9}  to the {mail.whom.value:<7}  {moment(mail.at)}  {state}"
    return [head, f"    {mail.failure}"] if mail.failure else [head]
