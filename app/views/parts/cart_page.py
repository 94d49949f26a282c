"""What the cart page shows, in words. `views/cart.py` draws it by Streamlit, `painted/cart.py` paints it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.cart import CART, LATER, Act, Cart, Lines, Place, PricedLine, count, priced, total
from app.domain.catalogue import Product
from app.shopper.known import Known, Values
from app.shopper.looked_at import looked_at
from app.shopper.shopping import Shop, most, undo_name
from app.views.parts.product import is_worth_saying, stock_words
from keepcart import Kept

EMPTY: Final = "Your cart is empty", "What you add stays here."
GONE: Final = "No longer sold; not part of the total"
SAVED_FOR_LATER: Final = "Saved for later"

QUICK_ADD_PRODUCTS: Final = 200
"""The most products that the form offers: every run sends them all."""

QUICK_ADD_QUANTITY: Final = 10
QUICK_PRODUCT: Kept[str | None] = Kept("quick-add-product", str | None, default=None)
QUICK_QUANTITY: Kept[int] = Kept("quick-add-quantity", int, default=1)


@dataclass(frozen=True, slots=True)
class CartLine:
    """A line whose product is sold.

    Attributes:
        each: the price of one piece.
        stock: what a shopper wants to know about the stock.
        is_short: that is worth emphasis.
        most: how many pieces can be chosen.
        total: the price of all pieces.
    """

    product: Product
    quantity: int
    each: str
    stock: str
    is_short: bool
    most: int
    total: str

    @property
    def sku(self) -> str:
        """The product's."""
        return self.product.sku


@dataclass(frozen=True, slots=True)
class GoneLine:
    """A line whose product left the catalogue."""

    sku: str


@dataclass(frozen=True, slots=True)
class Undo:
    """The newest act that can be undone, the key of the button that does so, and the words on it."""

    act: Act
    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What lines cost, how many pieces they have, and the words of the way to the setups.

    Attributes:
        beside: what comes on top when they are ordered, in words; empty where the shop takes no orders.
    """

    total: str
    pieces: str
    setups: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class QuickAdd:
    """The form that adds a product: names by SKU, and what is filled in."""

    names: Mapping[str, str]
    chosen: str
    quantity: int


@dataclass(frozen=True, slots=True)
class CartPage:
    """The page, in its order. Without lines there is no summary. `later` is saved for later."""

    undo: Undo | None
    lines: Sequence[CartLine | GoneLine]
    later: Sequence[CartLine | GoneLine]
    looked_at: Sequence[Product]
    summary: Summary | None
    quick_add: QuickAdd


def key_of(what: str, place: Place, sku: str) -> str:
    """Return the key of a line's box or of one of its widgets: `line-LAPTOP`, in a setup `line-x7k2mq-LAPTOP`."""
    return "-".join(filter(None, (what, place, sku)))


def pieces_in_words(quantity: int) -> str:
    """Return a number of pieces in words."""
    return f"{quantity} {'piece' if quantity == 1 else 'pieces'}"


def cart_page(shop: Shop, known: Known) -> CartPage:
    """Return what the cart page shows a shopper."""
    cart = known.cart
    return CartPage(
        undo=newest_undo(shop, cart),
        lines=lines_of(shop, cart.lines, CART),
        later=lines_of(shop, cart.later, LATER),
        looked_at=looked_at(shop, known, [line.sku for line in (*cart.lines, *cart.later)]),
        summary=summary(shop, cart.lines, len(cart.setups)) if cart.lines else None,
        quick_add=_quick_add(shop, known),
    )


def newest_undo(shop: Shop, cart: Cart) -> Undo | None:
    """Return the newest act that can be undone, or None."""
    if not cart.trail:
        return None
    act = cart.trail[-1]
    return Undo(act, undo_name(act), f"Undo: {shop.in_words(act)}")


def lines_of(shop: Shop, lines: Lines, place: Place) -> list[CartLine | GoneLine]:
    """Return what a page shows of each line. A setup is a plan: it may have more pieces than there are."""
    is_plan = place not in (CART, LATER)
    return [_line(shop, line, is_plan=is_plan) for line in priced(lines, shop.catalogue.by_sku)]


def _line(shop: Shop, priced: PricedLine, *, is_plan: bool) -> CartLine | GoneLine:
    product, quantity = priced.product, priced.line.quantity
    if product is None:
        return GoneLine(priced.line.sku)
    return CartLine(
        product,
        quantity,
        each=f"{shop.money.write(product.price)} each",
        stock=stock_words(product),
        is_short=is_worth_saying(product),
        most=max(shop.limits.max_quantity if is_plan else most(product, shop.limits), quantity),
        total=shop.money.write(priced.total),
    )


def summary(shop: Shop, lines: Lines, setups: int) -> Summary:
    """Return what lines cost; `setups` is how many the shopper has."""
    products = shop.catalogue.by_sku
    pieces, goods = count(lines, products), total(lines, products)
    return Summary(
        f"Total: {shop.money.write(goods)}",
        f"{pieces_in_words(pieces)}, at today's prices",
        f"Setups ({setups})" if setups else "Setups",
        _beside(shop, goods),
    )


def _beside(shop: Shop, goods: int) -> str:
    """Return what comes on top of a sum when it is ordered: the first way of delivery, and tax."""
    if shop.terms is None:
        return ""
    cost, taxes = shop.terms.deliveries[0].cost_for(goods), shop.terms.taxes
    tax = f"{taxes.name} {'included' if taxes.is_included else 'on top'}"
    return ", ".join([f"Delivery: {shop.money.write(cost) if cost else 'free'}", *([tax] if taxes.name else [])])


def _quick_add(shop: Shop, known: Known) -> QuickAdd:
    products = shop.catalogue.products[:QUICK_ADD_PRODUCTS]
    names = {product.sku: product.full_name for product in products}
    quantity = min(max(known.values.get(QUICK_QUANTITY), 1), QUICK_ADD_QUANTITY)
    return QuickAdd(names, chosen_in(names, known.values), quantity)


def chosen_in(names: Mapping[str, str], values: Values) -> str:
    """Return the SKU that is chosen in the form: the first one, unless another that it offers was chosen."""
    kept = values.get(QUICK_PRODUCT)
    return kept if kept is not None and kept in names else next(iter(names))
