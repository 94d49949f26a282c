"""What a mail about an order says, whoever reads it and however it is written (text.py, html.py)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from babel.dates import format_datetime

from app.domain.contact import Contact
from app.domain.money import Currency
from app.domain.order import Order
from app.domain.pages import TERMS, TITLES, WITHDRAW, WITHDRAWAL
from app.domain.terms import BY_TRANSFER, ONLINE, Terms, percent
from app.domain.told import News, Whom


@dataclass(frozen=True, slots=True)
class Amount:
    """A line with an amount: a product, what delivery costs, the total."""

    what: str
    amount: str
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail.

    Attributes:
        opening: paragraphs above everything else.
        amounts: what was bought and what it costs.
        facts: titles with their lines: where it goes, how it is paid.
        link: words and address of the page that shows the order; None where it is not known.
        further: words and addresses of other pages: the shop's terms.
        closing: paragraphs below.
        sender: who writes, and how they are reached.
    """

    subject: str
    opening: tuple[str, ...]
    amounts: tuple[Amount, ...] = ()
    facts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    link: tuple[str, str] | None = None
    closing: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    further: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the letters of a shop.

    Attributes:
        shop: its name.
        public_url: its own address, without a slash at the end; empty if it is not known.
        legal: returns the names of its legal texts, as they are now.
    """

    shop: str
    contact: Contact
    terms: Terms
    money_of: Callable[[str], Currency] = field(repr=False)
    public_url: str = ""
    legal: Callable[[], Collection[str]] = field(default=tuple, repr=False)

    def letter(self, order: Order, news: News, whom: Whom) -> Letter:
        """Return what is told of an order."""
        return (_KEEPER if whom is Whom.KEEPER else _SHOPPER)[news](self, order)

    def placed(self, order: Order) -> Letter:
        """Confirm an order to its buyer."""
        return Letter(
            f"Your order {order.number} at {self.shop}",
            (f"Thank you. We have your order, and prepare it{' once it is paid' if order.waits_for_money else ''}.",),
            self.amounts(order),
            (*self.payment(order), *self.goes_to(order), ("Ordered on", (moment(order.placed_at),))),
            self.page(order),
            ("You can cancel it until it is sent.",),
            self.sender,
            self.by_law(order),
        )

    def paid(self, order: Order) -> Letter:
        """Tell its buyer that an order is paid."""
        return self._short(order, f"Order {order.number} is paid", "We have your payment, and prepare your order.")

    def sent(self, order: Order) -> Letter:
        """Tell its buyer that an order is on its way."""
        parcel = (("Parcel", (order.tracking,)),) if order.tracking else ()
        return Letter(
            f"Order {order.number} is on its way",
            ("We have sent your order.",),
            tuple(self.lines(order)),
            (*parcel, *self.goes_to(order)),
            self.page(order),
            (),
            self.sender,
        )

    def cancelled(self, order: Order) -> Letter:
        """Tell its buyer that an order is cancelled."""
        money = "What you have paid comes back to you." if order.paid_at else "Nothing is to be paid."
        return self._short(order, f"Order {order.number} is cancelled", f"Nothing is sent. {money}")

    def refunded(self, order: Order) -> Letter:
        """Tell its buyer that the money is on its way back."""
        total = self.money_of(order.purchase.currency).write(order.purchase.costs.total)
        return self._short(order, f"Your money for order {order.number}", f"We have paid {total} back to you.")

    def new_order(self, order: Order) -> Letter:
        """Tell the shopkeeper of an order."""
        total = self.money_of(order.purchase.currency).write(order.purchase.costs.total)
        return Letter(
            f"New order {order.number}: {total}",
            (f"{order.purchase.buyer.name} has ordered at {self.shop}.",),
            self.amounts(order),
            (
                *self.goes_to(order),
                ("Contact", tuple(filter(None, (order.purchase.buyer.email, order.purchase.buyer.phone)))),
                ("Payment", (self.payment_title(order),)),
                ("Ordered on", (moment(order.placed_at),)),
            ),
        )

    def paid_online(self, order: Order) -> Letter:
        """Tell the shopkeeper that the provider has the money of an order."""
        return Letter(f"Order {order.number} is paid", ("It can be sent.",), self.amounts(order), self.goes_to(order))

    def cancelled_by_buyer(self, order: Order) -> Letter:
        """Tell the shopkeeper that a buyer has cancelled."""
        words = "It was paid: please pay it back." if order.paid_at else "It was not paid yet."
        return Letter(
            f"Order {order.number} was cancelled",
            (f"{order.purchase.buyer.name} has cancelled. {words}", "Its pieces are back in stock."),
            tuple(self.lines(order)),
        )

    def withdrawn(self, order: Order) -> Letter:
        """Give its buyer the receipt of a withdrawal."""
        return Letter(
            f"Your withdrawal from order {order.number}",
            ("We have received your withdrawal from the contract of this order. This is your receipt.",),
            tuple(self.lines(order)),
            self.declared(order),
            self.page(order),
            ("We take care of it, and write to you.",),
            self.sender,
        )

    def withdrawn_by_buyer(self, order: Order) -> Letter:
        """Tell the shopkeeper that a buyer has withdrawn."""
        sent = f"It was sent on {moment(order.sent_at)}." if order.sent_at else "It was not sent yet."
        paid = "It was paid: please pay it back in time." if order.paid_at else "It was not paid yet."
        return Letter(
            f"Order {order.number} was withdrawn from",
            (f"{order.purchase.buyer.name} has withdrawn from the contract. {sent} {paid}",),
            tuple(self.lines(order)),
            self.declared(order),
        )

    def declared(self, order: Order) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return what a buyer has declared to withdraw, and when it came in; nothing where nobody has."""
        if order.withdrawal is None:
            return ()
        return (
            ("Sent back", tuple(order.withdrawal.lines)),
            ("Declared by", (order.withdrawal.name, order.withdrawal.email)),
            ("Received on", (order.withdrawal.received,)),
        )

    def amounts(self, order: Order) -> tuple[Amount, ...]:
        """Return the lines of an order and what it costs."""
        purchase, costs, money = order.purchase, order.purchase.costs, self.money_of(order.purchase.currency)
        taxes = [(f"{purchase.tax_name} {percent(tax.rate)} %", money.write(tax.amount)) for tax in costs.taxes]
        on_top = [] if purchase.tax_included else [Amount(*tax) for tax in taxes]
        within = [Amount(f"includes {name}", amount) for name, amount in taxes] if purchase.tax_included else []
        delivery = money.write(costs.delivery) if costs.delivery else "free"
        return (
            *self.lines(order),
            Amount(f"Delivery, {purchase.delivery}", delivery),
            *on_top,
            Amount("Total", money.write(costs.total), is_total=True),
            *within,
        )

    def lines(self, order: Order) -> list[Amount]:
        """Return the lines of an order."""
        money = self.money_of(order.purchase.currency)
        return [Amount(f"{line.quantity} × {line.name}", money.write(line.total)) for line in order.purchase.lines]

    def payment(self, order: Order) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return how an order is to be paid, in the words of the shop; nothing once it is."""
        way = self.terms.chosen_payment(order.purchase.payment)
        if way is None or order.paid_at:
            return ()
        if way.name == ONLINE and self.public_url:
            return (("Please pay", (way.says, f"{self.public_url}/orders?of={order.number}")),)
        data = self.terms.pay_to
        if data is None or way.name != BY_TRANSFER:
            return ((f"Payment {way.title.lower()}", (way.says,)),)
        amount = self.money_of(order.purchase.currency).write(order.purchase.costs.total)
        lines = [f"{name}: {fact}" for name, fact in data.in_words(amount, order.reference)]
        return (("Please pay", (way.says, *lines)),)

    def payment_title(self, order: Order) -> str:
        """Return the way in which an order is paid."""
        way = self.terms.chosen_payment(order.purchase.payment)
        return way.title if way else order.purchase.payment

    def goes_to(self, order: Order) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return where an order goes."""
        return (("Delivery to", tuple(order.purchase.buyer.address)),)

    def page(self, order: Order) -> tuple[str, str] | None:
        """Return the link to the page of an order."""
        if not self.public_url:
            return None
        return "Your order, and its state", f"{self.public_url}/orders?of={order.number}"

    def by_law(self, order: Order) -> tuple[tuple[str, str], ...]:
        """Return the links to the shop's terms, and to where one withdraws."""
        if not self.public_url:
            return ()
        names = self.legal()
        pages = [(words, name) for name, words in _LEGAL.items() if name in names]
        if self.terms.withdrawal_days:
            pages.append((TITLES[WITHDRAW], f"{WITHDRAW}?of={order.number}"))
        return tuple((words, f"{self.public_url}/{page}") for words, page in pages)

    @property
    def sender(self) -> tuple[str, ...]:
        """Who writes, and how they are reached."""
        return tuple(
            filter(None, (self.shop, self.contact.address, self.contact.email, self.contact.phone, self.public_url))
        )

    def _short(self, order: Order, subject: str, words: str) -> Letter:
        return Letter(subject, (words,), tuple(self.lines(order)), (), self.page(order), (), self.sender)


def moment(time: datetime) -> str:
    """Return a time as a mail says it, to the minute, in UTC: `1 December 2026, 03:37 UTC`."""
    return format_datetime(time, "d MMMM y, HH:mm 'UTC'", tzinfo=None, locale="en")


_SHOPPER: Final[Mapping[News, Callable[[Writer, Order], Letter]]] = {
    News.PLACED: Writer.placed,
    News.PAID: Writer.paid,
    News.SENT: Writer.sent,
    News.CANCELLED: Writer.cancelled,
    News.REFUNDED: Writer.refunded,
    News.WITHDRAWN: Writer.withdrawn,
}
_KEEPER: Final[Mapping[News, Callable[[Writer, Order], Letter]]] = {
    News.PLACED: Writer.new_order,
    News.PAID: Writer.paid_online,
    News.CANCELLED: Writer.cancelled_by_buyer,
    News.WITHDRAWN: Writer.withdrawn_by_buyer,
}
_LEGAL: Final[Mapping[str, str]] = {TERMS: "Our terms", WITHDRAWAL: "Your right of withdrawal"}
