"""Which page is painted, and what is read for it.

A page goes out unpainted where the first run may show more than can be told here: while storage is away or something
waits for it, where the cart brings news, and pages that have no paint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from app.domain.cart import Cart
from app.domain.cart_document import cart_document
from app.domain.news import news
from app.shopper.shopping import Shop
from app.views.painted import product, shop
from app.views.painted.page import Content, painted_page
from keepcart import Asked, Keeper, Paint, owner_of_browser

PAGES: Final[Mapping[str, Callable[[Shop, Cart, Mapping[str, str]], Content | None]]] = {
    "/": shop.content,
    "/product": product.content,
}


class Painter:
    """Paints the pages of a shop."""

    def __init__(self, shop: Callable[[], Shop], keeper: Keeper) -> None:
        """Take what returns the shop as it is now, and who has the carts."""
        self._shop, self._keeper = shop, keeper

    def read(self, asked: Asked) -> Cart | None:
        """Return the cart of a browser; None where it is not known for certain. At most one round trip."""
        if asked.path not in PAGES:
            return None
        if asked.visitor_id is None:
            return Cart()
        if not self._keeper.backlog.available:
            return None
        held = self._keeper.hold(owner_of_browser(asked.visitor_id), cart_document(self._shop().limits))
        held.load()
        return held.value if held.saved and not held.locked and not held.forgotten else None

    def render(self, asked: Asked, cart: Cart | None) -> Paint | None:
        """Paint a page with the cart that was read."""
        shop = self._shop()
        if cart is None or asked.path not in PAGES or news(cart, shop.catalogue.by_sku):
            return None
        content = PAGES[asked.path](shop, cart, asked.query)
        return None if content is None else painted_page(shop, cart, content)
