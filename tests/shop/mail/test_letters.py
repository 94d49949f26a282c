"""What mails say of orders, as text and as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from app.domain.contact import Contact
from app.domain.money import Currency
from app.domain.order import Order, OrderLine
from app.domain.told import News, Whom
from app.domain.withdrawal import Withdrawal
from app.mail.html import as_html
from app.mail.letter import Letter, Writer
from app.mail.text import WIDTH, as_text
from tests.orders.buying import TERMS, purchase

AT = datetime(2026, 12, 1, 3, 37, tzinfo=UTC)
BOUGHT = purchase(("LAPTOP", 1, None), ("MOUSE", 2, None))
ORDER = Order("482-771-300", 1, "a" * 24, AT, BOUGHT)
WRITER = Writer(
    "Keepcart",
    Contact("hello@shop.example", "+91 80 1234 5678", "1 Mill Road, Bengaluru"),
    TERMS,
    lambda code: Currency(code, "en_IN"),
    "https://shop.example",
    lambda: ["terms", "privacy", "withdrawal"],
)
DECLARED = Withdrawal("Asha Rao", "asha@example.com", "1 × Mouse,\n\nthe grey one", AT + timedelta(days=2, seconds=5))
LETTERS: Mapping[tuple[News, Whom], Letter] = {
    (news, whom): WRITER.letter(replace(ORDER, tracking="IN123", withdrawal=DECLARED), news, whom)
    for news, whom in (
        *((news, Whom.SHOPPER) for news in News),
        (News.PLACED, Whom.KEEPER),
        (News.PAID, Whom.KEEPER),
        (News.CANCELLED, Whom.KEEPER),
        (News.WITHDRAWN, Whom.KEEPER),
    )
}
EACH = pytest.mark.parametrize("letter", LETTERS.values(), ids=[f"{what.value}-{whom.value}" for what, whom in LETTERS])


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.split("<body")[1].split(">", 1)[1])).split())


@EACH
def test_text_and_html_say_the_same(letter: Letter) -> None:
    html = words_of(as_html(letter)).replace(" ", "")
    rest = as_text(letter)
    for _, address in filter(None, (letter.link, *letter.further)):
        rest = rest.replace(f"\n{address}\n", "\n")
        assert f'href="{address}"' in as_html(letter)
    for word in rest.replace("-" * WIDTH, "").replace("-- ", "").split():
        assert word.rstrip(":") in html, word
    assert letter.subject.replace(" ", "") in html


@EACH
def test_each_letter_names_the_order_and_what_was_bought(letter: Letter) -> None:
    assert "482-771-300" in letter.subject
    text = as_text(letter)
    assert "1 × Laptop" in text
    assert "2 × Mouse" in text


@EACH
def test_lines_of_text_are_short_and_the_html_asks_nobody_for_anything(letter: Letter) -> None:
    assert max(map(len, as_text(letter).splitlines())) <= WIDTH
    html = as_html(letter)
    assert not re.search(r"<(img|link|script|iframe)|url\(|@import", html)


def test_a_confirmation_has_everything_that_was_seen_before_the_last_click() -> None:
    text = as_text(LETTERS[News.PLACED, Whom.SHOPPER])
    for said in (
        "Thank you.",
        "Delivery, Standard",
        "Total",
        "₹300",
        "includes GST 18 %",
        "Pay when it arrives.",
        "12 Church Street",
        "1 December 2026, 03:37 UTC",
        "https://shop.example/orders?of=482-771-300",
        "hello@shop.example",
    ):
        assert said in text


def test_tax_on_top_stands_before_the_total() -> None:
    on_top = replace(ORDER, purchase=replace(BOUGHT, tax_included=False))
    text = as_text(WRITER.letter(on_top, News.PLACED, Whom.SHOPPER))
    assert text.index("GST 18 %") < text.index("Total")
    assert "includes" not in text


def test_once_it_is_paid_nobody_is_told_how_to_pay() -> None:
    assert "Pay when" not in as_text(WRITER.letter(replace(ORDER, paid_at=AT), News.PLACED, Whom.SHOPPER))
    assert "comes back to you" in as_text(WRITER.letter(replace(ORDER, paid_at=AT), News.CANCELLED, Whom.SHOPPER))
    assert "Nothing is to be paid" in as_text(WRITER.letter(ORDER, News.CANCELLED, Whom.SHOPPER))


def test_the_shopkeeper_reads_whom_to_ask_and_where_it_goes() -> None:
    letter = LETTERS[News.PLACED, Whom.KEEPER]
    text = as_text(letter)
    assert letter.subject == "New order 482-771-300: ₹300"
    for said in ("Asha Rao", "asha@example.com", "+91 98765 43210", "560001", "On delivery"):
        assert said in text


def test_names_are_text_and_never_markup() -> None:
    line = OrderLine("X", "<b>Table</b> & chair", 1, 100)
    html = as_html(WRITER.letter(replace(ORDER, purchase=replace(BOUGHT, lines=(line,))), News.PLACED, Whom.SHOPPER))
    assert "&lt;b&gt;Table&lt;/b&gt; &amp; chair" in html
    assert "<b>" not in html


def test_a_long_name_is_wrapped_and_its_price_stands_at_its_end() -> None:
    line = OrderLine("X", "A very long name of a table " * 6, 1, 100)
    text = as_text(WRITER.letter(replace(ORDER, purchase=replace(BOUGHT, lines=(line,))), News.PLACED, Whom.SHOPPER))
    assert max(map(len, text.splitlines())) <= WIDTH
    assert next(one for one in text.splitlines() if "₹1" in one).startswith("  ")


def test_without_a_public_address_no_letter_has_a_link() -> None:
    assert replace(WRITER, public_url="").letter(ORDER, News.PLACED, Whom.SHOPPER).link is None


def test_a_confirmation_names_the_terms_that_there_are_and_where_one_withdraws() -> None:
    letter = LETTERS[News.PLACED, Whom.SHOPPER]
    assert letter.further == (
        ("Our terms", "https://shop.example/terms"),
        ("Your right of withdrawal", "https://shop.example/withdrawal"),
        ("Withdraw from a contract", "https://shop.example/withdraw?of=482-771-300"),
    )
    bare = replace(WRITER, legal=tuple, terms=replace(TERMS, withdrawal_days=0))
    assert bare.letter(ORDER, News.PLACED, Whom.SHOPPER).further == ()
    assert replace(WRITER, public_url="").letter(ORDER, News.PLACED, Whom.SHOPPER).further == ()


def test_a_receipt_of_a_withdrawal_says_what_was_declared_by_whom_and_when_to_the_second() -> None:
    text = as_text(LETTERS[News.WITHDRAWN, Whom.SHOPPER])
    for said in ("1 × Mouse,\n  the grey one", "Asha Rao", "asha@example.com", "3 December 2026, 03:37:05 UTC"):
        assert said in text
    everything = replace(ORDER, withdrawal=replace(DECLARED, what=" \n"))
    assert "Sent back:\n  All of it" in as_text(WRITER.letter(everything, News.WITHDRAWN, Whom.SHOPPER))


def test_the_shopkeeper_reads_what_a_withdrawal_asks_of_them() -> None:
    withdrawn = replace(ORDER, withdrawal=DECLARED)
    text = as_text(WRITER.letter(withdrawn, News.WITHDRAWN, Whom.KEEPER))
    assert "It was not sent yet. It was not paid yet." in " ".join(text.split())
    text = as_text(WRITER.letter(replace(withdrawn, sent_at=AT, paid_at=AT), News.WITHDRAWN, Whom.KEEPER))
    said = "It was sent on 1 December 2026, 03:37 UTC. It was paid: please pay it back in time."
    assert said in " ".join(text.split())
