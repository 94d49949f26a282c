"""The page of a product: `/product?sku=LAPTOP`. If it has choices, the `sku` in the address is the chosen one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from app.domain.catalogue import Product
from app.shopper.looked_at import looked_at, looks_at
from app.shopper.setups import Setups
from app.shopper.shopping import Shopping
from app.views.parts.cards import cards
from app.views.parts.empty import empty
from app.views.parts.frame import redraws
from app.views.parts.html import html
from app.views.parts.links import Links
from app.views.parts.looked_at import looked_at_strip
from app.views.parts.markdown import plain
from app.views.parts.product import facts, portrait
from keepcart import choose, click

IN_CART = "in-cart"
"""Key of the words on how many pieces the cart has, and of their fragment."""

MANY = 12
"""The most choices that are buttons side by side; more are a list that opens."""


def show(shopping: Shopping, links: Links) -> None:
    """Draw the product that the address names; if there is none, say so and lead back to the shop."""
    product = shopping.shop.catalogue.by_sku.get(st.query_params.get("sku", ""))
    if product is None:
        st.title("Product not found", anchor=False)
        hint = "The link may be old. What is in your cart is safe."
        empty("We don't sell this, or not any more", hint, links.shop, label="Go to the shop")
        return
    looks_at(shopping, product.sku)
    left, right = st.columns(2, gap="large")
    with left, st.container(key="portrait"):
        html(portrait(product))
    with right:
        st.title(plain(product.name), anchor=False)
        with st.container(key="about"):
            html(facts(product, shopping.shop.money))
        _choice(shopping, product)
        _buy(shopping, product)
        _in_cart(shopping, product, links)
        _into_setup(shopping, product)
    st.header("Goes well with", anchor=False)
    cards(shopping, shopping.shop.catalogue.companions(product))
    looked_at_strip(looked_at(shopping.shop, shopping.known, [product.sku]))


def _choice(shopping: Shopping, product: Product) -> None:
    """Draw the choices of the page. A shopper who unselects all of them stays at the one in the address."""
    choices = shopping.shop.catalogue.variants(product)
    with st.container(key="choice"):
        if len(choices) > 1:
            labels = _labels(choices)
            draw: Any = st.pills if len(choices) <= MANY else st.selectbox
            choose(
                shopping.visit,
                f"choice-{choices[0].sku}",
                product.sku,
                draw,
                partial(_choose, shopping, product),
                label=plain(choices[0].option_name) or "Option",
                options=list(labels),
                format_func=labels.__getitem__,
            )


def _labels(choices: Sequence[Product]) -> dict[str, str]:
    """Return the labels of the choices by SKU."""
    return {choice.sku: plain(choice.option) if len(choices) <= MANY else choice.option for choice in choices}


def _choose(shopping: Shopping, before: Product, sku: str | None) -> None:
    """Write a choice to the address. The quantity that the shopper has set comes along, as far as there are so many."""
    if not sku:
        return
    st.query_params["sku"] = sku
    most = shopping.most(shopping.shop.catalogue.by_sku[sku])
    if most and (pieces := st.session_state.get(_pieces_key(before.sku))):
        st.session_state[_pieces_key(sku)] = min(pieces, most)


def _pieces_key(sku: str) -> str:
    return f"pieces-{sku}"


def _buy(shopping: Shopping, product: Product) -> None:
    key, most = _pieces_key(product.sku), shopping.most(product)

    def add() -> None:
        shopping.add(product, st.session_state.get(key, 1))

    with st.container(key="buy", horizontal=True, vertical_alignment="bottom"):
        if most:
            st.number_input("Quantity", min_value=1, max_value=most, key=key, width=150)
        click(
            shopping.visit,
            f"add-{product.sku}",
            add,
            redraws=partial(redraws, shopping, IN_CART),
            label="Add to Cart" if product.stock != 0 else "Sold out",
            disabled=product.stock == 0,
            type="primary",
        )


def _into_setup(shopping: Shopping, product: Product) -> None:
    """Offer to add the product to a setup; nothing to a shopper who has none."""
    setups, key = shopping.document.value.setups, _pieces_key(product.sku)
    if not setups:
        return

    def add(setup_id: str) -> None:
        Setups(shopping).add(setup_id, product, st.session_state.get(key, 1))

    with st.popover("Add to a setup", key="into-setup", type="tertiary"):
        for setup in setups:
            click(shopping.visit, f"into-{setup.id}", partial(add, setup.id), label=plain(setup.name))


@st.fragment(key=IN_CART)
def _in_cart(shopping: Shopping, product: Product, links: Links) -> None:
    """Say how many pieces are in the cart. Without any there is no box either: one within the fragment's takes room."""
    line = shopping.document.value.line(product.sku)
    if line is not None:
        with st.container(key=IN_CART):
            st.page_link(links.cart, label=f"{line.quantity} in your cart", icon=":material/shopping_cart:")
