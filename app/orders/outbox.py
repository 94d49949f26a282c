"""The mails that tell of orders: each is a row, noted in the transaction of what it tells of.

One process at a time sends a mail: who claims it moves its next try into the future, further than a try can last. Who
dies meanwhile leaves it to be claimed then, by anybody. So each mail goes out at least once, and a second copy, where a
process died between the server's yes and its own note of it, has the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from app.domain.order import Order
from app.domain.told import News, Whom
from app.orders.database import Database
from app.orders.records import order_where
from app.orders.schema import orders, outbox

WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
"""From one try of a mail to the next; the last of them again and again. The first is longer than a try can last."""

GIVEN_UP_AFTER: Final = timedelta(days=5)
"""After so long nobody tries any more (RFC 5321, 4.5.4.1: at least four to five days)."""

LONGEST_FAILURE: Final = 300


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that tells of an order.

    Attributes:
        tries: how often somebody began to send it, this time included.
        next_at: when it is tried again; None where nobody does.
        failure: what went wrong the last time; empty if nothing has.
    """

    id: int
    order: Order
    news: News
    whom: Whom
    at: datetime
    tries: int
    next_at: datetime | None
    failure: str


def note(
    connection: Connection, order_id: int, news: News, tell: Collection[Whom], *, wait: timedelta = timedelta()
) -> None:
    """Note, in the same transaction, who is to be told what of an order; `wait` before the first try."""
    now = datetime.now(UTC)
    for whom in tell:
        row = {"order_id": order_id, "what": news.value, "whom": whom.value, "at": now, "next_at": now + wait}
        connection.execute(insert(outbox).values(row))


def take_back(connection: Connection, order_id: int, news: News) -> bool:
    """Drop the mails of news that are not true any more, if nobody has begun to send them; return whether all are."""
    noted = (outbox.c.order_id == order_id) & (outbox.c.what == news.value)
    connection.execute(delete(outbox).where(noted, outbox.c.tries == 0))
    return connection.execute(select(outbox.c.id).where(noted).limit(1)).first() is None


def claim(database: Database) -> Mail | None:
    """Take the mail that has waited longest and is due; None where none is. Nobody else sends it until `WAITS[0]`.

    Raises:
        OrdersAway: the database does not answer.
    """
    now = datetime.now(UTC)
    due = select(outbox.c.id, outbox.c.tries).where(outbox.c.next_at <= now)
    first = due.order_by(outbox.c.next_at).limit(1).with_for_update(skip_locked=True)  # SQLite has one writer anyway
    with database.reading() as connection:
        if connection.execute(due.limit(1)).first() is None:
            return None
    with database.writing() as connection:
        row = connection.execute(first).first()
        if row is None:
            return None
        again = now + WAITS[min(row.tries, len(WAITS) - 1)]
        values = {"tries": row.tries + 1, "next_at": again}
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(values))
        return _mails(connection, outbox.c.id == row.id, 1)[0]


def sent(database: Database, mail: Mail) -> None:
    """Note that the server has taken a mail.

    Raises:
        OrdersAway: the database does not answer. The mail will be sent once more.
    """
    _change(database, mail.id, told_at=datetime.now(UTC), next_at=None, failure="")


def failed(database: Database, mail: Mail, problem: str, *, for_good: bool) -> bool:
    """Note why a mail could not be sent; return whether it is given up: for good, or because it has waited too long.

    Raises:
        OrdersAway: the database does not answer.
    """
    is_given_up = for_good or datetime.now(UTC) - mail.at > GIVEN_UP_AFTER
    values: dict[str, datetime | str | None] = {"failure": problem[:LONGEST_FAILURE] or "it could not be sent"}
    if is_given_up:
        values["next_at"] = None
    _change(database, mail.id, **values)
    return is_given_up


def waiting(database: Database, most: int) -> list[Mail]:
    """Return the mails that are still to be sent, and those that were given up, the newest first.

    Raises:
        OrdersAway: the database does not answer.
    """
    with database.reading() as connection:
        return _mails(connection, _open(), most)


def how_many(database: Database) -> tuple[int, int]:
    """Return how many mails wait to be sent, and how many were given up.

    Raises:
        OrdersAway: the database does not answer.
    """
    kinds = (func.count(outbox.c.next_at), func.count())
    with database.reading() as connection:
        waits, both = connection.execute(select(*kinds).where(_open())).one()
    return waits, both - waits


def try_again(database: Database, ids: Collection[int] | None = None) -> int:
    """Let mails that wait or were given up be sent now; return how many they are.

    Args:
        ids: of these; None: of all.

    Raises:
        OrdersAway: the database does not answer.
    """
    wanted = _open() if ids is None else _open() & outbox.c.id.in_(ids)
    now = datetime.now(UTC)
    with database.writing() as connection:
        return connection.execute(update(outbox).where(wanted).values(next_at=now, at=now, tries=0)).rowcount


def _open() -> ColumnElement[bool]:
    """Return what holds for a mail that waits, and for one that was given up."""
    return outbox.c.told_at.is_(None) & (outbox.c.next_at.is_not(None) | (outbox.c.failure != ""))


def _change(database: Database, mail_id: int, **values: datetime | str | None) -> None:
    with database.writing() as connection:
        connection.execute(update(outbox).where(outbox.c.id == mail_id).values(values))


def _mails(connection: Connection, wanted: ColumnElement[bool], most: int) -> list[Mail]:
    rows = connection.execute(select(outbox).where(wanted).order_by(outbox.c.id.desc()).limit(most)).all()
    found = {row.order_id: order_where(connection, orders.c.id == row.order_id) for row in rows}
    return [
        Mail(row.id, order, News(row.what), Whom(row.whom), row.at, row.tries, row.next_at, row.failure)
        for row in rows
        if (order := found[row.order_id]) is not None
    ]
