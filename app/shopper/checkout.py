"""A shopper's checkout: what is filled in, what it comes to, and placing the order once (docs/orders.md).

Two databases are involved, so placing has four steps, and after each of them everything may end:

1. the cart notes the attempt (`Begin`);
2. the order, its lines, the stock and what is to be told are written in one transaction, once for each attempt;
3. the cart takes the pieces out, and drops the note (`TakeOrdered`);
4. the draft is emptied (`Finish`).

Whoever finds a note in the cart asks the orders what became of the attempt, and goes on from there (`resume`).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from app.domain.cart import PricedLine, priced
from app.domain.checkout import ID_LENGTH, Draft, Fill, Finish, Renew, draft_of
from app.domain.checkout_document import CHECKOUT
from app.domain.filled_in import ADDRESS, CONTACT, buyer, problems
from app.domain.order import Order, OrderLine, Purchase
from app.domain.ordering import CHANGED, Begin, GiveUp, TakeOrdered
from app.domain.terms import Costs, Terms, costs
from app.orders import placing, records
from app.orders.errors import NotPlaced, OrdersAway, SoldOut
from app.shopper.orders import Orders
from app.shopper.shopping import Shopping
from keepcart import Held, Locked, Refused

log = logging.getLogger(__name__)

EVERYTHING: Final = (*CONTACT, *ADDRESS)

UNSAVED: Final = "Your cart can't be saved at the moment, so it can't be ordered. Please try again in a minute."
AWAY: Final = (
    "Orders can't be taken at the moment. Your cart and what you filled in are safe. Please try again in a minute."
)
AGAIN: Final = "Your order was not placed, and nothing was taken. Please look at it and place it again."
UNKNOWN: Final = (
    "We can't say yet whether your order was placed. This page tells you as soon as we know; nothing is ordered twice."
)


@dataclass(frozen=True, slots=True)
class Checkout:
    """The checkout of a shopper.

    Attributes:
        shopping: the shopper in the shop.
        orders: of the shop.
        terms: on which it takes them.
        document: what is filled in.
    """

    shopping: Shopping
    orders: Orders
    terms: Terms
    document: Held[Draft, Fill | Renew | Finish]

    @classmethod
    def of(cls, shopping: Shopping, orders: Orders, terms: Terms) -> Checkout:
        """Return the checkout; the first call of a visit reads what is filled in, one round trip."""
        return cls(shopping, orders, terms, shopping.visit.hold(CHECKOUT))

    @property
    def draft(self) -> Draft:
        """What is filled in."""
        return self.document.value

    @property
    def lines(self) -> tuple[PricedLine, ...]:
        """The lines of the cart with their products as sold today."""
        return priced(self.shopping.document.value.lines, self.shopping.shop.catalogue.by_sku)

    @property
    def costs(self) -> Costs:
        """What the cart costs, with the delivery that is chosen."""
        return costs(self.lines, self.terms.delivery(self.draft.delivery), self.terms.taxes)

    @property
    def obstacles(self) -> list[str]:
        """What keeps the cart from being ordered, in words: products that are sold out, or no longer sold."""
        found = []
        for line in self.lines:
            if line.product is None:
                found.append(f"{line.line.sku} is no longer sold. Please remove it from your cart.")
            elif line.product.stock is not None and line.product.stock < line.line.quantity:
                left = line.product.stock
                name = line.product.full_name
                only = f"only {left} left" if left else "sold out"
                found.append(f"{name}: {only}. Please change your cart.")
        return found

    def fill(self, what: str, text: str) -> None:
        """Keep what was filled in.

        Raises:
            Refused: it is too long, or no more changes can wait.
            Locked: a newer release wrote it.
        """
        self.document.change(Fill(what, text, _new_id()))

    def problems(self, what: Collection[str] = EVERYTHING) -> dict[str, str]:
        """Return what is wrong with what is filled in, by field."""
        return problems(self.draft, self.terms, what)

    def purchase(self) -> Purchase | None:
        """Return what the shopper would order now; None where that is not complete."""
        if not self.lines or self.obstacles or self.problems():
            return None
        taxes = self.terms.taxes
        lines = tuple(
            OrderLine(
                line.line.sku,
                line.product.full_name,
                line.line.quantity,
                line.product.price,
                taxes.of(line.product.category),
                line.product.stock,
            )
            for line in self.lines
            if line.product
        )
        return Purchase(
            lines,
            buyer(self.draft, self.terms),
            self.shopping.shop.money.code,
            self.terms.delivery(self.draft.delivery).name,
            self.terms.payment(self.draft.payment).name,
            self.costs,
            taxes.name,
            taxes.is_included,
        )

    def place(self, seen: str) -> Order | None:
        """Place the order; None where it was not, and the shopper is told why.

        Args:
            seen: the digest of what the page showed.
        """
        with self.orders.alone(self.shopping.document.owner):
            self.document.load()
            self.shopping.look_at_shop()
            try:
                self._resume_lost()
            except OrdersAway:
                self._warn(AWAY)
                return None
            purchase = self.purchase()
            if purchase is None or purchase.digest != seen:
                self._warn(" ".join(["Nothing was ordered.", *self.obstacles]) if self.obstacles else CHANGED)
                return None
            attempt = purchase.attempt(self.draft.id)
            if not self._begin(attempt):
                return None
            return self._place(attempt, purchase)

    def _begin(self, attempt: str) -> bool:
        """Note the attempt in the cart; return whether storage has it."""
        cart = self.shopping.document
        if not cart.saved:
            cart.send(probe=True)  # storage may be back just now
        if cart.away or not cart.saved:
            self._warn(UNSAVED)
            return False
        try:
            cart.change(Begin(attempt, cart.value.lines))
        except (Refused, Locked) as reason:
            self._warn(str(reason) or UNSAVED)
            return False
        if not cart.saved:  # the note waits, or is saved and the reply was lost: `resume` finds it, and asks
            self._warn(UNSAVED)
            return False
        noted = cart.value.placing
        if noted is None or noted.attempt != attempt:  # another tab orders something else
            self._resume()
            self._warn(CHANGED)
            return False
        return True

    def _place(self, attempt: str, purchase: Purchase) -> Order | None:
        try:
            owner, orders = self.shopping.document.owner, self.orders
            order = placing.place(orders.database, attempt, owner, purchase, orders.tells)
        except SoldOut as problem:
            self.orders.stock.renew()
            self._change(GiveUp(attempt))
            self._warn(self._sold_out(problem))
        except NotPlaced:
            self._give_up(attempt)
        except OrdersAway:
            return None  # the cart has the note, so the page says that it is not known yet (`UNKNOWN`)
        else:
            self._finish(order)
            return order
        return None

    def _sold_out(self, problem: SoldOut) -> str:
        name = self.shopping.shop.name_of(problem.sku)
        left = f"only {problem.left} of {name} left" if problem.left else f"{name} is sold out"
        return f"Nothing was ordered: {left}. Please change your cart."

    def resume(self) -> Order | None:
        """Find out what became of an order that was being placed, and finish it; return it, or None."""
        with self.orders.alone(self.shopping.document.owner):
            return self._resume()

    def resume_lost(self) -> None:
        """Take out of the cart what was ordered, also where the cart has no note of it: it is one from a backup."""
        with suppress(OrdersAway), self.orders.alone(self.shopping.document.owner):
            self._resume_lost()

    def _resume_lost(self) -> None:
        cart = self.shopping.document
        if cart.saved:
            for order in records.not_taken_out(self.orders.database, cart.owner):
                self._finish(order)

    def _resume(self) -> Order | None:
        noted = self.shopping.document.value.placing
        if noted is None:
            return None
        try:
            order = placing.outcome(self.orders.database, noted.attempt)
        except OrdersAway:
            return None
        if order is None:
            self._give_up(noted.attempt)
        else:
            self._finish(order)
            self.shopping.notices.say(f"Order {order.number} was placed", of_cart=False)
        return order

    def _give_up(self, attempt: str) -> None:
        """Go back to the review; the same draft is from now on another order."""
        self._change_draft(Renew(draft_of(attempt), _new_id()))
        self._change(GiveUp(attempt))
        self._warn(AGAIN)

    def _finish(self, order: Order) -> None:
        """Take the pieces out of the cart, and empty the draft. What is not saved now, the next visit does."""
        self._change(TakeOrdered(order.attempt, order.pieces))
        self._change_draft(Finish(draft_of(order.attempt)))
        self.orders.changed()
        if self.shopping.document.saved:
            with suppress(OrdersAway):
                placing.taken_out(self.orders.database, order.attempt)

    def _change(self, change: GiveUp | TakeOrdered) -> None:
        self.shopping.settle(change)

    def _change_draft(self, change: Renew | Finish) -> None:
        try:
            self.document.change(change)
        except (Refused, Locked) as reason:
            log.warning("checkout not emptied", extra={"problem": type(reason).__name__})

    def _warn(self, text: str) -> None:
        self.shopping.notices.warn(text)


def finish_what_was_placed(shopping: Shopping, orders: Orders | None) -> None:
    """Find out what became of an order that the cart has a note of. It asks nobody where there is none."""
    if orders is not None and shopping.shop.terms is not None and shopping.document.value.placing is not None:
        Checkout.of(shopping, orders, shopping.shop.terms).resume()


def _new_id() -> str:
    return secrets.token_hex(ID_LENGTH // 2)
