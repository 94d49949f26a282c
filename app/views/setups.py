"""Setups: the list of them, and the page of one: `/setups?of=x7k2mq`."""

from __future__ import annotations

from functools import partial

import streamlit as st

from app.domain.cart import CART, Cart, Setup, is_on_cart
from app.domain.pages import COMPARE, SETUPS, TAKE_ALONG
from app.domain.setups import LONGEST_NAME
from app.shopper.setups import Setups
from app.shopper.shopping import Shopping
from app.views.parts.cart_lines import draw_line, draw_undo
from app.views.parts.cart_page import lines_of, newest_undo, summary
from app.views.parts.empty import empty
from app.views.parts.html import html
from app.views.parts.keep_form import keep_form
from app.views.parts.links import Links
from app.views.parts.markdown import plain
from app.views.parts.setup_page import OF, compare_address, onward, setup_face, since_then
from app.views.parts.time_zone import today
from keepcart import click

INTRO = "Put combinations together, try them out, compare them. None of it is lost when you come back."


def show(shopping: Shopping, links: Links) -> None:
    """Draw the setup that the address names, else the list."""
    asked = st.query_params.get(OF)
    if asked is None:
        _list(shopping, links)
        return
    setup = shopping.document.value.setup(asked)
    if setup is None:
        st.title("Setup not found", anchor=False)
        empty("This setup is not there any more", "The others are safe.", SETUPS, label="All setups")
    else:
        _setup(shopping, setup, links)


def _list(shopping: Shopping, links: Links) -> None:
    cart = shopping.document.value
    st.title("Setups", anchor=False)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        for setup in cart.setups:
            _face(shopping, setup)
        if not cart.setups:
            empty("No setups yet", INTRO, links.shop, label="Go to the shop")
        _undo(shopping)
    with right:
        if len(cart.setups) + bool(cart.lines) > 1:
            html(onward(COMPARE, "Compare side by side"))
        with st.container(key="new-setup", border=True):
            st.header("New setup", anchor=False)
            of_cart = {"keep-cart": ("Keep what is in the cart", lambda: shopping.document.value.lines)}
            keep_form(shopping, {**(of_cart if cart.lines else {}), "keep-empty": ("Begin with nothing", tuple)})


def _face(shopping: Shopping, setup: Setup) -> None:
    """Draw a setup in the list."""
    with st.container(key=f"setup-{setup.id}", border=True):
        html(setup_face(shopping.shop, setup))
        with st.container(key=f"setup-acts-{setup.id}", horizontal=True):
            _acts(shopping, setup)


def _acts(shopping: Shopping, setup: Setup) -> None:
    setups, visit = Setups(shopping), shopping.visit

    def use() -> None:
        setups.use(setup.id, f"Cart of {today()}")

    def copy() -> None:
        if copied := setups.copy(setup.id):
            st.query_params[OF] = copied

    def delete() -> None:
        setups.delete(setup.id)
        st.query_params.clear()

    click(visit, f"use-{setup.id}", use, label="Use as cart", disabled=not setup.lines)
    click(visit, f"copy-{setup.id}", copy, label="Copy", type="tertiary")
    click(visit, f"delete-{setup.id}", delete, label="Delete", type="tertiary")


def _setup(shopping: Shopping, setup: Setup, links: Links) -> None:
    """Draw the page of a setup."""
    shop, cart = shopping.shop, shopping.document.value
    st.title(plain(setup.name), anchor=False)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        for line in lines_of(shop, setup.lines, setup.id):
            draw_line(shopping, line, setup.id)
        if not setup.lines:
            empty("Nothing in it yet", "Add products on their pages.", links.shop, label="Go to the shop")
        _undo(shopping)
    with right:
        _summary(shopping, cart, setup)


def _undo(shopping: Shopping) -> None:
    """Offer to undo the newest act, unless it was one on the lines of the cart, which are not here."""
    undo = newest_undo(shopping.shop, shopping.document.value)
    if undo and not is_on_cart(undo.act):
        draw_undo(shopping, undo)


def _summary(shopping: Shopping, cart: Cart, setup: Setup) -> None:
    shop, costs = shopping.shop, summary(shopping.shop, setup.lines, len(cart.setups))
    with st.container(key="summary", border=True):
        st.header(plain(costs.total), anchor=False)
        st.caption(plain(costs.pieces))
        if since := since_then(shop, setup.lines):
            st.caption(plain(since))
        shopping.visit.input(
            f"name-{setup.id}",
            setup.name,
            partial(Setups(shopping).rename, setup.id),
            st.text_input,
            "Name",
            max_chars=LONGEST_NAME,
        )
        with st.container(key=f"setup-acts-{setup.id}", horizontal=True):
            _acts(shopping, setup)
        html(onward(compare_address([CART, setup.id]), "Compare with the cart"))
        html(onward(f"{TAKE_ALONG}?{OF}={setup.id}", "Take it along"))
        html(onward(SETUPS, "All setups"))
