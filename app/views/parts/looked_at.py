"""A strip of the products that the shopper looked at last, one element at the end of a page."""

from __future__ import annotations

from collections.abc import Collection
from html import escape

import streamlit as st

from app.shopper.looked_at import looked_at
from app.shopper.shopping import Shopping
from app.views.parts.product import address, picture


def looked_at_strip(shopping: Shopping, besides: Collection[str]) -> None:
    """Draw it, without what the page shows anyway; nothing where there is nothing to show."""
    products = looked_at(shopping.visit, shopping.shop.catalogue, besides)
    if products:
        links = (
            f'<li><a href="{address(product.sku)}">{picture(product, named=False)}'
            f"<span>{escape(product.name)}</span></a></li>"
            for product in products
        )
        st.html(f'<div class="looked-at"><h2>Recently viewed</h2><ul>{"".join(links)}</ul></div>')
