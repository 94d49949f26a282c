"""A letter as a message of e-mail (RFC 5322), as text and as HTML."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from app.mail.html import as_html
from app.mail.letter import Letter
from app.mail.text import as_text
from app.orders.outbox import Mail


def message(letter: Letter, mail: Mail, sender: Address, to: str, reply_to: str = "") -> EmailMessage:
    """Return the message that tells of an order. Every copy of a mail has the same Message-ID and the same date.

    Raises:
        ValueError: an address cannot be one.
    """
    name = f"<{mail.order.number}.{mail.news.value}.{mail.whom.value}.{mail.id}@{sender.domain}>"
    return written(letter, name, mail.at, sender, to, reply_to)


def written(  # noqa: PLR0913, PLR0917 - the parts of a message
    letter: Letter, name: str, at: datetime, sender: Address, to: str, reply_to: str = ""
) -> EmailMessage:
    """Return a letter as a message.

    Args:
        name: its Message-ID.
        reply_to: where answers go; empty: to the sender.

    Raises:
        ValueError: an address cannot be one.
    """
    found = EmailMessage(policy=SMTP)
    found["Message-ID"] = name
    found["Date"] = format_datetime(at)
    found["From"] = sender
    found["To"] = Address(addr_spec=to)
    if reply_to:
        found["Reply-To"] = Address(addr_spec=reply_to)
    found["Subject"] = letter.subject
    found["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence is told to us
    found.set_content(as_text(letter))
    found.add_alternative(as_html(letter), subtype="html")
    return found
