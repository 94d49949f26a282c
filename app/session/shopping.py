"""What a shopper does in this shop: each act changes the cart and says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from app.domain.cart import Add, Cart, Change, Clear, Limits, PricedLine, Remove, SetQuantity, count, priced, total
from app.domain.cart_document import cart_document
from app.domain.catalogue import Catalogue, Product
from app.domain.document import Refused
from app.domain.money import Currency
from app.session.held import Held, Locked
from app.session.visit import Visit


@dataclass(frozen=True, slots=True)
class Shop:
    """What the shop is in this run; `catalogue` is today's."""

    name: str
    welcome: str
    catalogue: Catalogue
    money: Currency
    limits: Limits


class Shopping:
    """One shopper in the shop: reads for pages, acts for their buttons."""

    def __init__(self, shop: Shop, visit: Visit) -> None:
        self.shop = shop
        self.visit = visit
        self.document: Held[Cart, Change] = visit.hold(cart_document(shop.limits))

    @property
    def lines(self) -> Sequence[PricedLine]:
        """The cart's lines beside their products of today."""
        return priced(self.document.value, self.shop.catalogue.by_sku)

    @property
    def count(self) -> int:
        """Pieces in the cart."""
        return count(self.document.value, self.shop.catalogue.by_sku)

    @property
    def total(self) -> str:
        """What the cart costs today, as the shop writes it."""
        return self.shop.money.write(total(self.document.value, self.shop.catalogue.by_sku))

    def price(self, product: Product) -> str:
        """Return a product's price as the shop writes it."""
        return self.shop.money.write(product.price)

    def add(self, product: Product, quantity: int = 1) -> None:
        """Put pieces of a product in the cart."""
        if self._change(Add(product.sku, quantity, product.price)):
            self.visit.notices.added(product.name, quantity)

    def set_quantity(self, sku: str, quantity: int) -> None:
        """Make a line hold so many pieces."""
        if self._change(SetQuantity(sku, quantity)):
            self.visit.notices.say(f"{self._name(sku)}: {quantity} in your cart")

    def remove(self, sku: str) -> None:
        """Take a line out."""
        if self._change(Remove(sku)):
            self.visit.notices.say(f"Removed {self._name(sku)}")

    def clear(self) -> None:
        """Empty the cart."""
        if self._change(Clear()):
            self.visit.notices.say("Cart cleared")

    def send_waiting(self) -> None:
        """Save acts that storage did not take earlier."""
        self._answered(self.document.send)

    def _change(self, change: Change) -> bool:
        return self._answered(partial(self.document.change, change))

    def _answered(self, act: Callable[[], None]) -> bool:
        """Act; where the cart refuses, tell the shopper why. Returns whether it was done."""
        try:
            act()
        except Refused as answer:
            self.visit.notices.warn(str(answer))
        except Locked:
            self.visit.notices.warn("The shop is being updated. Your cart is safe, but can't be changed for a moment.")
        else:
            return True
        return False

    def _name(self, sku: str) -> str:
        product = self.shop.catalogue.by_sku.get(sku)
        return product.name if product else sku
