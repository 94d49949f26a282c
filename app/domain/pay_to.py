"""The account to which transfers go, and what a banking app reads from a QR code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

LONGEST_HOLDER: Final = 70
"""Characters of a name that a European QR code takes (EPC069-12, 2.1)."""

_UPI: Final = re.compile(r"[A-Za-z0-9._-]{2,256}@[A-Za-z][A-Za-z0-9]{1,63}")
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


@dataclass(frozen=True, slots=True)
class PayTo:
    """An account.

    Attributes:
        account: a UPI address, or an IBAN without spaces.
        holder: whose it is.
    """

    account: str
    holder: str

    @property
    def is_upi(self) -> bool:
        """Whether it is a UPI address."""
        return "@" in self.account

    @property
    def written(self) -> str:
        """The account as people write it: an IBAN in groups of four."""
        return self.account if self.is_upi else " ".join(re.findall(".{1,4}", self.account))

    def in_words(self, amount: str, reference: str) -> tuple[tuple[str, str], ...]:
        """Return what is to be transferred, as titles with their facts."""
        return ("To", self.holder), ("Account", self.written), ("Amount", amount), ("For", reference)


def read_pay_to(text: str, currency: str, holder: str) -> PayTo:
    """Return the account that somebody typed: a UPI address in a shop that sells in INR, an IBAN in one of EUR.

    Raises:
        ValueError: it is none; the message says what one looks like.
    """
    account = "".join(text.split())
    if currency == "INR":
        if not _UPI.fullmatch(account):
            raise ValueError(f"must be a UPI address such as shop@bank, not {text!r}")
    elif currency == "EUR":
        account = account.upper()
        if not _IBAN.fullmatch(account) or not _is_whole(account):
            raise ValueError(f"must be an IBAN such as DE89 3704 0044 0532 0130 00, not {text!r}")
    else:
        raise ValueError(f"banking apps read such codes for INR and EUR only, not for {currency}; leave it empty")
    return PayTo(account, holder[:LONGEST_HOLDER])


def upi_link(to: PayTo, amount: str, reference: str) -> str:
    """Return what a UPI app reads: whom to pay, how much, and what for (NPCI, UPI Linking Specifications 1.6).

    Args:
        amount: plain, with its decimal digits: `25349.00`.
        reference: what the payment is for, in the statements of both.
    """
    asked = {"pa": to.account, "pn": to.holder, "am": amount, "cu": "INR", "tn": reference}
    return "upi://pay?" + "&".join(f"{key}={quote(value, safe='@')}" for key, value in asked.items())


def _is_whole(iban: str) -> bool:
    """Tell whether the check digits of an IBAN are right (ISO 7064, MOD 97-10)."""
    return int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])) % 97 == 1
