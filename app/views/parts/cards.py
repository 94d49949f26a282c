"""Product cards in a grid."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from app.domain.catalogue import Product
from app.shopper.shopping import Shopping
from app.views.parts.product import card, choose_link
from keepcart import click

ABOVE_THE_FOLD = 8


def cards(shopping: Shopping, products: Sequence[Product]) -> None:
    """Draw a card for each product's page.

    All faces are one element, which cards.js parts in the browser, each into the box of its button: so they are read,
    and reached by keyboard, in the order that is seen. Elements are what a run costs (docs/performance.md), and two
    dozen faces that are drawn one by one cost a third of it. Where a page has choices, its card has a link to it
    instead of a button: a choice is the shopper's.
    """
    if not products:
        return
    choices = {product.sku: shopping.shop.catalogue.variants(product) for product in products}
    with st.container(key="cards"):
        faces = (
            card(choices[product.sku], shopping.shop.money, lazy=place >= ABOVE_THE_FOLD)
            for place, product in enumerate(products)
        )
        st.html(f'<div class="faces">{"".join(faces)}</div>')
        for product in products:
            if len(choices[product.sku]) > 1:
                st.html(choose_link(product))
                continue
            click(
                shopping.visit,
                f"add-{product.sku}",
                partial(shopping.add, product),
                label="Add to Cart" if product.stock != 0 else "Sold out",
                disabled=product.stock == 0,
                type="primary",
                width="stretch",
            )
