"""The pages of the shop and their addresses."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.navigation.page import Page

from app.domain.pages import CART, KEPT, PRIVACY, PRODUCT, SHOP
from app.shopper.shopping import Shopping
from app.views import cart, kept, privacy, product, shop, text
from app.views.head import title
from app.views.parts.links import Links


def pages(shopping: Shopping) -> tuple[Page, Links]:
    """Return the page that the address names, and the links to all pages.

    Of the titles only the one of that page is right. Streamlit puts it into the tab before it hears of the page config.
    """
    asked = st.query_params.to_dict()
    titled = partial(title, asked=asked, shop=shopping.shop)
    links = Links(
        shop=st.Page(lambda: shop.show(shopping, links), title=titled(SHOP), url_path="shop", default=True),
        cart=st.Page(lambda: cart.show(shopping, links), title=titled(CART), url_path=CART),
        product=st.Page(lambda: product.show(shopping, links), title=titled(PRODUCT), url_path=PRODUCT),
        kept=st.Page(lambda: kept.show(shopping, links), title=titled(KEPT), url_path=KEPT),
        privacy=st.Page(lambda: privacy.show(shopping, links), title=titled(PRIVACY), url_path=PRIVACY),
    )
    texts = [
        st.Page(partial(text.show, one), title=titled(name), url_path=name) for name, one in shopping.shop.texts.items()
    ]
    pages = [links.shop, links.cart, links.product, links.kept, links.privacy, *texts]
    return st.navigation(pages, position="hidden"), links
