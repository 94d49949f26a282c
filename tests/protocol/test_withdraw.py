"""Withdrawing from a contract: two steps, no login, once, and a receipt, whatever happens on the way."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from testbed.mailbox import running_mailbox
from testbed.servers import Store, running_store
from testbed.waiting import until
from testbed.wire.shopper import WireShopper, restart_under
from tests.protocol.test_checkout import number, to_review

NewShopper = Callable[[Store], WireShopper]


def buyer(store: Store, new_shopper: NewShopper) -> tuple[WireShopper, str]:
    """Return a shopper at the page of an order that was placed just now, and its number."""
    shopper = to_review(new_shopper(store), "LAPTOP")
    shopper.press("checkout-place")
    return shopper, number(shopper)


def fill_in(shopper: WireShopper, placed: str, email: str = "Asha@Example.com", what: str = "") -> None:
    """Fill in the first step, and leave it."""
    for field, text in {"number": placed, "email": email, "name": "Asha Rao", "what": what}.items():
        shopper.types(f"withdraw-{field}", text)
    shopper.press("withdraw-continue")


def confirms(shopper: WireShopper, times: int = 1) -> None:
    (key,) = shopper.page.shown.keys("withdraw-yes-")
    shopper.press(*[f"withdraw-yes-{key}"] * times)


def receipt_of(placed: str) -> re.Pattern[str]:
    return re.compile(
        rf"has received your withdrawal from the contract of order {placed} on \d+ \w+ \d{{4}}, [\d:]{{8}} UTC"
    )


def withdrawals(store: Store, placed: str) -> list[tuple[str, str]]:
    """Return what was declared of an order."""
    asked = "SELECT withdrawals.name, what FROM withdrawals JOIN orders ON orders.id = order_id WHERE number = ?"
    with closing(sqlite3.connect(store.folder / "orders.db")) as database:
        return database.execute(asked, (placed,)).fetchall()


def received(store: Store, placed: str) -> datetime:
    asked = "SELECT at FROM withdrawals JOIN orders ON orders.id = order_id WHERE number = ?"
    with closing(sqlite3.connect(store.folder / "orders.db")) as database:
        return datetime.fromisoformat(database.execute(asked, (placed,)).fetchone()[0]).replace(tzinfo=UTC)


def test_whoever_has_number_and_address_withdraws_in_two_steps_without_a_login(
    shared_store: Store, new_shopper: NewShopper
) -> None:
    mine, placed = buyer(shared_store, new_shopper)
    stranger = new_shopper(shared_store).open()
    assert '<a href="withdraw" data-page="withdraw">Withdraw from a contract</a>' in stranger.page.shown.html()
    stranger.follow("withdraw")
    fill_in(stranger, placed.replace("-", " "), what="the laptop\nand its bag")
    stranger.sees("I withdraw from the contract of")
    stranger.sees("the laptop")
    stranger.sees("in the browser in which it was ordered")
    assert withdrawals(shared_store, placed) == []
    now = datetime.now(UTC)
    confirms(stranger)
    stranger.sees(receipt_of(placed))
    receipt = stranger.text()
    assert received(shared_store, placed) >= now
    assert withdrawals(shared_store, placed) == [("Asha Rao", "the laptop\nand its bag")]
    assert stranger.reload().text() == receipt
    mine.reload().sees("You have withdrawn from the contract.")
    mine.sees("Withdrawn on")
    assert not mine.page.shown.keys("cancel-")
    mine.follow("orders").sees("withdrawn on")
    mine.follow(f"withdraw?of={placed}").sees(receipt_of(placed))


def test_from_the_page_of_an_order_everything_is_filled_in(shared_store: Store, new_shopper: NewShopper) -> None:
    shopper, placed = buyer(shared_store, new_shopper)
    shopper.follow(f"withdraw?of={placed}")
    assert [shopper.value(f"withdraw-{field}") for field in ("number", "email", "name", "what")] == [
        placed,
        "asha@example.com",
        "Asha Rao",
        "",
    ]
    shopper.press("withdraw-continue")
    shopper.sees("It is simpler to cancel it")
    shopper.sees("All of it")
    confirms(shopper)
    shopper.sees(receipt_of(placed))


def test_three_quick_clicks_and_a_second_tab_make_one_withdrawal_and_the_same_receipt(
    shared_store: Store, new_shopper: NewShopper
) -> None:
    shopper, placed = buyer(shared_store, new_shopper)
    shopper.follow(f"withdraw?of={placed}").press("withdraw-continue")
    other = shopper.another_tab().open("/withdraw?step=confirm")
    confirms(shopper, times=3)
    shopper.sees(receipt_of(placed))
    confirms(other)
    other.sees(receipt_of(placed))
    assert other.text() == shopper.text()
    assert len(withdrawals(shared_store, placed)) == 1


def test_the_first_click_after_a_killed_server_confirms_what_the_page_showed(
    mortal_store: Store, new_shopper: NewShopper
) -> None:
    _, placed = buyer(mortal_store, new_shopper)
    stranger = new_shopper(mortal_store).open("/withdraw")
    fill_in(stranger, placed, what="the laptop")
    restart_under(mortal_store, stranger)
    confirms(stranger)
    stranger.sees(receipt_of(placed))
    assert withdrawals(mortal_store, placed) == [("Asha Rao", "the laptop")]


def test_a_page_that_shows_something_else_confirms_nothing_after_a_killed_server(
    mortal_store: Store, new_shopper: NewShopper
) -> None:
    shopper, placed = buyer(mortal_store, new_shopper)
    shopper.follow(f"withdraw?of={placed}").press("withdraw-continue")
    shopper.another_tab().open("/withdraw").types("withdraw-what", "only the bag")
    restart_under(mortal_store, shopper)
    confirms(shopper)
    shopper.sees("only the bag")
    assert withdrawals(mortal_store, placed) == []
    confirms(shopper)
    assert withdrawals(mortal_store, placed) == [("Asha Rao", "only the bag")]


def test_what_is_typed_on_the_way_is_there_after_a_reload(shared_store: Store, new_shopper: NewShopper) -> None:
    shopper = new_shopper(shared_store).open("/withdraw")
    shopper.types("withdraw-what", "the lamp")
    shopper.types("withdraw-email", "asha@exam")
    shopper.reload()
    assert (shopper.value("withdraw-what"), shopper.value("withdraw-email")) == ("the lamp", "asha@exam")
    shopper.press("withdraw-continue")
    for problem in ("This is no order number.", "This is no e-mail address.", "Please fill in your name."):
        shopper.sees(problem)
    assert shopper.value("withdraw-what") == "the lamp"


def test_after_five_wrong_addresses_the_number_answers_no_stranger_and_still_its_own_browser(
    shared_store: Store, new_shopper: NewShopper
) -> None:
    shopper, placed = buyer(shared_store, new_shopper)
    stranger = new_shopper(shared_store).open("/withdraw")
    for _ in range(5):
        fill_in(stranger, placed, "somebody@example.com")
        stranger.sees("No order has this number and this e-mail address.")
    fill_in(stranger, placed)
    stranger.sees("No order has this number and this e-mail address.")
    stranger.lacks("I withdraw")
    new_shopper(shared_store).open(f"/withdraw?of={placed}").lacks("asha@example.com")
    shopper.follow("withdraw")
    fill_in(shopper, placed)
    shopper.sees("I withdraw from the contract of")


def test_a_cancelled_order_has_nothing_to_withdraw_from(shared_store: Store, new_shopper: NewShopper) -> None:
    shopper, placed = buyer(shared_store, new_shopper)
    shopper.press(f"cancel-{placed}-yes")
    assert "withdraw?of=" not in shopper.page.shown.html()
    shopper.follow("withdraw")
    fill_in(shopper, placed)
    shopper.sees(f"Order {placed} was cancelled: there is nothing to withdraw from.")


def test_the_receipt_comes_by_mail_and_the_shopkeeper_is_told(tmp_path: Path, new_shopper: NewShopper) -> None:
    with running_mailbox() as mailbox:
        told = {"URL": mailbox.url, "SENDER": "orders@shop.example", "KEEPER": "me@shop.example"}
        with running_store(tmp_path, {f"KEEPCART_MAIL__{key}": value for key, value in told.items()}) as store:
            shopper, placed = buyer(store, new_shopper)
            shopper.follow(f"withdraw?of={placed}").press("withdraw-continue")
            confirms(shopper)
            shopper.sees("Receipt by mail to")
            until(lambda: len(mailbox.ids) == 4)
            subjects = {
                str(mail["To"]): str(mail["Subject"]) for mail in mailbox.mails if "withdraw" in mail["Subject"]
            }
    assert subjects == {
        "asha@example.com": f"Your withdrawal from order {placed}",
        "me@shop.example": f"Order {placed} was withdrawn from",
    }


def test_where_no_withdrawal_is_granted_there_is_no_page_and_no_link(
    start_store: Callable[..., Store], new_shopper: NewShopper
) -> None:
    store = start_store(KEEPCART_ORDERS__WITHDRAWAL_DAYS="0")
    assert not store.answers("/withdraw")
    shopper, _ = buyer(store, new_shopper)
    assert "ithdraw" not in shopper.page.shown.html()
