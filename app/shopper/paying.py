"""Paying an order through the shop's payment provider."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.pages import ORDERS
from app.domain.terms import ONLINE
from app.orders import payments, records
from app.orders.payments import Outcome
from app.orders.provider import Due, Provider
from app.shopper.orders import Orders

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Paying:
    """How orders are paid through a provider.

    Attributes:
        public_url: the store's own address, without a slash at the end.
    """

    orders: Orders
    provider: Provider
    public_url: str
    callback: str

    def begin(self, visitor: str, number: str) -> str | None:
        """Return the provider's page for an order of a browser; None where it has none that is to be paid there.

        Raises:
            OrdersAway: the orders' database does not answer.
            ProviderAway: the provider does not.
        """
        own = records.of_visitor(self.orders.database, visitor)
        order = next((order for order in own if order.number == number), None)
        if order is None or not order.waits_for_money or order.purchase.payment != ONLINE:
            return None
        total, currency = order.purchase.costs.total, order.purchase.currency
        back = f"{self.public_url}/{ORDERS}?of={number}"
        return self.provider.begin(Due(number, total, currency, back, self.public_url + self.callback))

    def note(self, headers: Mapping[str, str], body: bytes) -> None:
        """Note what a call of the provider says.

        Raises:
            Forged: it is not the provider's.
            OrdersAway: the orders' database does not answer.
        """
        paid = self.provider.read(headers, body)
        if paid is None:
            return
        outcome = payments.note(self.orders.database, self.provider.name, paid, self.orders.tells)
        say = log.info if outcome in (Outcome.PAID, Outcome.KNOWN) else log.warning
        say("payment", extra={"outcome": outcome.value, "provider": self.provider.name})
        self.orders.post()
