"""An order: what is bought, by whom, on which terms, and what has become of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Final

from app.domain.terms import BEFORE_IT_IS_SENT, Costs
from app.domain.terms_in_words import country_name
from app.domain.withdrawal import Withdrawal

LONGEST_TRACKING: Final = 100
"""Characters of the number of a parcel."""


class State(Enum):
    """What has become of an order. The value is its name in commands, exports and the outbox."""

    PLACED = "placed"
    PAID = "paid"
    SENT = "sent"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Pieces of one product, as the shopper saw it: its name, and the price of a piece in minor units.

    Attributes:
        tax_rate: in percent.
        stock: what the shop's catalogue counted when the order was placed; None if it counts none. It begins the
            product's ledger if that has no entry yet.
    """

    sku: str
    name: str
    quantity: int
    price: int
    tax_rate: Decimal = Decimal(0)
    stock: int | None = None

    @property
    def total(self) -> int:
        """Price times quantity, in minor units."""
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who ordered and where it goes. All of it is cleared after some time (`orders.keep_days`)."""

    name: str
    email: str
    phone: str
    line1: str
    line2: str
    city: str
    region: str
    postcode: str
    country: str

    @property
    def address(self) -> list[str]:
        """The lines of a parcel's label, without empty ones."""
        town = " ".join(filter(None, (self.city, self.postcode)))
        lines = (self.name, self.line1, self.line2, town, self.region, country_name(self.country))
        return [line for line in lines if line]


@dataclass(frozen=True, slots=True)
class Purchase:
    """What a shopper is about to order: everything that they see before the last click.

    Attributes:
        currency: ISO 4217.
        delivery, payment: the names of the ways.
        tax_name: such as "GST"; empty where nothing was said of tax.
        tax_included: prices had the tax in them.
    """

    lines: tuple[OrderLine, ...]
    buyer: Buyer
    currency: str
    delivery: str
    payment: str
    costs: Costs
    tax_name: str = ""
    tax_included: bool = True

    @property
    def digest(self) -> str:
        """56 bits that tell it from every other. The stock is not part of it: nobody sees it there."""
        lines = [(line.sku, line.name, line.quantity, line.price, str(line.tax_rate)) for line in self.lines]
        seen = (lines, self.buyer, self.currency, self.delivery, self.payment, self.costs, self.tax_name)
        return sha256(repr((seen, self.tax_included)).encode()).hexdigest()[:14]

    def attempt(self, draft_id: str) -> str:
        """Return the name of the attempt to order this with a draft: the same whoever asks, however often."""
        return draft_id + self.digest


@dataclass(frozen=True, slots=True)
class Order:
    """An order that was placed.

    Attributes:
        number: by which people call it, such as `482-771-300`.
        position: counts the orders in the order in which they were placed, from 1.
        attempt: of the checkout, unlike that of every other order.
        tracking: of the parcel; empty if there is none.
        withdrawal: its buyer's; None if there is none. It changes nothing by itself: the shopkeeper pays back.
    """

    number: str
    position: int
    attempt: str
    placed_at: datetime
    purchase: Purchase
    paid_at: datetime | None = None
    sent_at: datetime | None = None
    tracking: str = ""
    cancelled_at: datetime | None = None
    refunded_at: datetime | None = None
    is_cleared: bool = False
    withdrawal: Withdrawal | None = None

    @property
    def state(self) -> State:
        """The last thing that became of it."""
        if self.refunded_at:
            return State.REFUNDED
        if self.cancelled_at:
            return State.CANCELLED
        if self.sent_at:
            return State.SENT
        return State.PAID if self.paid_at else State.PLACED

    @property
    def waits_for_money(self) -> bool:
        """Whether it is prepared only once it is paid."""
        return self.state is State.PLACED and not self.withdrawal and self.purchase.payment in BEFORE_IT_IS_SENT

    @property
    def reference(self) -> str:
        """What a transfer is for, as it stands in the statements of both."""
        return f"Order {self.number}"

    @property
    def withdrawn_at(self) -> datetime | None:
        """When its buyer has withdrawn from it; None if they have not."""
        return self.withdrawal.at if self.withdrawal else None

    @property
    def is_to_be_taken_back(self) -> bool:
        """Whether its buyer has withdrawn from it, and nothing was done about that yet."""
        return self.withdrawal is not None and self.can_be_withdrawn_from

    @property
    def can_be_withdrawn_from(self) -> bool:
        """Whether there is still a contract to withdraw from."""
        return not (self.cancelled_at or self.refunded_at)

    @property
    def pieces(self) -> tuple[tuple[str, int], ...]:
        """SKUs and quantities."""
        return tuple((line.sku, line.quantity) for line in self.purchase.lines)

    @property
    def can_be_cancelled(self) -> bool:
        """Whether it is still here and wanted."""
        return not (self.sent_at or self.cancelled_at or self.refunded_at or self.withdrawal)


def number_of(random: int) -> str:
    """Return the number that eight random digits and their check digit make; it begins with no zero.

    The check digit is Luhn's (ISO/IEC 7812-1): it finds each digit that is wrong, and nearly all that changed places.
    """
    digits = str(10_000_000 + random % 90_000_000)
    return _written(digits + str(-_luhn(f"{digits}0") % 10))


def read_number(text: str) -> str | None:
    """Return the number that somebody typed, with or without spaces and dashes; None if it cannot be one."""
    digits = "".join(letter for letter in text if letter not in " -#")
    is_one = len(digits) == 9 and digits.isascii() and digits.isdigit() and _luhn(digits) % 10 == 0
    return _written(digits) if is_one else None


def _written(digits: str) -> str:
    return "-".join(digits[start : start + 3] for start in range(0, len(digits), 3))


def _luhn(digits: str) -> int:
    return sum(_doubled(int(digit)) if place % 2 else int(digit) for place, digit in enumerate(reversed(digits)))


def _doubled(digit: int) -> int:
    return 2 * digit - 9 if digit > 4 else 2 * digit
