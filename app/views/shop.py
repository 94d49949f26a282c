"""The shop: a page of product cards, by category."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app.domain.catalogue import Product
from app.session.address import choose
from app.session.click import click
from app.session.shopping import Shopping
from app.views.parts.product import card

CARDS = 24
ABOVE_THE_FOLD = 8
ALL = "All"


def show(shopping: Shopping) -> None:
    """Draw the page that the address names: `?category=Desks&page=2`."""
    st.title(shopping.shop.welcome or shopping.shop.name, anchor=False)
    category = _category(shopping)
    products = shopping.shop.catalogue.in_category(category)
    pages = max(1, -(-len(products) // CARDS))
    page = _page_in_address(pages)
    # One flat container whose children are face, button, face, button …, arranged by style.css: a container a card
    # costs a third more messages in every run, and messages are what a run costs (docs/performance.md).
    with st.container(key="cards"):
        for place, product in enumerate(products[(page - 1) * CARDS : page * CARDS]):
            _card(shopping, product, lazy=place >= ABOVE_THE_FOLD)
    if pages > 1:
        choose(shopping.visit, "page", page, st.pagination, _write_page, num_pages=pages)


def _card(shopping: Shopping, product: Product, *, lazy: bool) -> None:
    st.html(card(product, shopping.price(product), lazy=lazy))
    click(
        shopping.visit,
        f"add-{product.sku}",
        partial(shopping.add, product),
        label="Add to Cart",
        type="primary",
        width="stretch",
    )


def _category(shopping: Shopping) -> str | None:
    categories = shopping.shop.catalogue.by_category
    named = st.query_params.get("category")
    chosen = named if named in categories else None
    options = [ALL, *categories]
    choose(
        shopping.visit,
        "category",
        chosen or ALL,
        st.pills,
        _write_category,
        label="Category",
        options=options,
        label_visibility="collapsed",
    )
    return chosen


def _write_category(category: str | None) -> None:
    st.query_params.pop("page", None)
    if category is None or category == ALL:
        st.query_params.pop("category", None)
    else:
        st.query_params["category"] = category


def _page_in_address(pages: int) -> int:
    text = st.query_params.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    return min(max(page, 1), pages)


def _write_page(page: int | None) -> None:
    if page is None or page == 1:
        st.query_params.pop("page", None)
    else:
        st.query_params["page"] = str(page)
