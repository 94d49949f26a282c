"""The pages of the shop and their addresses."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import Page

from app.shopper.shopping import Shopping
from app.views import cart, kept, privacy, product, shop
from app.views.parts.links import Links


def pages(shopping: Shopping) -> tuple[Page, Links]:
    """Return the page that the address names, and the links to all pages."""
    links = Links(
        shop=st.Page(lambda: shop.show(shopping, links), title="Shop", url_path="shop", default=True),
        cart=st.Page(lambda: cart.show(shopping, links), title="Cart", url_path="cart"),
        product=st.Page(lambda: product.show(shopping, links), title="Product", url_path="product"),
        kept=st.Page(lambda: kept.show(shopping, links), title="How your cart is kept", url_path="kept"),
        privacy=st.Page(lambda: privacy.show(shopping, links), title="Privacy", url_path="privacy"),
    )
    pages = [links.shop, links.cart, links.product, links.kept, links.privacy]
    return st.navigation(pages, position="hidden"), links
