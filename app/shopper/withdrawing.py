"""A shopper's withdrawal from an order: what is filled in, whose order it is, and declaring it once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.domain import filled_in
from app.domain.checkout import Draft
from app.domain.order import Order, read_number
from app.domain.withdrawal import Withdrawal, written
from app.orders import withdrawals
from app.orders.errors import NotAllowed, OrdersAway
from app.shopper.own_orders import LATER, OwnOrders
from keepcart import Kept, Locked, Refused, Visit

ORDER: Kept[str] = Kept("withdraw-number", str, default="")
EMAIL: Kept[str] = Kept("withdraw-email", str, default="")
NAME: Kept[str] = Kept("withdraw-name", str, default="")
WHAT: Kept[str] = Kept("withdraw-what", str, default="")
"""What is filled in: kept like all that is typed in the shop, so that it is there after a reload."""


@dataclass(frozen=True, slots=True)
class Withdrawing:
    """What a shopper fills in to withdraw from an order, and what they do with it.

    Attributes:
        own: the shopper's orders.
        mine: those of this browser; None while the database is away.
    """

    own: OwnOrders
    mine: list[Order] | None

    @classmethod
    def of(cls, own: OwnOrders) -> Withdrawing:
        """Return it, with the orders of this browser: one question to the database."""
        return cls(own, own.all())

    @property
    def visit(self) -> Visit:
        """The shopper's."""
        return self.own.visit

    def is_mine(self, order: Order) -> bool:
        """Tell whether an order was placed in this browser."""
        return any(one.number == order.number for one in self.mine or ())

    def known(self, number: str) -> Order | None:
        """Return an order that the shopper may see. After a reload, number and address tell, as they are filled in."""
        seen = self._seen(number)
        if seen is None and read_number(self.visit.get(ORDER)) == number and self.visit.get(EMAIL):
            return self.own.look_up(number, self.visit.get(EMAIL))
        return seen

    def fill_in(self, order: Order) -> None:
        """Fill in what is known of an order. What was filled in for this one already stays."""
        is_same = read_number(self.visit.get(ORDER)) == order.number
        buyer = order.purchase.buyer
        with suppress(Refused, Locked):
            for kept, text in ((ORDER, order.number), (EMAIL, buyer.email), (NAME, buyer.name), (WHAT, "")):
                if not (is_same and self.visit.get(kept)):
                    self.visit.put(kept, text)

    def problems(self) -> dict[str, str]:
        """Return what is wrong with what is filled in, by field."""
        draft = Draft(name=self.visit.get(NAME), email=self.visit.get(EMAIL))
        found = filled_in.problems(draft, self.own.terms, ("name", "email"))
        if read_number(self.visit.get(ORDER)) is None:
            found["number"] = "This is no order number. One looks like 482-771-300."
        return found

    def find(self) -> Order | None:
        """Return the order that number and address name, if it can be withdrawn from, or was; else say why not."""
        number, email = read_number(self.visit.get(ORDER)) or "", self.visit.get(EMAIL)
        seen = self._seen(number)
        is_theirs = seen is not None and seen.purchase.buyer.email.lower() == email.strip().lower()
        order = seen if is_theirs else self.own.look_up(number, email)
        if order and not (order.withdrawal or order.can_be_withdrawn_from):
            self.own.checkout.shopping.notices.warn(withdrawals.ended(order))
            return None
        return order

    def declared(self, order: Order) -> Withdrawal:
        """Return what the shopper declares by confirming now."""
        texts = [written(self.visit.get(kept)) for kept in (NAME, WHAT)]
        return Withdrawal(texts[0], order.purchase.buyer.email, texts[1], datetime.now(UTC))

    def confirm(self, order: Order, declared: Withdrawal) -> Order | None:
        """Declare it, once; return the order as it is then. None: it was not done, and the shopper is told why."""
        notices, orders = self.own.checkout.shopping.notices, self.own.checkout.orders
        try:
            now = replace(declared, at=datetime.now(UTC))
            withdrawn = withdrawals.declare(orders.database, order.number, now, orders.tells)
        except NotAllowed as reason:
            notices.warn(str(reason))
        except OrdersAway:
            notices.warn(LATER)
        else:
            orders.changed()
            self.own.note_found(withdrawn)
            self._forget_words()
            return withdrawn
        return None

    def _seen(self, number: str) -> Order | None:
        """Return an order of this browser, or one that was looked up in this session."""
        mine = next((order for order in self.mine or () if order.number == number), None)
        return mine or self.own.found(number)

    def _forget_words(self) -> None:
        """Empty what was filled in, except for that by which the receipt is found again."""
        with suppress(Refused, Locked):
            for kept in (NAME, WHAT):
                self.visit.put(kept, "")
