"""Purchases and shoppers who buy without Streamlit: for tests of orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.domain.cart import Cart, Limits
from app.domain.cart_document import cart_document
from app.domain.catalogue import Catalogue, Product
from app.domain.checkout import ID_LENGTH
from app.domain.finding import Finder
from app.domain.money import Currency
from app.domain.order import Buyer, OrderLine, Purchase
from app.domain.terms import ON_DELIVERY, Costs, Delivery, Payment, Taxes, TaxSum, Terms
from app.orders.database import Database
from app.shopper.checkout import Checkout
from app.shopper.notices import Notices
from app.shopper.orders import Orders
from app.shopper.shopping import Shop
from keepcart import Held, Keeper, Locked, Refused
from keepcart.documents import Document, Owner

ASHA = Buyer(
    "Asha Rao", "asha@example.com", "+91 98765 43210", "12 Church Street", "", "Bengaluru", "Karnataka", "560001", "IN"
)
TERMS = Terms(
    (Delivery("Standard", "3 days", 19_900, 500_000), Delivery("Express", "", 49_900)),
    (Payment(ON_DELIVERY, "On delivery", "Pay when it arrives."),),
    Taxes("GST", Decimal(18)),
    ("IN", "DE"),
    keep_days=10,
    unpaid_days=2,
)
FILLED_IN = {
    "name": "Asha Rao",
    "email": "asha@example.com",
    "line1": "12 Church Street",
    "city": "Bengaluru",
    "region": "Karnataka",
    "postcode": "560001",
}


def purchase(*pieces: tuple[str, int, int | None], buyer: Buyer = ASHA) -> Purchase:
    """Return a purchase of products at 100.00 each: SKU, quantity, and what the catalogue counts."""
    lines = tuple(OrderLine(sku, sku.title(), quantity, 10_000, Decimal(18), stock) for sku, quantity, stock in pieces)
    goods = sum(line.total for line in lines)
    taxes = (TaxSum(Decimal(18), goods, round(goods * 18 / 118)),)
    return Purchase(lines, buyer, "INR", "Standard", ON_DELIVERY, Costs(goods, 0, taxes, goods), "GST")


def attempt(number: int) -> str:
    """Return the name of an attempt."""
    return f"{number:024x}"


def product(sku: str, price: int = 10_000, stock: int | None = None) -> Product:
    """Return a product of the category Things."""
    return Product(sku, sku.title(), price, "Things", "", "x.png", stock)


@dataclass
class NoThread:
    """The stock on pages, which looks only when it is told to."""

    database: Database

    def renew(self) -> None:
        pass

    def look_again(self) -> None:
        pass


@dataclass
class WithoutStreamlit:
    """What a `Checkout` needs of a shopper, in one process.

    Attributes:
        keeper: of the process.
        owner: the shopper.
        shop: as it is now.
    """

    keeper: Keeper
    owner: Owner
    shop: Shop
    notices: Notices = field(default_factory=Notices)

    @property
    def visit(self) -> Any:
        return self

    @property
    def document(self) -> Held[Cart, Any]:
        return self.hold(cart_document(self.shop.limits))

    def hold(self, kind: Document[Any, Any]) -> Held[Any, Any]:
        held = self.keeper.hold(self.owner, kind)
        if not held.read:
            held.load()
        return held

    def look_at_shop(self) -> None:
        pass

    def settle(self, change: Any) -> None:
        try:
            self.document.change(change)
        except (Refused, Locked) as reason:
            raise AssertionError("what follows from another change is never refused") from reason


def shop_of(*products: Product) -> Shop:
    """Return a shop that sells these."""
    return Shop("Shop", "", Finder(Catalogue.of(products)), Currency("INR", "en_IN"), Limits(99, 100), terms=TERMS)


def checkout_of(shopper: WithoutStreamlit, database: Database) -> Checkout:
    """Return the checkout of a shopper."""
    orders: Any = Orders(database, NoThread(database))  # type: ignore[arg-type]
    return Checkout.of(shopper, orders, TERMS)  # type: ignore[arg-type]


def fill_in(checkout: Checkout) -> None:
    """Fill in everything that is needed."""
    for what, text in FILLED_IN.items():
        checkout.fill(what, text)
    assert len(checkout.draft.id) == ID_LENGTH
