"""A strip of the products that the shopper looked at last. It is one element, at the end of a page."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from app.domain.catalogue import Product
from app.views.parts.html import html
from app.views.parts.product import thumbnail


def looked_at_strip(products: Sequence[Product]) -> None:
    """Draw the strip; nothing where there are no products."""
    if products:
        html(strip(products))


def strip(products: Sequence[Product]) -> Markup:
    """Return the strip."""
    items = Markup("").join(Markup("<li>{}</li>").format(thumbnail(product)) for product in products)
    return Markup('<div class="looked-at"><h2>Recently viewed</h2><ul>{}</ul></div>').format(items)
