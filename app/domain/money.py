"""Money: whole minor units of the shop's one currency, written as the shop's locale does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import UnknownCurrencyError, format_currency, get_currency_precision, validate_currency

_AMOUNT = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
LARGEST = 10**15
"""The largest amount in minor units. It is below 2**53, so every reader of JSON keeps it exact."""


@dataclass(frozen=True, slots=True)
class Currency:
    """How the shop counts and writes money.

    Attributes:
        code: ISO 4217, such as "INR".
        locale: CLDR locale, such as "en_IN".
    """

    code: str
    locale: str

    def __post_init__(self) -> None:
        """Refuse a code or locale that Babel does not know.

        Raises:
            ValueError: the message begins with the word "currency" or "locale" and says what is wrong.
        """
        try:
            validate_currency(self.code)
        except UnknownCurrencyError:
            raise ValueError(f"currency {self.code!r} is not a code of ISO 4217 such as 'INR'") from None
        try:
            Locale.parse(self.locale)
        except (UnknownLocaleError, ValueError):
            raise ValueError(f"locale {self.locale!r} is not a known locale such as 'en_IN'") from None

    @property
    def digits(self) -> int:
        """Decimal digits of a minor unit: 2 for INR, 0 for JPY."""
        return get_currency_precision(self.code)

    def read(self, text: str) -> int:
        """Return a plain decimal amount such as "349.50" in minor units.

        Raises:
            ValueError: the message says what is wrong with the text.
        """
        if not _AMOUNT.fullmatch(text):
            raise ValueError(f"{text!r} is not a number such as 349 or 349.50")
        minor = Decimal(text).scaleb(self.digits)
        if minor < 0:
            raise ValueError(f"{text!r} is negative")
        if minor > LARGEST:
            raise ValueError(f"{text!r} is too large")
        if minor != int(minor):
            raise ValueError(f"{text!r} has more than the {self.digits} decimal digits of {self.code}")
        return int(minor)

    def plain(self, minor: int) -> str:
        """Return the amount for machines, with all its decimal digits: 25349.00, 349.50."""
        return f"{Decimal(minor).scaleb(-self.digits):.{self.digits}f}"

    def write(self, minor: int) -> str:
        """Return the amount as the shop shows it: ₹25,349, ₹1,25,000, ₹349.50 (no .00)."""
        return _written(self, minor)


@lru_cache(maxsize=16_384)
def _written(currency: Currency, minor: int) -> str:
    """Format an amount. Cached, because Babel takes 30 to 80 microseconds, or 2 milliseconds for a page of cards."""
    whole = minor % 10**currency.digits == 0
    return format_currency(
        Decimal(minor).scaleb(-currency.digits),
        currency.code,
        locale=currency.locale,
        format=_without_decimals(currency.locale) if whole else None,
        currency_digits=not whole,
    )


def _without_decimals(locale: str) -> str:
    """Return the locale's currency pattern without decimal digits (Babel has no parameter for it)."""
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    return str(pattern).replace(".00", "")
