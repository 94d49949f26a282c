"""A combination that somebody has sent: `/combination?is=1.LAPTOP.MOUSE_2`. To open it changes nothing."""

from __future__ import annotations

import streamlit as st

from app.domain.cart import Line, Lines
from app.domain.combination import Combination, Malformed, from_address
from app.domain.pages import COMBINATION, TITLES
from app.shopper.setups import Setups
from app.shopper.shopping import Shop, Shopping
from app.views.parts.empty import empty
from app.views.parts.html import html
from app.views.parts.keep_form import keep_form
from app.views.parts.link import IS
from app.views.parts.links import Links
from app.views.parts.markdown import plain
from app.views.parts.quote_page import table
from app.views.parts.time_zone import today
from keepcart import click

MALFORMED = "This link can't be read"


def show(shopping: Shopping, links: Links) -> None:
    """Draw the page."""
    try:
        found = from_address(st.query_params.get(IS, ""), shopping.shop.limits)
    except Malformed as problem:
        st.title(MALFORMED, anchor=False)
        empty(str(problem), "Ask for the link again. What is in your cart is safe.", links.shop, label="Go to the shop")
        return
    st.title(TITLES[COMBINATION], anchor=False)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        html(table(shopping.shop, as_sent(shopping.shop, found)))
        for words in _remarks(shopping.shop, found):
            st.caption(plain(words))
    with right, st.container(key="combination", border=True):
        _acts(shopping, sold(shopping.shop, found))


def as_sent(shop: Shop, found: Combination) -> Lines:
    """Return all lines, with today's prices; what is not sold has none."""
    products = shop.catalogue.by_sku
    return tuple(
        Line(one.sku, one.quantity, products[one.sku].price if one.sku in products else None) for one in found.wanted
    )


def sold(shop: Shop, found: Combination) -> Lines:
    """Return the lines of what is sold today."""
    return tuple(line for line in as_sent(shop, found) if line.price_told is not None)


def _remarks(shop: Shop, found: Combination) -> list[str]:
    """Return what a shopper should know: what was clipped, what is left out."""
    remarks = [
        f"{shop.name_of(sku)}: the link has more pieces than the {shop.limits.max_quantity} that fit in one cart."
        for sku in found.clipped
    ]
    if any(one.sku not in shop.catalogue.by_sku for one in found.wanted):
        remarks.append("What is no longer sold is left out.")
    return remarks


def _acts(shopping: Shopping, lines: Lines) -> None:
    """Draw what can be done with it; nothing where nothing of it is sold."""
    if not lines:
        st.write("Nothing of it is sold any more.")
        return
    setups, visit, has_cart = Setups(shopping), shopping.visit, bool(shopping.document.value.lines)

    def use() -> None:
        setups.use_lines("This combination", lines, f"Cart of {today()}")

    def add() -> None:
        setups.add_all(lines)

    st.header("What to do with it", anchor=False)
    click(visit, "add-combination", add, label="Add to my cart" if has_cart else "Put into my cart", type="primary")
    if has_cart:
        click(visit, "use-combination", use, label="Use instead of my cart")
        st.caption("What is in your cart now is then kept as a setup.")
    keep_form(shopping, {"keep-combination": ("Keep as a setup", lambda: lines)})
