"""Product cards, painted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from app.domain.catalogue import Product
from app.domain.money import Currency
from app.shopper.shopping import Shop
from app.views.painted.page import add_button
from app.views.parts.cards import ABOVE_THE_FOLD
from app.views.parts.product import CACHED, card, choose_link


def cards(shop: Shop, products: Sequence[Product]) -> Markup:
    """Return a card for each product's page. The first child stands for the element that brings the faces."""
    if not products:
        return Markup()
    boxes = (
        _box(product, shop.catalogue.variants(product), shop.money, lazy=place >= ABOVE_THE_FOLD)
        for place, product in enumerate(products)
    )
    return Markup('<div class="st-key-cards"><i></i>{}</div>').format(Markup("").join(boxes))


@lru_cache(CACHED)
def _box(product: Product, choices: tuple[Product, ...], money: Currency, *, lazy: bool) -> Markup:
    """Return a card with its button. Whatever changes in the catalogue, name, price, or stock, makes another one."""
    act = choose_link(product) if len(choices) > 1 else add_button(product.sku, sold_out=product.stock == 0)
    return Markup("<div>{}{}</div>").format(card(choices, money, lazy=lazy), act)
