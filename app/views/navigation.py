"""The pages of the shop and their addresses."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.navigation.page import Page

from app.domain.pages import (
    CART,
    CHECKOUT,
    COMBINATION,
    COMPARE,
    KEPT,
    ORDERS,
    PRIVACY,
    PRODUCT,
    QUOTE,
    SETUPS,
    SHOP,
    TAKE_ALONG,
    WITHDRAW,
)
from app.shopper.checkout import Checkout
from app.shopper.orders import Orders
from app.shopper.shopping import Shopping
from app.views import (
    cart,
    checkout,
    combination,
    compare,
    kept,
    privacy,
    product,
    quote,
    setups,
    shop,
    take_along,
    text,
    withdraw,
)
from app.views import orders as orders_page
from app.views.head import title
from app.views.parts.links import Links


def pages(shopping: Shopping, orders: Orders | None) -> tuple[Page, Links]:
    """Return the page that the address names, and the links to all pages; `orders` is None where the shop takes none.

    Of the titles only the one of that page is right. Streamlit puts it into the tab before it hears of the page config.
    """

    def _checkout() -> Checkout:
        if orders is None or shopping.shop.terms is None:
            raise LookupError("the shop takes no orders")
        return Checkout.of(shopping, orders, shopping.shop.terms)

    asked = st.query_params.to_dict()
    titled = partial(title, asked=asked, shop=shopping.shop)
    links = Links(
        shop=st.Page(lambda: shop.show(shopping, links), title=titled(SHOP), url_path="shop", default=True),
        cart=st.Page(lambda: cart.show(shopping, links), title=titled(CART), url_path=CART),
        product=st.Page(lambda: product.show(shopping, links), title=titled(PRODUCT), url_path=PRODUCT),
        setups=st.Page(lambda: setups.show(shopping, links), title=titled(SETUPS), url_path=SETUPS),
        compare=st.Page(lambda: compare.show(shopping, links), title=titled(COMPARE), url_path=COMPARE),
        take_along=st.Page(lambda: take_along.show(shopping, links), title=titled(TAKE_ALONG), url_path=TAKE_ALONG),
        combination=st.Page(lambda: combination.show(shopping, links), title=titled(COMBINATION), url_path=COMBINATION),
        quote=st.Page(lambda: quote.show(shopping, links), title=titled(QUOTE), url_path=QUOTE),
        checkout=st.Page(lambda: checkout.show(_checkout(), links), title=titled(CHECKOUT), url_path=CHECKOUT),
        orders=st.Page(lambda: orders_page.show(_checkout(), links), title=titled(ORDERS), url_path=ORDERS),
        withdraw=st.Page(lambda: withdraw.show(_checkout()), title=titled(WITHDRAW), url_path=WITHDRAW),
        kept=st.Page(lambda: kept.show(shopping, links), title=titled(KEPT), url_path=KEPT),
        privacy=st.Page(lambda: privacy.show(shopping, links), title=titled(PRIVACY), url_path=PRIVACY),
    )
    texts = [
        st.Page(partial(text.show, one), title=titled(one.name), url_path=one.name)
        for one in shopping.shop.pages_of_text
    ]
    beside_the_cart = [links.setups, links.compare, links.take_along, links.combination, links.quote]
    of_orders = [links.checkout, links.orders] if orders is not None else []
    if orders is not None and shopping.shop.has(WITHDRAW):
        of_orders.append(links.withdraw)
    pages = [links.shop, links.cart, links.product, *beside_the_cart, *of_orders, links.kept, links.privacy, *texts]
    return st.navigation(pages, position="hidden"), links
