"""`python -m app mail`: what was not sent, sending it again, and trying the mail server out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.__main__ import main
from app.domain.told import Whom
from app.orders import outbox
from app.orders.database import Database
from app.orders.placing import place
from testbed.mailbox import Mailbox, running_mailbox
from tests.orders.buying import attempt, purchase


class Shop:
    """A shop that sends mail, and its command line."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        (folder / "config.toml").write_text("[orders]\nurl = 'sqlite:///orders.db'\n", encoding="utf-8")
        monkeypatch.setenv("KEEPCART_CONFIG", str(folder / "config.toml"))
        self.database = Database("sqlite:///orders.db", folder)
        self._monkeypatch, self._capture = monkeypatch, capfd

    def sends_by(self, url: str) -> None:
        self._monkeypatch.setenv("KEEPCART_MAIL__URL", url)
        self._monkeypatch.setenv("KEEPCART_MAIL__SENDER", "orders@shop.example")

    def runs(self, *arguments: str) -> tuple[int, str, str]:
        """Return the exit status, and what was printed as output and as errors."""
        status = main(["mail", *arguments])
        printed = self._capture.readouterr()
        return status, printed.out, printed.err


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Shop]:
    opened = Shop(tmp_path, monkeypatch, capfd)
    yield opened
    opened.database.close()


@pytest.fixture
def mailbox(shop: Shop) -> Iterator[Mailbox]:
    with running_mailbox() as running:
        shop.sends_by(running.url)
        yield running


@pytest.mark.parametrize("arguments", [("list",), ("again",), ("test", "asha@example.com")])
def test_a_shop_without_mail_says_so(shop: Shop, arguments: tuple[str, ...]) -> None:
    assert shop.runs(*arguments) == (2, "", "keepcart: this shop sends no mail: the setting mail.url is empty\n")


def test_a_url_that_names_no_server_is_told_without_its_password(shop: Shop) -> None:
    shop.sends_by("http://shop:hunter2@mail.example")
    assert shop.runs("list") == (2, "", "keepcart: mail.url: must begin with smtp:// or smtps://\n")


def test_what_waits_and_what_was_given_up_is_listed_with_why_and_sent_again(shop: Shop, mailbox: Mailbox) -> None:
    assert shop.runs("list") == (0, "0 mails waiting, 0 given up\n", "")
    number = place(shop.database, attempt(1), "asha", purchase(("LAPTOP", 1, None)), tuple(Whom)).number
    claimed = outbox.claim(shop.database)
    assert claimed
    outbox.failed(shop.database, claimed, "550 nobody \x1b[2J", for_good=True)
    lines = shop.runs("list")[1].splitlines()
    assert lines[0] == "1 mail waiting, 1 given up"
    assert lines[1].startswith(f"{number}  placed     to the keeper ")
    assert lines[1].endswith("not tried yet")
    assert lines[2].endswith("given up")
    assert lines[3] == "    550 nobody \\x1b[2J"
    assert shop.runs("again") == (0, "2 mails to be sent; the store does it within seconds\n", "")
    assert shop.runs("list")[1].startswith("2 mails waiting, 0 given up\n")
    assert mailbox.mails == []  # the store sends, not the command


def test_a_mail_that_only_says_that_mails_arrive_is_sent(shop: Shop, mailbox: Mailbox) -> None:
    said = "The mail server has taken a mail to asha@example.com.\n"
    assert shop.runs("test", "asha@example.com") == (0, said, "")
    (mail,) = mailbox.mails
    assert (mail["To"], mail["Subject"]) == ("asha@example.com", "Mails of Keepcart arrive")


@pytest.mark.parametrize(
    ("address", "status", "problem"),
    [
        ("asha", 2, "'asha' is no e-mail address"),
        ("asha@example.com", 1, "not sent: the server says 550 5.1.1 there is nobody of this name"),
    ],
)
def test_why_it_was_not_sent_is_one_line(shop: Shop, mailbox: Mailbox, address: str, status: int, problem: str) -> None:
    mailbox.mood = "refuses"
    assert shop.runs("test", address) == (status, "", f"keepcart: {problem}\n")
