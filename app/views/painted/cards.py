"""Product cards, painted."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from app.domain.catalogue import Product
from app.shopper.shopping import Shop
from app.views.painted.page import add_button
from app.views.parts.cards import ABOVE_THE_FOLD
from app.views.parts.product import card, choose_link


def cards(shop: Shop, products: Sequence[Product]) -> Markup:
    """Return a card for each product's page. The first child stands for the element that brings the faces."""
    if not products:
        return Markup()
    boxes = Markup("").join(_box(shop, product, lazy=place >= ABOVE_THE_FOLD) for place, product in enumerate(products))
    return Markup('<div class="st-key-cards"><i></i>{}</div>').format(boxes)


def _box(shop: Shop, product: Product, *, lazy: bool) -> Markup:
    choices = shop.catalogue.variants(product)
    act = choose_link(product) if len(choices) > 1 else add_button(product.sku, sold_out=product.stock == 0)
    return Markup("<div>{}{}</div>").format(card(choices, shop.money, lazy=lazy), act)
