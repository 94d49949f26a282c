"""The outbox: mails are noted with what they tell of, sent at least once, and by one process at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address

import pytest
from sqlalchemy import update

from app.domain.contact import Contact
from app.domain.money import Currency
from app.domain.order import Order, State
from app.domain.terms import ON_DELIVERY
from app.domain.told import Whom
from app.mail.letter import Writer
from app.mail.post import Post
from app.mail.postman import Postman
from app.mail.server import MailServer
from app.orders import outbox as mails
from app.orders import placing, work
from app.orders.database import Database
from app.orders.errors import NotAllowed, SoldOut
from app.orders.schema import outbox
from testbed.mailbox import Mailbox, Mood, running_mailbox
from testbed.together import run_together
from testbed.waiting import until
from tests.orders.buying import ASHA, TERMS, attempt, purchase

BOTH = (Whom.SHOPPER, Whom.KEEPER)
KEEPER = "keeper@shop.example"
WRITER = Writer("Shop", Contact("hello@shop.example"), TERMS, lambda code: Currency(code, "en_IN"))


def order(database: Database, number: int = 1, sku: str = "LAPTOP", stock: int | None = None) -> Order:
    return placing.place(database, attempt(number), "asha", purchase((sku, 1, stock)), BOTH)


def told(database: Database) -> list[tuple[str, str]]:
    """Return what is still to be told, and whom, the oldest first."""
    return [(mail.news.value, mail.whom.value) for mail in mails.waiting(database, 99)][::-1]


def set_all(database: Database, **values: datetime | None) -> None:
    """Let another time stand at all mails."""
    with database.writing() as connection:
        connection.execute(update(outbox).values(values))


def postman(database: Database, mailbox: Mailbox) -> Postman:
    server = replace(MailServer.of(mailbox.url), answer_seconds=0.5, longest_seconds=1)
    return Postman(database, Post(server, WRITER, Address("Shop", addr_spec="orders@shop.example"), KEEPER))


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with running_mailbox() as running:
        yield running


# What is noted


def test_an_order_is_told_to_both_and_once_however_often_it_is_placed(database: Database) -> None:
    for _ in range(2):
        order(database)
    assert told(database) == [("placed", "shopper"), ("placed", "keeper")]


def test_an_order_that_was_not_placed_is_told_to_nobody(database: Database) -> None:
    with pytest.raises(SoldOut):
        placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 2, 1)), BOTH)
    assert told(database) == []


def test_a_shop_without_mail_notes_nothing(database: Database) -> None:
    number = placing.place(database, attempt(1), "asha", purchase(("LAPTOP", 1, None))).number
    work.mark(database, number, State.PAID)
    assert mails.how_many(database) == (0, 0)


def test_the_shopkeeper_is_told_of_what_others_do(database: Database) -> None:
    work.mark(database, order(database, 1).number, State.CANCELLED, tell=BOTH)
    work.cancel_own(database, "asha", order(database, 2).number, BOTH)
    assert [one for one in told(database) if one[0] == "cancelled"] == [
        ("cancelled", "shopper"),
        ("cancelled", "shopper"),
        ("cancelled", "keeper"),
    ]


def test_who_never_paid_is_told_that_the_order_is_cancelled(database: Database) -> None:
    order(database)
    assert len(work.cancel_unpaid(database, [ON_DELIVERY], -1, BOTH)) == 1
    assert told(database)[2:] == [("cancelled", "shopper")]


def test_what_was_marked_again_is_told_once(database: Database) -> None:
    number = order(database).number
    for tracking in ("A", "B"):
        work.mark(database, number, State.SENT, tracking=tracking, tell=BOTH)
    assert told(database)[2:] == [("sent", "shopper")]


def test_mails_of_orders_whose_names_are_cleared_are_gone(database: Database) -> None:
    order(database)
    work.clear_old(database, -1)
    assert mails.how_many(database) == (0, 0)


# What is taken back


def test_a_mark_that_is_taken_back_in_time_is_told_to_nobody(database: Database) -> None:
    number = order(database).number
    work.mark(database, number, State.SENT, tracking="A", tell=BOTH, wait=timedelta(minutes=1))
    assert work.unmark(database, number, State.SENT)
    assert ("sent", "shopper") not in told(database)
    again = work.mark(database, number, State.SENT)
    assert again.tracking == ""


def test_of_a_mark_that_is_taken_back_too_late_it_is_said_that_a_mail_has_gone(
    database: Database, mailbox: Mailbox
) -> None:
    number = order(database).number
    work.mark(database, number, State.PAID, tell=BOTH)
    postman(database, mailbox).send_due()
    assert not work.unmark(database, number, State.PAID)


def test_a_cancellation_that_is_taken_back_takes_the_pieces_again_where_they_are_there(database: Database) -> None:
    first = order(database, 1, "LAMP", 1)
    work.mark(database, first.number, State.CANCELLED)
    work.unmark(database, first.number, State.CANCELLED)
    with pytest.raises(SoldOut):
        order(database, 2, "LAMP", 1)
    work.mark(database, first.number, State.CANCELLED)
    order(database, 3, "LAMP", 1)
    with pytest.raises(NotAllowed, match="only 0 of LAMP left"):
        work.unmark(database, first.number, State.CANCELLED)


@pytest.mark.parametrize("state", [State.PLACED, State.PAID])
def test_what_is_not_so_cannot_be_taken_back(database: Database, state: State) -> None:
    number = order(database).number
    with pytest.raises(NotAllowed):
        work.unmark(database, number, state)


def test_a_payment_that_was_paid_back_stays_paid(database: Database) -> None:
    number = order(database).number
    for state in (State.PAID, State.REFUNDED):
        work.mark(database, number, state)
    with pytest.raises(NotAllowed, match="was refunded"):
        work.unmark(database, number, State.PAID)


# Who sends


def test_each_mail_has_one_sender_however_many_look(database: Database) -> None:
    for number in range(5):
        order(database, number)
    taken: list[int] = []
    lock = threading.Lock()

    def look() -> None:
        while mail := mails.claim(database):
            with lock:
                taken.append(mail.id)

    run_together(8, look)
    assert len(taken) == len(set(taken)) == 10


def test_a_mail_that_waits_for_its_next_try_is_nobodys(database: Database) -> None:
    order(database)
    first, second = mails.claim(database), mails.claim(database)
    assert first
    assert second
    assert mails.claim(database) is None
    assert mails.failed(database, first, "no", for_good=False) is False
    assert mails.claim(database) is None
    set_all(database, next_at=datetime.now(UTC))
    again = mails.claim(database)
    assert again
    assert again.tries == 2


def test_the_waits_grow_and_after_five_days_nobody_tries_any_more(database: Database) -> None:
    order(database)
    waits = []
    for _ in range(9):
        mail = mails.claim(database)
        assert mail
        (now,) = [one for one in mails.waiting(database, 9) if one.id == mail.id]
        assert now.next_at
        waits.append(round((now.next_at - datetime.now(UTC)).total_seconds() / 60))
        assert not mails.failed(database, mail, "busy", for_good=False)
        set_all(database, next_at=None)
        with database.writing() as connection:  # this one is due, the other one is not
            connection.execute(update(outbox).where(outbox.c.id == mail.id).values(next_at=datetime.now(UTC)))
    assert waits == [1, 5, 15, 60, 180, 360, 720, 720, 720]
    set_all(database, at=datetime.now(UTC) - timedelta(days=5, minutes=1))
    mail = mails.claim(database)
    assert mail
    assert mails.failed(database, mail, "busy", for_good=False)
    assert mails.claim(database) is None
    assert mails.how_many(database) == (0, 1)


def test_what_was_given_up_is_tried_again_when_somebody_says_so(database: Database, mailbox: Mailbox) -> None:
    order(database)
    mailbox.mood = "refuses"
    assert postman(database, mailbox).send_due()
    assert mails.how_many(database) == (0, 2)
    assert {mail.failure for mail in mails.waiting(database, 9)} == {
        "the server says 550 5.1.1 there is nobody of this name"
    }
    mailbox.mood = "takes"
    assert mails.try_again(database) == 2
    assert postman(database, mailbox).send_due()
    assert mails.how_many(database) == (0, 0)
    assert sorted(str(mail["To"]) for mail in mailbox.mails) == [ASHA.email, KEEPER]
    assert mails.try_again(database) == 0


def test_answers_to_the_shopkeepers_mail_go_to_the_shopper(database: Database, mailbox: Mailbox) -> None:
    order(database)
    postman(database, mailbox).send_due()
    replies = {str(mail["To"]): str(mail["Reply-To"]) for mail in mailbox.mails}
    assert replies == {ASHA.email: "hello@shop.example", KEEPER: ASHA.email}


@pytest.mark.parametrize("mood", ["hangs", "hangs up", "trickles"])
def test_while_the_server_is_away_no_other_mail_is_tried(database: Database, mailbox: Mailbox, mood: Mood) -> None:
    for number in range(3):
        order(database, number)
    mailbox.mood = mood
    assert not postman(database, mailbox).send_due()
    assert [mail.tries for mail in mails.waiting(database, 9)].count(0) == 5
    mailbox.mood = "takes"
    mails.try_again(database)
    assert postman(database, mailbox).send_due()
    assert len(mailbox.ids) == 6


def test_through_everything_each_mail_comes_at_least_once_and_copies_have_its_name(
    database: Database, mailbox: Mailbox
) -> None:
    for number in range(6):
        order(database, number)
    moods: list[Mood] = ["takes and hangs up", "busy", "hangs up", "takes and hangs up", "hangs", "refuses"]
    for mood in moods:
        mailbox.mood = mood
        run_together(2, postman(database, mailbox).send_due)
        mails.try_again(database)
    mailbox.mood = "takes"
    run_together(2, postman(database, mailbox).send_due)
    assert mails.how_many(database) == (0, 0)
    assert len(mailbox.ids) == 12
    assert max(mailbox.ids.values()) > 1  # copies did come
    bodies = {str(mail["Message-ID"]): mail.as_string() for mail in mailbox.mails}
    assert len(bodies) == 12


def test_the_thread_sends_by_itself_and_ends(database: Database, mailbox: Mailbox) -> None:
    sender = postman(database, mailbox)
    sender.begin()
    order(database)
    sender.look_again()
    until(lambda: len(mailbox.ids) == 2)
    mailbox.mood = "hangs"
    work.mark(database, order(database).number, State.PAID, tell=BOTH)
    sender.look_again()
    assert until(lambda: any(mail.tries for mail in mails.waiting(database, 9))) < 5
    sender.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "mail" and thread.is_alive()]
