"""Which page is painted, and what is read for it.

A page goes out unpainted where the first run may show more than can be told here: while storage is away or something
waits for it, and where the cart brings news.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from app.domain.cart_document import cart_document
from app.domain.changes import trims
from app.domain.news import news
from app.domain.pages import CART, COMBINATION, COMPARE, KEPT, PRIVACY, PRODUCT, SHOP
from app.shopper.known import Known, StoredValues
from app.shopper.shopping import Shop
from app.views.painted import cart, combination, compare, kept, privacy, product, shop, text
from app.views.painted.page import Content, painted_page
from keepcart import Asked, Held, Keeper, Paint, owner_of_browser
from keepcart.documents import VALUES

PAGES: Final[Mapping[str, Callable[[Shop, Known, Mapping[str, str]], Content | None]]] = {
    SHOP: shop.content,
    CART: cart.content,
    PRODUCT: product.content,
    COMPARE: compare.content,
    COMBINATION: combination.content,
    PRIVACY: privacy.content,
    KEPT: kept.content,
}

SHOW_VALUES: Final = (CART, PRODUCT)
"""Pages that show kept values: what was looked at last, what is filled in."""


class Painter:
    """Paints the pages of a shop."""

    def __init__(self, shop: Callable[[], Shop], keeper: Keeper) -> None:
        """Take what returns the shop as it is now, and who has the carts."""
        self._shop, self._keeper = shop, keeper

    def read(self, asked: Asked) -> Known | None:
        """Return what is known of a browser; None where that is not certain. One round trip, or two for kept values."""
        shop, page = self._shop(), asked.path[1:]
        if page not in PAGES and page not in shop.texts:
            return None
        if asked.visitor_id is None:
            return Known()
        if not self._keeper.backlog.available:
            return None
        owner = owner_of_browser(asked.visitor_id)
        cart = self._keeper.hold(owner, cart_document(shop.limits))
        values = self._keeper.hold(owner, VALUES) if page in SHOW_VALUES else None
        if not (_is_certain(cart) and (values is None or _is_certain(values))):
            return None
        return Known(cart.value, cart.owner, StoredValues(values.value if values else {}))

    def render(self, asked: Asked, known: Known | None) -> Paint | None:
        """Paint a page with what was read."""
        shop, page = self._shop(), asked.path[1:]
        if known is None or _changes_at_once(shop, known):
            return None
        if page in PAGES:
            content = PAGES[page](shop, known, asked.query)
        else:
            content = text.content(shop.texts[page]) if page in shop.texts else None
        return None if content is None else painted_page(shop, known.cart, content)


def _is_certain(held: Held[Any, Any]) -> bool:
    """Read a document; return whether it is what the first run will find."""
    held.load()
    return held.saved and not (held.away or held.locked or held.forgotten)


def _changes_at_once(shop: Shop, known: Known) -> bool:
    """Tell whether the first run changes the cart, or brings news of it."""
    products = shop.catalogue.by_sku
    return bool(known.cart.placing or trims(known.cart, products) or news(known.cart, products))
