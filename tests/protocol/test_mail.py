"""A store that sends mail: whoever orders is told, also where the store is killed while it sends."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from testbed.mailbox import Mailbox, running_mailbox
from testbed.servers import Store, running_store
from testbed.waiting import until
from testbed.wire.shopper import WireShopper
from tests.protocol.test_checkout import number, to_review

KEEPER = "me@shop.example"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with running_mailbox() as running:
        yield running


@pytest.fixture
def store(tmp_path: Path, mailbox: Mailbox) -> Iterator[Store]:
    told = {"URL": mailbox.url, "SENDER": "orders@shop.example", "KEEPER": KEEPER}
    with running_store(tmp_path, {f"KEEPCART_MAIL__{key}": value for key, value in told.items()}) as running:
        yield running


def lets_time_pass(store: Store) -> None:
    """Let every mail that waits for its next try be due."""
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
    with closing(sqlite3.connect(store.folder / "orders.db", timeout=5)) as database, database:
        database.execute("UPDATE outbox SET next_at = ? WHERE next_at IS NOT NULL", (now,))


def test_who_orders_is_told_what_they_saw_and_so_is_the_shopkeeper(
    store: Store, mailbox: Mailbox, new_shopper: Callable[[Store], WireShopper]
) -> None:
    shopper = to_review(new_shopper(store), "LAPTOP", "MOUSE")
    shopper.press("checkout-place")
    shopper.sees("Thank you. We have your order. A confirmation comes to asha@example.com.")
    until(lambda: len(mailbox.ids) == 2)
    confirmation, news = sorted(mailbox.mails, key=lambda mail: str(mail["To"]))
    assert confirmation["Subject"] == f"Your order {number(shopper)} at Keepcart"
    assert (confirmation["To"], news["To"], news["Reply-To"]) == ("asha@example.com", KEEPER, "asha@example.com")
    body = confirmation.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    for said in ("₹25,349", "12 Church Street", "Pay in cash or by card when it arrives."):
        assert said in text
    assert '"event": "mail sent"' in store.output
    for secret in ("asha@example.com", "Church Street", number(shopper)):
        assert secret not in store.output


def test_a_store_that_is_killed_while_it_sends_sends_it_again_under_the_same_name(
    store: Store, mailbox: Mailbox, new_shopper: Callable[[Store], WireShopper]
) -> None:
    mailbox.mood = "takes and hangs"
    shopper = to_review(new_shopper(store), "LAPTOP")
    shopper.press("checkout-place")
    until(lambda: len(mailbox.mails) == 1)  # the store waits for the answer now
    store.kill()
    mailbox.mood = "takes"
    lets_time_pass(store)
    store.start()
    until(lambda: len(mailbox.ids) == 2, 15)
    assert sorted(mailbox.ids.values()) == [1, 2]
    copies = [mail for mail in mailbox.mails if mailbox.ids[str(mail["Message-ID"])] == 2]
    assert re.sub("={3,}[0-9]+==", "", copies[0].as_string()) == re.sub("={3,}[0-9]+==", "", copies[1].as_string())
