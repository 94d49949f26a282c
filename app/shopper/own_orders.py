"""What a shopper sees of orders, and does to them: those of this browser, and one that they look up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import streamlit as st

from app.domain.cart import Line, Lines
from app.domain.money import Currency
from app.domain.order import Order, read_number
from app.domain.terms import Terms
from app.domain.told import Whom
from app.orders import records, work
from app.orders.errors import NotAllowed, OrdersAway
from app.shopper.checkout import Checkout
from app.shopper.setups import Setups
from keepcart import Visit

FOUND: Final = "orders-found"
"""In the session: the orders that were looked up."""

NEW: Final = timedelta(hours=1)
"""So long the page of an order says thank you."""

LATER: Final = "That can't be done at the moment. Please try again in a minute."
NOT_FOUND: Final = (
    "No order has this number and this e-mail address. After five tries a number can't be looked up for an hour."
)


@dataclass(frozen=True, slots=True)
class OwnOrders:
    """The orders of a shopper.

    Attributes:
        checkout: the shopper's.
    """

    checkout: Checkout
    _looked_up: dict[str, Order] = field(default_factory=lambda: st.session_state.setdefault(FOUND, {}))

    @property
    def visit(self) -> Visit:
        """The shopper's."""
        return self.checkout.shopping.visit

    @property
    def terms(self) -> Terms:
        """Those of the shop."""
        return self.checkout.terms

    @property
    def money(self) -> Currency:
        """The shop's currency."""
        return self.checkout.shopping.shop.money

    @property
    def tells_shopper(self) -> bool:
        """Whether the shop sends mails."""
        return Whom.SHOPPER in self.checkout.orders.tells

    def all(self) -> list[Order] | None:
        """Return the orders of this browser, the newest first; None while the database is away."""
        try:
            return records.of_visitor(self.checkout.orders.database, self._visitor)
        except OrdersAway:
            return None

    def found(self, number: str) -> Order | None:
        """Return an order that was looked up in this session, as it was then."""
        return self._looked_up.get(number)

    def note_found(self, order: Order) -> None:
        """Remember an order as it is now, for the rest of this session."""
        self._looked_up[order.number] = order

    def look_up(self, number: str, email: str) -> Order | None:
        """Find an order by its number and e-mail address; where there is none, the shopper is told."""
        notices, known = self.checkout.shopping.notices, read_number(number)
        if known is None:
            notices.warn("This is no order number. One looks like 482-771-300.")
            return None
        try:
            order = records.looked_up(self.checkout.orders.database, known, email)
        except OrdersAway:
            notices.warn(LATER)
            return None
        if order is None:
            notices.warn(NOT_FOUND)
        else:
            self._looked_up[known] = order
        return order

    def is_new(self, order: Order) -> bool:
        """Tell whether an order was placed just now, and is still wanted."""
        return order.can_be_cancelled and datetime.now(UTC) - order.placed_at < NEW

    def buy_again(self, order: Order) -> None:
        """Put the pieces of an order into the cart, of what is still sold, at today's prices."""
        products = self.checkout.shopping.shop.catalogue.by_sku
        lines: Lines = tuple(
            Line(sku, quantity, products[sku].price) for sku, quantity in order.pieces if sku in products
        )
        gone = [line.name for line in order.purchase.lines if line.sku not in products]
        if lines:
            Setups(self.checkout.shopping).add_all(lines)
        if gone:
            self.checkout.shopping.notices.warn(f"No longer sold: {', '.join(gone)}")

    def cancel(self, order: Order) -> None:
        """Cancel an order of this browser, until it is sent."""
        notices, orders = self.checkout.shopping.notices, self.checkout.orders
        try:
            work.cancel_own(orders.database, self._visitor, order.number, orders.tells)
        except NotAllowed as reason:
            notices.warn(str(reason))
        except OrdersAway:
            notices.warn(LATER)
        else:
            orders.changed()
            notices.say(f"Order {order.number} is cancelled", of_cart=False)

    @property
    def _visitor(self) -> str:
        return self.checkout.shopping.document.owner
