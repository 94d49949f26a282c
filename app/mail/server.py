"""The mail server that takes our mails: `smtp://user:password@host:587`, or `smtps://` with TLS from the start."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final, Self
from urllib.parse import unquote, urlsplit

SCHEMES: Final = {"smtp": 587, "smtps": 465}
"""The port of each, where the URL names none."""

ANSWER_SECONDS: Final = 15
"""How long the server may be silent."""

LONGEST_SECONDS: Final = 45
"""How long one mail may take, however slowly the server answers. Less than the first wait of the outbox."""

PERMANENT: Final = 500
"""From this status on the server says no for good (RFC 5321, 4.2.1)."""


class NotSent(Exception):
    """A mail was not sent, or it is not known whether it was. The message says why.

    Attributes:
        for_good: the server knows no such recipient; another try would end the same.
        is_away: the server is not there, or takes nothing at all: other mails need not be tried now.
    """

    def __init__(self, problem: str, *, for_good: bool = False, is_away: bool = False) -> None:
        super().__init__(problem)
        self.for_good, self.is_away = for_good, is_away


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed over.

    Attributes:
        is_tls: the connection is TLS from its first byte; else it becomes so (STARTTLS) where the server can.
        answer_seconds: how long the server may be silent.
        longest_seconds: how long all of it may take.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False
    answer_seconds: float = ANSWER_SECONDS
    longest_seconds: float = LONGEST_SECONDS

    @classmethod
    def of(cls, url: str) -> Self:
        """Return the server that a URL names.

        Raises:
            ValueError: it names none; the message says why, without the URL.
        """
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES:
            raise ValueError("must begin with smtp:// or smtps://")
        if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("must look like smtp://user:password@host:587")
        if bool(parts.username) != bool(parts.password):
            raise ValueError("must have both a user and a password, or none of them")
        return cls(
            parts.hostname,
            parts.port or SCHEMES[parts.scheme],
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            parts.scheme == "smtps",
        )

    def send(self, mail: EmailMessage) -> None:
        """Hand a mail over. When this returns, the server has taken it.

        Raises:
            NotSent: it has not, or it is not known.
        """
        with self._connected() as client:
            try:
                client.send_message(mail)
            except smtplib.SMTPRecipientsRefused as refused:
                status, words = next(iter(refused.recipients.values()))
                raise NotSent(_said(status, words), for_good=status >= PERMANENT) from refused
            except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
                raise NotSent(_said(refused.smtp_code, refused.smtp_error)) from refused
            except smtplib.SMTPNotSupportedError as error:  # letters beside ASCII before the @, and no SMTPUTF8
                raise NotSent("the server takes no address with such letters", for_good=True) from error

    def check(self) -> str:
        """Greet the server and log in; return how, in words.

        Raises:
            NotSent: it is not there, or lets us not in.
        """
        with self._connected() as client:
            is_encrypted = isinstance(client.sock, ssl.SSLSocket)
        return f"{self.host}:{self.port}, {'encrypted' if is_encrypted else 'not encrypted'}"

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """Give a connection on which the server waits for a mail.

        Raises:
            NotSent: there is none, or it ends.
        """
        try:
            with self._opened() as client, _ends_after(self.longest_seconds, client):
                self._enter(client)
                yield client
        except smtplib.SMTPResponseException as refused:
            raise NotSent(_said(refused.smtp_code, refused.smtp_error), is_away=True) from refused
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(_kind(error), is_away=True) from error

    def _opened(self) -> smtplib.SMTP:
        if self.is_tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.answer_seconds, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=self.answer_seconds)

    def _enter(self, client: smtplib.SMTP) -> None:
        client.ehlo()
        if not self.is_tls and client.has_extn("starttls"):
            client.starttls(context=ssl.create_default_context())
            client.ehlo()
        if not self.user:
            return
        if not isinstance(client.sock, ssl.SSLSocket):
            raise smtplib.SMTPException("the server offers no encryption, so it is not told the password")
        client.login(self.user, self.password)


@contextmanager
def _ends_after(seconds: float, client: smtplib.SMTP) -> Iterator[None]:
    """Cut a connection off after some time. A server that sends a byte now and then would hold it for ever."""

    def cut() -> None:
        if client.sock is not None:
            with suppress(OSError):
                client.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _said(status: int, words: bytes | str) -> str:
    """Return what a server said, on one line."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"the server says {status} {' '.join(text.split())}"


def _kind(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
