"""What the pages of the keeper's app show, and what their acts do."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from app.domain.order import Order, State
from app.domain.terms import BY_TRANSFER
from app.domain.told import Whom
from app.keeper import acts, paper_page, sales_page, shop_page, stock_page
from app.keeper.books import Books
from app.orders import ledger, payments, placing, records, work
from app.orders.database import Database
from app.orders.errors import OrdersAway
from app.orders.provider import Paid
from app.orders.sales import Sum
from app.orders.schema import orders, outbox
from app.settings import Settings
from tests.orders.buying import ASHA, attempt, product, purchase

Open = Callable[..., AppTest]


@pytest.fixture
def order(books: Books) -> Order:
    """Give an order of two mice of twelve, paid on delivery."""
    return placing.place(books.database, attempt(1), "asha", purchase(("MOUSE", 2, 12)))


def place(books: Books, count: int, **changes: Any) -> Order:
    bought = replace(purchase(("MOUSE", 1, 12)), **changes)
    return placing.place(books.database, attempt(count), "asha", bought)


def state(books: Books, order: Order) -> State:
    found = records.by_number(books.database, order.number)
    assert found
    return found.state


def text(app: AppTest) -> str:
    """Return all that a page says."""
    parts = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.error, *app.get("html")]
    return unescape("\n".join(str(getattr(part, "value", "") or part.proto.body) for part in parts))


def links(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.get("page_link")]


def test_what_is_to_be_packed_comes_before_what_waits_for_its_money(books: Books, order: Order, page: Open) -> None:
    waits = place(books, 2, payment=BY_TRANSFER, buyer=replace(ASHA, name="Ravi *Menon*"))
    app = page("orders_page")
    assert [one.value for one in app.subheader] == ["To pack: 1", "Not paid yet: 1", "Newest"]
    assert [order.number in label.replace("\\", "") for label in links(app)] == [True, False, False, True]
    assert r"Ravi \*Menon\*" in links(app)[1]
    app.text_input(key="find").set_value("ravi").run()
    assert [waits.number in label.replace("\\", "") for label in links(app)] == [True]
    app.text_input(key="find").set_value("nobody").run()
    assert app.subheader[0].value == "No order found"


def test_a_mark_counts_once_and_is_taken_back(books: Books, order: Order, page: Open) -> None:
    app = page("order_page", of=order.number)
    app.button(key=f"paid-{order.number}").click().run()
    assert state(books, order) is State.PAID
    assert f"Order {order.number} is paid." in text(app)
    assert acts.mark(books, order.number, State.PAID) is None
    assert app.button(key=f"paid-{order.number}").disabled
    app.button(key="undo-1").click().run()
    assert state(books, order) is State.PLACED
    assert f"Order {order.number} is not paid any more." in text(app)


def test_an_order_is_sent_with_the_number_of_its_parcel_which_may_be_changed(
    books: Books, order: Order, page: Open
) -> None:
    later = place(books, 2)
    app = page("order_page", of=order.number)
    app.text_input(key=f"tracking-{order.number}").set_value(" RM 1 ")
    app.button(key=f"sent-{order.number}").click().run()
    app.text_input(key=f"tracking-{order.number}").set_value("RM 2")
    app.button(key=f"sent-{order.number}").click().run()
    found = records.by_number(books.database, order.number)
    assert found
    assert (found.state, found.tracking) == (State.SENT, "RM 2")
    assert "the parcel is now RM 2" in text(app)
    app.button(key=f"next-{order.number}").click().run()
    assert app.title[0].value == f"Order {later.number}"


def test_what_happened_elsewhere_meanwhile_is_a_sentence(books: Books, order: Order, page: Open) -> None:
    app = page("order_page", of=order.number)
    work.mark(books.database, order.number, State.CANCELLED)
    app.button(key=f"sent-{order.number}").click().run()
    assert f"Order {order.number} was cancelled." in text(app)
    assert app.button(key=f"sent-{order.number}").disabled
    app.button(key=f"undo-cancelled-{order.number}").click().run()
    assert state(books, order) is State.PLACED


def test_a_database_that_does_not_answer_is_a_sentence(
    books: Books, order: Order, page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OrdersAway("away")

    app = page("order_page", of=order.number)
    monkeypatch.setattr(work, "mark", away)
    app.button(key=f"paid-{order.number}").click().run()
    assert acts.AWAY in text(app)
    assert not app.exception


@pytest.mark.parametrize("name", ["orders_page", "order_page", "sales_page", "stock_page", "mail_page"])
def test_a_page_without_its_database_says_so(
    order: Order, page: Open, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    @contextmanager
    def away(_database: Database) -> Iterator[None]:
        raise OrdersAway("away")
        yield

    monkeypatch.setattr(Database, "reading", away)
    monkeypatch.setattr(Settings, "tells", (Whom.SHOPPER,))
    assert page(name, of=order.number).error[0].value == "The orders' database does not answer."


def test_who_undoes_what_a_mail_has_told_is_told_so(books: Books, order: Order) -> None:
    work.mark(books.database, order.number, State.PAID, tell=[Whom.SHOPPER])
    with books.database.writing() as connection:
        connection.execute(update(outbox).values(tries=1))
    assert "A mail has told the shopper already" in acts.unmark(books, order.number, State.PAID).words


def test_mails_of_a_mark_wait_so_that_it_can_be_taken_back(books: Books, order: Order) -> None:
    settings = with_mail(books)
    acts.mark(Books(settings, books.database), order.number, State.PAID)
    with books.database.reading() as connection:
        due = connection.execute(select(outbox.c.next_at)).scalar_one()
    assert due > datetime.now(UTC) + timedelta(seconds=50)


def with_mail(books: Books) -> Any:
    """Return the settings of a shop that sends mails."""
    mail = msgspec.structs.replace(books.settings.mail, url="smtp://127.0.0.1:1")
    return msgspec.structs.replace(books.settings, mail=mail)


@pytest.mark.parametrize("of", ["", "482-771-301", "nonsense"])
def test_an_order_that_is_not_there_is_a_sentence(page: Open, of: str) -> None:
    assert page("order_page", of=of).title[0].value == "There is no such order"


def test_a_packing_slip_has_pieces_and_address_and_no_price(books: Books, order: Order) -> None:
    slip = paper_page._paper("Packing slip", order, books, paper_page._slip(order))
    assert "Mouse" in slip
    assert "12 Church Street" in slip
    assert "Lamps &amp; Co" in slip
    assert "₹" not in slip


def test_an_invoice_has_number_date_seller_lines_taxes_and_total(books: Books, order: Order) -> None:
    invoice = paper_page._paper("Invoice", order, books, paper_page._invoice(order, books))
    day = f"{order.placed_at.day} {order.placed_at:%B %Y}"
    for said in (order.number, day, "Lamps &amp; Co", "hello@shop.example", "Mouse", "GST", "18 %"):
        assert said in invoice
    for amount in ("₹200", "₹169.49", "₹30.51"):
        assert amount in invoice
    assert "To be paid: on delivery." in invoice
    cancelled = work.mark(books.database, order.number, State.CANCELLED)
    assert "nothing is to be paid" in paper_page._invoice(cancelled, books)


def test_a_count_is_entered_and_pieces_are_added_once(books: Books, order: Order, page: Open) -> None:
    app = page("stock_page")
    app.text_input(key="product").set_value("mouse").run()
    assert "10 left" in text(app)
    app.number_input(key="pieces-MOUSE-0").set_value(20)
    app.button(key="add-MOUSE-0").click().run()
    assert ledger.levels(books.database) == {"MOUSE": 30}
    assert "Mouse: +20, so 30 left." in text(app)
    with pytest.raises(KeyError):
        app.button(key="add-MOUSE-0")
    app.number_input(key="pieces-MOUSE-1").set_value(7)
    app.button(key="count-MOUSE-1").click().run()
    assert ledger.levels(books.database) == {"MOUSE": 7}
    app.number_input(key="pieces-MOUSE-2").set_value(-8)
    app.button(key="add-MOUSE-2").click().run()
    assert "only 7 left to take off" in text(app)
    app.button(key="add-MOUSE-3").click().run()
    assert "Type how many pieces." in text(app)


def test_pieces_of_a_product_that_nobody_has_ordered_are_added_to_the_number_of_the_catalogue(books: Books) -> None:
    laptop = books.catalogue().by_sku["LAPTOP"]
    assert laptop.stock
    acts.deliver(books, books.catalogue(), "LAPTOP", 1)
    assert ledger.levels(books.database) == {"LAPTOP": laptop.stock + 1}


def test_stock_runs_low_where_five_are_left_or_fewer_than_were_sold_of_late() -> None:
    few, enough, wanted, uncounted = product("A", stock=5), product("B", stock=6), product("C"), product("D")
    left, sold = {"C": 20}, {"C": 21, "D": 99}
    levels = [stock_page.level(one, left, sold) for one in (wanted, few, enough, uncounted)]
    assert [one.product.sku for one in stock_page.running_low(levels)] == ["A", "C"]


def test_days_and_months_without_an_order_are_there_too() -> None:
    assert sales_page.days_to(date(2026, 3, 2))[-3:] == ["2026-02-28", "2026-03-01", "2026-03-02"]
    assert sales_page.months_to(date(2026, 3, 2))[0::11] == ["2025-04", "2026-03"]
    filled = list(sales_page.with_empty([Sum("b", 1, 2, 0)], ["a", "b"]))
    assert filled == [Sum("a", 0, 0, 0), Sum("b", 1, 2, 0)]


def test_sales_say_their_currency_and_their_days(books: Books, order: Order, page: Open) -> None:
    app = page("sales_page")
    assert "₹200 in 1 order" in text(app)
    assert "In INR" in text(app)
    assert "UTC" in text(app)
    assert "Mouse (MOUSE)" in text(app)


def test_a_shop_without_mail_says_so(page: Open) -> None:
    assert "This shop sends no mail" in text(page("mail_page"))


def test_a_mail_that_was_given_up_is_sent_again(
    books: Books, order: Order, page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "tells", (Whom.SHOPPER,))
    assert "All mails were sent." in text(page("mail_page"))
    work.mark(books.database, order.number, State.PAID, tell=[Whom.SHOPPER])
    with books.database.writing() as connection:
        connection.execute(update(outbox).values(next_at=None, failure="550 no such <user>", tries=3))
        mail = connection.execute(select(outbox.c.id)).scalar_one()
    app = page("mail_page")
    assert "0 waiting, 1 given up" in text(app)
    assert "550 no such <user>" in text(app)
    app.button(key=f"again-{mail}").click().run()
    assert "1 waiting, 0 given up" in text(app)


def test_the_faults_of_the_catalogue_are_listed(books: Books, page: Open, tmp_path: Path) -> None:
    assert "24 products, no fault." in text(page("shop_page"))
    file = tmp_path / "products.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("MOUSE,", "mouse!,", 1), encoding="utf-8")
    app = page("shop_page")
    assert "1 fault" in text(app)
    assert "row" in text(app)
    assert "see the page Shop" in text(page("stock_page"))


def test_a_check_that_does_not_end_well_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    found = json.dumps({"findings": [{"state": "ok", "name": "mail", "found": "none", "advice": ""}]}).encode()
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, found, b""))
    assert [one["name"] for one in shop_page.check()] == ["mail"]
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1, b"", b""))
    assert shop_page.check()[0]["state"] == "failure"


def test_a_cleared_order_has_neither_name_nor_address(books: Books, order: Order, page: Open) -> None:
    with books.database.writing() as connection:
        connection.execute(update(orders).values(placed_at=datetime.now(UTC) - timedelta(days=20)))
    work.clear_old(books.database, 10)
    assert "Name and address cleared" in text(page("order_page", of=order.number))
    assert "Name and address cleared" in links(page("orders_page"))[0]


def test_money_that_paid_no_order_is_listed_until_it_was_seen_to(books: Books, page: Open, order: Order) -> None:
    assert "Money that paid no order" not in text(page("orders_page"))
    payments.note(books.database, "sandbox", Paid("p1", order.number, 5, "INR"), ())
    app = page("orders_page")
    assert f"for order {order.number}" in text(app)
    assert "sandbox p1: the amount is another one" in text(app)
    app.button("settle-1").click().run()
    assert "The payment is off the list." in text(app)
    assert "Money that paid no order" not in text(app)
