"""What stands around every page: style, header, the state of the cart's storage, notices, footer."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from pathlib import Path

import streamlit as st

from app.session.shopping import Shopping
from app.views.parts.links import Links

ICON = "data:image/svg+xml;base64," + b64encode(Path(__file__).with_name("icon.svg").read_bytes()).decode("ascii")
"""The tab's icon, inside the page: Streamlit would fetch a named one from another host."""


def header(shopping: Shopping, links: Links) -> None:
    """Draw the shop's name and the one link to the cart."""
    with st.container(key="header", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.page_link(links.shop, label=shopping.shop.name)
        st.page_link(links.cart, label=f"Cart ({shopping.count})")


def storage_state(shopping: Shopping) -> None:
    """Say so where the cart is not saved or not to be changed; quiet when all is well."""
    if shopping.document.locked:
        st.info(
            "The shop is being updated. Your cart is safe, but can't be shown or changed for a moment.",
            icon=":material/update:",
        )
    elif not shopping.document.saved:
        st.warning(
            "Your cart can't be saved at the moment. You can go on shopping: it is kept while this page stays open, "
            "and saved as soon as possible.",
            icon=":material/cloud_off:",
        )


def notices(shopping: Shopping) -> None:
    """Draw what the shopper's last acts did."""
    done, warnings = shopping.visit.notices.done(), shopping.visit.notices.warnings()
    if not done and not warnings:
        return
    sentences = [f"<p>{escape(text)}</p>" for text in done] + [
        f'<p class="warn">{escape(text)}</p>' for text in warnings
    ]
    # Dismissing is the browser's affair; the number makes a notice that reads like the last one a new one.
    st.html(
        f'<div class="notice" data-number="{shopping.visit.notices.number}"><div role="status">{sentences}</div>'
        '<label><input type="checkbox">Dismiss</label></div>'
    )


def footer(shopping: Shopping) -> None:
    """Draw the foot of the page."""
    st.html(f'<footer class="foot">{escape(shopping.shop.name)}: your cart is kept for you, in this browser.</footer>')
