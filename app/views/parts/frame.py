"""What stands around every page: style, header, the state of the cart's storage, notices, footer."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.session.click import click
from app.session.shopping import Shopping
from app.views.parts.links import Links

STYLE = f"<style>{Path(__file__).with_name('style.css').read_text(encoding='utf-8')}</style>"


def header(shopping: Shopping, links: Links) -> None:
    """Draw the style and the header: the shop's name and the one link to the cart."""
    st.html(STYLE)
    with st.container(key="header", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.page_link(links.shop, label=f"**{shopping.shop.name}**", icon=":material/chair_alt:")
        st.page_link(links.cart, label=f"Cart ({shopping.count})", icon=":material/shopping_cart:")


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
    with st.container(key="notice", horizontal=True, vertical_alignment="center"):
        if done:
            st.success(" · ".join(done), icon=":material/check_circle:")
        if warnings:
            st.warning(" ".join(warnings), icon=":material/info:")
        click(shopping.visit, "notice-close", shopping.visit.notices.dismiss, label="Dismiss", type="tertiary")


def footer(shopping: Shopping) -> None:
    """Draw the foot of the page."""
    st.html(f'<footer class="foot">{shopping.shop.name}: your cart is kept for you, in this browser.</footer>')
