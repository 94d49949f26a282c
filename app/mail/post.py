"""How a shop sends mail: who writes, who sends, through which server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid
from functools import partial
from pathlib import Path

from app.domain.pages import LEGAL
from app.domain.told import Whom
from app.mail.letter import Letter, Writer
from app.mail.message import message, written
from app.mail.server import MailServer, NotSent
from app.orders.outbox import Mail
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Post:
    """How a shop sends mail.

    Attributes:
        sender: who sends all mails.
        keeper: the address of the shopkeeper; empty where nobody is to be told.
    """

    server: MailServer
    writer: Writer
    sender: Address
    keeper: str

    def send(self, mail: Mail) -> None:
        """Write a mail about an order and hand it over.

        Raises:
            NotSent: the server has not taken it.
        """
        order, contact = mail.order, self.writer.contact.email
        buyer = order.purchase.buyer.email
        to, reply_to = (self.keeper, buyer) if mail.whom is Whom.KEEPER else (buyer, contact)
        if not to:
            raise NotSent("there is no address any more", for_good=True)
        letter = self.writer.letter(order, mail.news, mail.whom)
        try:
            found = message(letter, mail, self.sender, to, reply_to)
        except ValueError as problem:
            raise NotSent(str(problem), for_good=True) from problem
        self.server.send(found)

    def try_out(self, to: str) -> None:
        """Send a mail that only says that mails arrive.

        Raises:
            NotSent: the server has not taken it.
            ValueError: that is no address.
        """
        words = ("This mail was sent to see whether mails of the shop arrive. They do.",)
        letter = Letter(f"Mails of {self.writer.shop} arrive", words, sender=self.writer.sender)
        now = datetime.now(UTC)
        found: EmailMessage = written(letter, make_msgid(domain=self.sender.domain), now, self.sender, to)
        self.server.send(found)


def post_of(settings: Settings) -> Post | None:
    """Return how the shop of some settings sends mail; None where it sends none.

    Raises:
        ValueError: the URL of the mail server cannot be used; the message says why, without the URL.
    """
    if settings.terms is None or not settings.mail.url:
        return None
    server = MailServer.of(settings.mail.url)
    name = settings.store.name
    legal = partial(_legal, settings.legal_folder)
    writer = Writer(name, settings.reached_at, settings.terms, settings.money_of, settings.public_url, legal)
    return Post(server, writer, Address(name, addr_spec=settings.mail_sender), settings.mail_keeper)


def _legal(folder: Path) -> list[str]:
    """Return the names of the legal texts in a folder."""
    return [name for name in LEGAL if (folder / f"{name}.md").is_file()]
