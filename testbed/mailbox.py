"""A mail server that keeps what it takes, and that refuses, hangs and dies where it is told to."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Final, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from testbed.servers.process import free_port

Mood = Literal["takes", "refuses", "busy", "hangs", "hangs up", "takes and hangs", "takes and hangs up", "trickles"]
"""How it answers to the text of a mail; `refuses` and `busy` to its recipient, for good and for now."""

SILENCE: Final = 3600.0


class Mailbox:
    """A mail server on loopback. Its mood may change at any time.

    Attributes:
        mails: what it has taken, in order, second copies too.
        logins: the passwords that it was told.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, password: str | None = None) -> None:
        """Answer nobody yet (`running_mailbox`).

        Args:
            tls: offer STARTTLS with it.
            password: take mails only from who knows it.
        """
        self.mood: Mood = "takes"
        self.mails: list[EmailMessage] = []
        self.logins: list[bytes] = []
        self.port = free_port()
        self._password = password
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            server_hostname="localhost",
            tls_context=tls,
            authenticator=self._authenticate,
            auth_required=password is not None,
        )

    @property
    def url(self) -> str:
        """Where it is."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def ids(self) -> Counter[str]:
        """How many copies came of each mail, by Message-ID."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)

    def start(self) -> None:
        """Answer from now on."""
        self._controller.start()

    def stop(self) -> None:
        """Answer no more."""
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer to a recipient."""
        if self.mood == "refuses":
            return "550 5.1.1 there is nobody of this name"
        if self.mood == "busy":
            return "451 4.3.0 later, please"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Answer to the text of a mail."""
        if self.mood == "hangs":
            await asyncio.sleep(SILENCE)
        if self.mood == "trickles":
            for _ in range(int(SILENCE)):
                await server.push("250-still here")
                await asyncio.sleep(0.05)
        if self.mood != "hangs up":
            assert isinstance(envelope.original_content, bytes)
            mail = message_from_bytes(envelope.original_content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        if self.mood == "takes and hangs":
            await asyncio.sleep(SILENCE)
        if self.mood in ("hangs up", "takes and hangs up"):
            transport = server.transport
            assert isinstance(transport, asyncio.Transport)
            transport.abort()
        return "250 taken"

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, told: Any
    ) -> AuthResult:
        assert isinstance(told, LoginPassword)
        self.logins.append(told.password)
        is_right = self._password is not None and told.password == self._password.encode()
        return AuthResult(success=is_right, handled=is_right)  # the server itself refuses who is not let in


@contextmanager
def running_mailbox(*, tls: ssl.SSLContext | None = None, password: str | None = None) -> Iterator[Mailbox]:
    """Give a mail server that takes everything."""
    mailbox = Mailbox(tls=tls, password=password)
    mailbox.start()
    try:
        yield mailbox
    finally:
        mailbox.stop()
