"""The pages of the shop and their addresses."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import Page

from app.shopper.shopping import Shopping
from app.views import cart, kept, privacy, product, shop
from app.views.head import title
from app.views.pages import CART, KEPT, PRIVACY, PRODUCT, SHOP, TITLES
from app.views.parts.links import Links


def pages(shopping: Shopping) -> tuple[Page, Links]:
    """Return the page that the address names, and the links to all pages.

    Of the titles only the one of that page is right. Streamlit puts it into the tab before it hears of the page config.
    """
    asked = st.query_params.to_dict()
    titles = {name: title(name, asked, shopping.shop) for name in TITLES}
    links = Links(
        shop=st.Page(lambda: shop.show(shopping, links), title=titles[SHOP], url_path="shop", default=True),
        cart=st.Page(lambda: cart.show(shopping, links), title=titles[CART], url_path=CART),
        product=st.Page(lambda: product.show(shopping, links), title=titles[PRODUCT], url_path=PRODUCT),
        kept=st.Page(lambda: kept.show(shopping, links), title=titles[KEPT], url_path=KEPT),
        privacy=st.Page(lambda: privacy.show(shopping, links), title=titles[PRIVACY], url_path=PRIVACY),
    )
    pages = [links.shop, links.cart, links.product, links.kept, links.privacy]
    return st.navigation(pages, position="hidden"), links
