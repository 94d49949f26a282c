"""The mail server: how it is named, and what happens where it refuses, hangs or dies."""

from __future__ import annotations

import ssl
import time
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.domain.told import News, Whom
from app.mail.message import message
from app.mail.server import MailServer, NotSent
from app.orders.outbox import WAITS, Mail
from testbed.mailbox import Mailbox, Mood, running_mailbox
from testbed.servers.tls import certificate
from tests.shop.mail.test_letters import AT, ORDER, WRITER

MAIL = Mail(7, ORDER, News.PLACED, Whom.SHOPPER, AT, 1, None, "")
SENDER = Address("Keepcart", addr_spec="orders@shop.example")
PASSWORD = "not a secret: of a test's own server"  # noqa: S105


def written(to: str = "asha@example.com", mail: Mail = MAIL) -> EmailMessage:
    return message(WRITER.letter(mail.order, mail.news, mail.whom), mail, SENDER, to, "hello@shop.example")


def server_of(mailbox: Mailbox) -> MailServer:
    return replace(MailServer.of(mailbox.url), answer_seconds=0.5, longest_seconds=1)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 587)),
        ("smtp://mail.example:25", MailServer("mail.example", 25)),
        ("smtps://shop:a%40b@mail.example", MailServer("mail.example", 465, "shop", "a@b", is_tls=True)),
    ],
)
def test_a_url_names_the_server(url: str, server: MailServer) -> None:
    assert MailServer.of(url) == server


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://mail.example", "must begin with smtp:// or smtps://"),
        ("mail.example", "must begin with smtp:// or smtps://"),
        ("smtp://", "must look like"),
        ("smtp://mail.example/box", "must look like"),
        ("smtp://mail.example?tls=1", "must look like"),
        ("smtp://shop:secret@", "must look like"),
        ("smtp://shop@mail.example", "both a user and a password"),
        ("smtp://mail.example:port", "Port could not be cast"),
    ],
)
def test_what_names_no_server_is_refused_in_words(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as refused:
        MailServer.of(url)
    assert "secret" not in str(refused.value)


def test_a_password_is_not_printed_with_its_server() -> None:
    assert "secret" not in repr(MailServer.of("smtps://shop:secret@mail.example"))


def test_a_mail_arrives_as_it_was_written() -> None:
    with running_mailbox() as mailbox:
        server_of(mailbox).send(written())
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Your order 482-771-300 at Keepcart"
    assert mail["From"] == "Keepcart <orders@shop.example>"
    assert mail["To"] == "asha@example.com"
    assert mail["Reply-To"] == "hello@shop.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == "<482-771-300.placed.shopper.7@shop.example>"
    assert mail["Date"].datetime == AT
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "₹300" in text.get_content()
    assert "₹300" in html.get_content()


def test_every_copy_of_a_mail_has_the_same_name_and_no_other_mail_has_it() -> None:
    assert written()["Message-ID"] == written(mail=replace(MAIL, tries=2))["Message-ID"]
    others = (replace(MAIL, id=8), replace(MAIL, whom=Whom.KEEPER), replace(MAIL, news=News.CANCELLED))
    assert len({str(written(mail=mail)["Message-ID"]) for mail in (MAIL, *others)}) == 4


@pytest.mark.parametrize("to", ["asha@example.com\r\nBcc: all@example.com", "asha", "a b@example.com"])
def test_what_is_no_address_writes_no_header(to: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - Python says it in many ways
        written(to)


@pytest.mark.parametrize(
    ("mood", "problem", "for_good", "is_away"),
    [
        ("refuses", "the server says 550 5.1.1 there is nobody of this name", True, False),
        ("busy", "the server says 451 4.3.0 later, please", False, False),
        ("hangs", "timed out", False, True),
        ("hangs up", "unexpectedly closed", False, True),
        ("takes and hangs up", "unexpectedly closed", False, True),
        ("trickles", "unexpectedly closed", False, True),
    ],
)
def test_what_was_not_taken_is_told_with_why(mood: Mood, problem: str, *, for_good: bool, is_away: bool) -> None:
    with running_mailbox() as mailbox:
        mailbox.mood = mood
        started = time.monotonic()
        with pytest.raises(NotSent, match=problem) as refused:
            server_of(mailbox).send(written())
    assert time.monotonic() - started < 5
    assert (refused.value.for_good, refused.value.is_away) == (for_good, is_away)


def test_a_server_that_is_not_there_is_away() -> None:
    with running_mailbox() as mailbox:
        server = server_of(mailbox)
    with pytest.raises(NotSent, match="refused") as refused:
        server.send(written())
    assert refused.value.is_away
    assert not refused.value.for_good


def test_a_try_ends_before_somebody_else_may_begin_the_next() -> None:
    assert MailServer("mail.example", 25).longest_seconds < WAITS[0].total_seconds()


def test_no_password_is_told_in_the_clear() -> None:
    with running_mailbox(password=PASSWORD) as mailbox:
        server = replace(server_of(mailbox), user="shop", password=PASSWORD)
        with pytest.raises(NotSent, match="no encryption, so it is not told the password"):
            server.send(written())
    assert mailbox.logins == []


def test_over_tls_the_password_opens_and_a_wrong_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certified = certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certified.file, certified.key)
    monkeypatch.setenv("SSL_CERT_FILE", str(certified.file))
    with running_mailbox(tls=context, password=PASSWORD) as mailbox:
        server = replace(server_of(mailbox), host="localhost", user="shop", password=PASSWORD)
        server.send(written())
        assert server.check() == f"localhost:{mailbox.port}, encrypted"
        with pytest.raises(NotSent, match="535") as refused:
            replace(server, password="wrong").send(written())  # noqa: S106 - it is not one
    assert refused.value.is_away
    assert len(mailbox.mails) == 1


def test_a_certificate_that_nobody_has_signed_is_refused(tmp_path: Path) -> None:
    certified = certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certified.file, certified.key)
    with running_mailbox(tls=context, password=PASSWORD) as mailbox:
        server = replace(server_of(mailbox), host="localhost", user="shop", password=PASSWORD)
        with pytest.raises(NotSent, match="CERTIFICATE_VERIFY_FAILED"):
            server.send(written())
    assert mailbox.logins == []
