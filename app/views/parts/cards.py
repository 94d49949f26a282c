"""Product cards in a grid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import streamlit as st
from markupsafe import Markup

from app.domain.catalogue import Product
from app.shopper.shopping import Shopping
from app.views.parts.frame import redraws
from app.views.parts.html import html
from app.views.parts.product import card, choose_link
from keepcart import click

ABOVE_THE_FOLD = 8
"""Cards whose pictures are loaded at once."""


def cards(shopping: Shopping, products: Sequence[Product]) -> None:
    """Draw a card for each product's page.

    The faces of all cards are one element; cards.js moves each face into the box of its button. So they are read, and
    reached by keyboard, in the order that is seen. Elements are what a run costs (docs/performance.md): two dozen faces
    drawn one by one would take a third of it. If a page has choices, its card has a link to the page in place of the
    button, because the shopper has to choose.
    """
    if not products:
        return
    choices = {product.sku: shopping.shop.catalogue.variants(product) for product in products}
    with st.container(key="cards"):
        html(
            faces(
                card(choices[product.sku], shopping.shop.money, lazy=place >= ABOVE_THE_FOLD)
                for place, product in enumerate(products)
            )
        )
        for product in products:
            if len(choices[product.sku]) > 1:
                html(choose_link(product))
            else:
                _add_button(shopping, product)


def faces(all_cards: Iterable[Markup]) -> Markup:
    """Return the faces of cards as one element."""
    return Markup('<div class="faces">{}</div>').format(Markup("").join(all_cards))


def _add_button(shopping: Shopping, product: Product) -> None:
    click(
        shopping.visit,
        f"add-{product.sku}",
        partial(shopping.add, product),
        redraws=partial(redraws, shopping),
        label="Add to Cart" if product.stock != 0 else "Sold out",
        disabled=product.stock == 0,
        type="primary",
        width="stretch",
    )
