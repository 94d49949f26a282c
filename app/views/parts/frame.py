"""What stands around every page: header, the state of the cart's storage, news, footer."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, tzinfo
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from babel.dates import format_date

from app.domain.money import Currency
from app.domain.news import NewPrice, News, NoLongerSold
from app.shopper.shopping import Shopping
from app.views.parts.links import Links
from keepcart import click

ICON = "data:image/svg+xml;base64," + b64encode(Path(__file__).with_name("icon.svg").read_bytes()).decode("ascii")
"""The tab's icon, inside the page: Streamlit would fetch a named one from another host."""


def header(shopping: Shopping, links: Links) -> None:
    """Draw the shop's name, the one link to the cart, and how safe the cart is.

    That comes last, and the style puts it before the link: whatever stands behind an element that comes and goes would
    be drawn as new ones, and be there twice for a moment.
    """
    with st.container(key="header", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.page_link(links.shop, label=shopping.shop.name)
        st.page_link(links.cart, label=f"Cart ({shopping.count})")
        if state := saved_state(shopping):
            st.markdown(state)


def messages(shopping: Shopping) -> None:
    """Draw what the shopper should know before anything else, in a box that is always there (see `header`)."""
    with st.container(key="messages"):
        _storage_state(shopping)
        _news(shopping)


def _storage_state(shopping: Shopping) -> None:
    """Say so where the cart is not saved or not to be changed; quiet when all is well."""
    if shopping.document.locked:
        st.info(
            "The shop is being updated. Your cart is safe, but can't be shown or changed for a moment.",
            icon=":material/update:",
        )
    elif not shopping.document.saved:
        st.warning(
            "Your cart can't be saved at the moment. You can go on shopping: what you do is kept here, and saved as "
            "soon as possible.",
            icon=":material/cloud_off:",
        )


def saved_state(shopping: Shopping) -> str:
    """Return in a few words how safe the cart is; nothing where there is nothing to keep."""
    document = shopping.document
    if document.waiting:
        return "Not saved yet, we keep trying"
    if shopping.was_unsaved:
        return "Saved again"
    if not document.value.lines or document.kept_until is None:
        return ""
    day = datetime.fromtimestamp(document.kept_until, tz=zone(st.context.timezone))
    return f"Saved, kept until {format_date(day, 'd MMMM', 'en')}"


def zone(name: str | None) -> tzinfo:
    """Return the time zone that a browser names, UTC where it names none that is known: it may say anything."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _news(shopping: Shopping) -> None:
    """Draw what changed while the shopper was away, until they have taken note of it or it holds no longer."""
    if not shopping.news:
        return
    with st.container(key="news", border=True):
        items = "".join(f"<li>{escape(in_words(item, shopping.shop.money))}</li>" for item in shopping.news)
        st.html(f'<div class="news"><h2>Since you were last here</h2><ul>{items}</ul></div>')
        click(shopping.visit, "news-read", shopping.take_note, label="OK, got it")


def in_words(item: News, money: Currency) -> str:
    """Return a piece of news as a sentence."""
    if isinstance(item, NewPrice):
        way = "up" if item.product.price > item.told else "down"
        return (
            f"{item.product.full_name}: price {way} from {money.write(item.told)} to {money.write(item.product.price)}"
        )
    if isinstance(item, NoLongerSold):
        return f"{item.sku} is no longer sold; it stays in your cart, outside the total, until you remove it"
    name, left = item.product.full_name, item.product.stock
    return f"{name}: only {left} left, so your cart has {item.quantity} instead of {item.wanted}"


def footer(shopping: Shopping) -> None:
    """Draw the foot of the page; its link is of HTML so that it is no element of its own (live.js follows it)."""
    st.html(
        f'<footer class="foot">{escape(shopping.shop.name)}: your cart is kept for you, in this browser. '
        '<a href="kept">How your cart is kept</a></footer>'
    )
