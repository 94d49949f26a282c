"""Product cards in a grid."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import streamlit as st

from app.domain.catalogue import Product
from app.session.click import click
from app.session.shopping import Shopping
from app.views.parts.product import card, choose_link

ABOVE_THE_FOLD = 8


def cards(shopping: Shopping, products: Iterable[Product]) -> None:
    """Draw a card for each product's page.

    One flat container whose children are face, button, face, button …, arranged by style.css: a container a card costs
    a third more messages in every run, and messages are what a run costs (docs/performance.md). Where a page has
    choices, its card has a link to it instead of a button: a choice is the shopper's.
    """
    with st.container(key="cards"):
        for place, product in enumerate(products):
            choices = shopping.shop.catalogue.variants(product)
            st.html(card(choices, shopping.shop.money, lazy=place >= ABOVE_THE_FOLD))
            if len(choices) > 1:
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
