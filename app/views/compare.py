"""Two to four combinations side by side: `/compare?of=cart,x7k2mq`. The address says which."""

from __future__ import annotations

import streamlit as st

from app.shopper.shopping import Shopping
from app.views.parts.empty import empty
from app.views.parts.html import html
from app.views.parts.links import Links
from app.views.parts.setup_page import OF, choice, columns_of, side_by_side

NOTHING = "Nothing to compare yet", "Keep what is in your cart as a setup, change the cart, and look at both here."
GONE = "One of these setups is not there any more."


def show(shopping: Shopping, links: Links) -> None:
    """Draw the page."""
    cart = shopping.document.value
    columns, one_is_gone = columns_of(cart, st.query_params.get(OF))
    st.title("Compare setups", anchor=False)
    with st.container(key="compare"):
        if one_is_gone:
            st.info(GONE, icon=":material/info:")
        if len(cart.setups) + bool(cart.lines) < 2:
            empty(*NOTHING, links.setups, label="Setups")
            return
        html(choice(cart, columns))
        if len(columns) > 1:
            html(side_by_side(shopping.shop, columns))
        else:
            st.write("Choose two to four to compare.")
        st.page_link(links.setups, label="Setups", icon=":material/dashboard_customize:")
