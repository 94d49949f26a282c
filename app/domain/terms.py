"""What an order costs beside its lines: delivery and tax; and on which terms the shop takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from app.domain.cart import PricedLine
from app.domain.pay_to import PayTo

ON_DELIVERY: Final = "delivery"
BY_TRANSFER: Final = "transfer"
ONLINE: Final = "online"
"""The names of the ways of paying."""

BEFORE_IT_IS_SENT: Final = (BY_TRANSFER, ONLINE)
"""An order that is to be paid in one of these ways waits for the money."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A way of delivery.

    Attributes:
        says: when it comes, in words; may be empty.
        cost: in minor units, with the tax in it where prices have it.
        free_from: a sum of the lines, in minor units, from which it costs nothing; None if it always costs.
    """

    name: str
    says: str
    cost: int
    free_from: int | None = None

    def cost_for(self, goods: int) -> int:
        """Return what it costs for lines of a sum, all in minor units."""
        return 0 if self.free_from is not None and goods >= self.free_from else self.cost


@dataclass(frozen=True, slots=True)
class Payment:
    """A way of paying: how it is called in records, what the shopper chooses, and what they then have to do."""

    name: str
    title: str
    says: str


@dataclass(frozen=True, slots=True)
class Taxes:
    """How the shop's prices are taxed.

    Attributes:
        name: such as "GST"; empty where nothing is said of tax.
        rate: of everything that has no other, delivery included, in percent.
        by_category: other rates, by the category of products.
        is_included: prices have the tax in them; otherwise it comes on top.
    """

    name: str = ""
    rate: Decimal = Decimal(0)
    by_category: Mapping[str, Decimal] = field(default_factory=dict)
    is_included: bool = True

    def of(self, category: str) -> Decimal:
        """Return the rate of a category, in percent."""
        return self.by_category.get(category, self.rate)


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms the shop takes orders.

    Attributes:
        countries: where it delivers to, codes of ISO 3166; the first one is filled in.
        keep_days: after so many days names and addresses of an order are cleared.
        unpaid_days: after so many days an order that was to be paid by transfer, and was not, is cancelled.
        pay_to: where transfers go; None where only `Payment.says` says so.
        withdrawal_days: for so many days after it arrived an order can be withdrawn from; 0: the law grants none.
    """

    deliveries: Sequence[Delivery]
    payments: Sequence[Payment]
    taxes: Taxes
    countries: Sequence[str]
    keep_days: int
    unpaid_days: int
    pay_to: PayTo | None = None
    withdrawal_days: int = 14

    def delivery(self, name: str) -> Delivery:
        """Return a way of delivery; the first one where none has the name."""
        return next((way for way in self.deliveries if way.name == name), self.deliveries[0])

    def chosen_payment(self, name: str) -> Payment | None:
        """Return the way of paying that an order names; None where the shop has it no more."""
        return next((way for way in self.payments if way.name == name), None)

    def payment(self, name: str) -> Payment:
        """Return a way of paying; the first one where none has the name."""
        return self.chosen_payment(name) or self.payments[0]


@dataclass(frozen=True, slots=True)
class TaxSum:
    """The tax at one rate: the percentage, the sum it is of or in, and how much it is, in minor units."""

    rate: Decimal
    base: int
    amount: int


@dataclass(frozen=True, slots=True)
class Costs:
    """What an order costs, in minor units.

    Attributes:
        goods: the lines together.
        delivery: its cost; 0 where it is free.
        taxes: for each rate, the highest first.
        total: what is to be paid.
    """

    goods: int
    delivery: int
    taxes: tuple[TaxSum, ...]
    total: int


def costs(lines: Iterable[PricedLine], delivery: Delivery, taxes: Taxes) -> Costs:
    """Return what lines cost with their delivery.

    Tax is computed once for each rate, from the sum of all that has it, and rounded to the minor unit, half up. A line
    by itself is never rounded, so the parts of an order always make its total.
    """
    goods, by_rate = 0, dict[Decimal, int]()
    for line in lines:
        if line.product is not None:
            goods += line.total
            rate = taxes.of(line.product.category)
            by_rate[rate] = by_rate.get(rate, 0) + line.total
    freight = delivery.cost_for(goods)
    if freight:
        by_rate[taxes.rate] = by_rate.get(taxes.rate, 0) + freight
    sums = tuple(
        TaxSum(rate, base, _tax(base, rate, is_included=taxes.is_included))
        for rate, base in sorted(by_rate.items(), reverse=True)
        if taxes.name
    )
    on_top = 0 if taxes.is_included else sum(tax.amount for tax in sums)
    return Costs(goods, freight, sums, goods + freight + on_top)


def percent(rate: Decimal) -> str:
    """Return a rate without the zeros at its end: `18`, `5.5`."""
    return f"{rate.normalize():f}"


def _tax(base: int, rate: Decimal, *, is_included: bool) -> int:
    part = base * rate / (100 + rate) if is_included else base * rate / 100
    return int(part.quantize(Decimal(1), ROUND_HALF_UP))
