"""A quote of the cart or of a setup, to print and as a file: `/quote?of=cart`."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from app.shopper.shopping import Shopping
from app.views.parts.empty import empty
from app.views.parts.html import html
from app.views.parts.links import Links
from app.views.parts.quote_page import quote
from app.views.parts.setup_page import IN_ADDRESS, OF, named_in
from app.views.parts.time_zone import today

NOTHING = "Nothing to quote", "Add something first."

ACTS = Markup(
    '<p class="acts-of-quote"><button type="button" data-print>Print</button>'
    '<a class="download" href="quote.csv?of={}" download>Download (CSV)</a></p>'
)


def show(shopping: Shopping, links: Links) -> None:
    """Draw the page."""
    column = named_in(shopping.document.value, st.query_params.get(OF, IN_ADDRESS))
    st.title("Quote", anchor=False)
    if column is None or not column.lines:
        empty(*NOTHING, links.shop, label="Go to the shop")
        return
    with st.container(key="quote"):
        html(ACTS.format(column.place or IN_ADDRESS))
        html(quote(shopping.shop, column.name, column.lines, today(with_year=True)))
