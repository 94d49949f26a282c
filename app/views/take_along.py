"""Take a combination along: a link that holds it, its QR code, a quote. `/take-along?of=cart` or a setup's id."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from app.domain.pages import QUOTE
from app.shopper.shopping import Shopping
from app.views.parts.empty import empty
from app.views.parts.html import html
from app.views.parts.link import link_to, qr_code
from app.views.parts.links import Links
from app.views.parts.markdown import plain
from app.views.parts.quote_page import table
from app.views.parts.setup_page import IN_ADDRESS, OF, named_in, onward

WORDS = (
    "The link holds the products and quantities themselves, and nothing about you. Whoever opens it sees them first."
)
TOO_LONG = "This combination is too large for a QR code that phones can read. Send the link instead."
NOTHING = "Nothing to take along", "Add something first."


def show(shopping: Shopping, links: Links) -> None:
    """Draw the page."""
    asked = st.query_params.get(OF, IN_ADDRESS)
    column = named_in(shopping.document.value, asked)
    st.title("Take it along", anchor=False)
    if column is None or not column.lines:
        empty(*NOTHING, links.shop, label="Go to the shop")
        return
    link = link_to(shopping.shop.public_url or _base(st.context.url or ""), column.lines)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        st.header(plain(column.name), anchor=False)
        html(table(shopping.shop, column.lines))
        html(onward(f"{QUOTE}?{OF}={column.place or IN_ADDRESS}", "A quote, to print or as a file"))
    with right, st.container(key="take-along", border=True):
        st.header("As a link", anchor=False)
        st.code(link, language=None, wrap_lines=True)
        st.caption(WORDS)
        code = qr_code(link)
        if code is None:
            st.caption(TOO_LONG)
        else:
            html(code)


def _base(url: str) -> str:
    """Return the address of the store from that of this page."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rpartition('/')[0]}"
