"""What every page has around it: header, the state of the cart, news, footer."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import streamlit as st
from babel.dates import format_date
from markupsafe import Markup

from app.domain.contact import Contact
from app.domain.money import Currency
from app.domain.news import NewPrice, News, NoLongerSold
from app.domain.pages import KEPT, LEGAL, ORDERS, PRIVACY, SETUPS, TITLES, WITHDRAW
from app.shopper.shopping import Shop, Shopping
from app.views.parts.html import html
from app.views.parts.links import Links
from app.views.parts.live import SAID
from app.views.parts.markdown import markdown, plain
from app.views.parts.time_zone import zone
from keepcart import click

ICON = "data:image/svg+xml;base64," + b64encode(Path(__file__).with_name("icon.svg").read_bytes()).decode("ascii")
"""The tab's icon as part of the page. Streamlit would fetch an icon given by name from another host."""

CART_LINK = "Cart ({})"
SAVED = "Saved, kept until {}"
"""Words of the header, which is painted as well (`painted/page.py`)."""

HEADER = "header"
"""Key of the header and of its fragment."""

BY_LAW = (*LEGAL, WITHDRAW)
"""Pages that the law asks for: a group of their own in the foot."""

CACHED_FEET = 16
"""Feet cached. Making one takes some 70 microseconds of every run."""


def redraws(shopping: Shopping, *also: str) -> Collection[str]:
    """Return the fragments that are enough to show an add, on a page that does not show the cart; none: the page.

    `also` are the page's own that show something of the cart.

    A run of these alone costs a fraction of one of the whole page (docs/performance.md). They have no widgets: where
    the server was restarted, a click in a fragment would reach nobody.
    """
    return (HEADER, *also, SAID) if shopping.shows_all_in_header else ()


@st.fragment(key=HEADER)
def header(shopping: Shopping, links: Links) -> None:
    """Draw the shop's name, the one link to the cart, and how safe the cart is.

    The last one comes and goes. Streamlit would draw the elements behind it as new ones, and they would be there twice
    for a moment; so it is drawn last, and the style puts it before the link.
    """
    with st.container(key=HEADER, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.page_link(links.shop, label=plain(shopping.shop.name))
        st.page_link(links.cart, label=CART_LINK.format(shopping.count))
        if state := saved_state(shopping):
            markdown(plain(state))


def messages(shopping: Shopping) -> None:
    """Draw what the shopper should know first, in a box that is always there; `header` says why."""
    with st.container(key="messages"):
        _storage_state(shopping)
        _news(shopping)


def _storage_state(shopping: Shopping) -> None:
    """Say so if the cart is not saved or cannot be changed."""
    if shopping.document.locked:
        st.info(
            "The shop is being updated. Your cart is safe, but can't be shown or changed for a moment.",
            icon=":material/update:",
        )
    elif not shopping.document.saved:
        st.warning(
            "Your cart can't be saved at the moment. You can go on shopping: your changes are kept here, and saved as "
            "soon as possible.",
            icon=":material/cloud_off:",
        )


def saved_state(shopping: Shopping) -> str:
    """Return in a few words how safe the cart is; empty if there is nothing to keep."""
    document = shopping.document
    if document.waiting:
        return "Not saved yet, we keep trying"
    if shopping.was_unsaved:
        return "Saved again"
    if not document.value.lines or document.kept_until is None:
        return ""
    day = datetime.fromtimestamp(document.kept_until, tz=zone(st.context.timezone))
    return SAVED.format(format_date(day, "d MMMM", "en"))


def _news(shopping: Shopping) -> None:
    """Draw what changed while the shopper was away, until they have read it or it is no longer true."""
    if not shopping.news:
        return
    with st.container(key="news", border=True):
        html(news_list(shopping.news, shopping.shop.money))
        click(shopping.visit, "news-read", shopping.take_note, label="OK, got it")


def news_list(news: Iterable[News], money: Currency) -> Markup:
    """Return the news as a list with its heading."""
    items = Markup("").join(Markup("<li>{}</li>").format(in_words(item, money)) for item in news)
    return Markup('<div class="news"><h2>Since you were last here</h2><ul>{}</ul></div>').format(items)


def in_words(item: News, money: Currency) -> str:
    """Return a piece of news as a sentence."""
    if isinstance(item, NewPrice):
        way = "up" if item.product.price > item.told else "down"
        return (
            f"{item.product.full_name}: price {way} from {money.write(item.told)} to {money.write(item.product.price)}"
        )
    if isinstance(item, NoLongerSold):
        where = "in your cart, outside the total," if item.is_in_cart else "among what you saved for later"
        return f"{item.sku} is no longer sold; it stays {where} until you remove it"
    name, left = item.product.full_name, item.product.stock
    return f"{name}: only {left} left, so your cart has {item.quantity} instead of {item.wanted}"


def footer(shopping: Shopping) -> None:
    """Draw the foot of the page. Its links are HTML, so they need no elements of their own; live.js follows them."""
    with st.container(key="foot"):
        html(foot(shopping.shop))


def foot(shop: Shop, up: str = "") -> Markup:
    """Return the foot of a page: the shopkeeper's pages and ours, what the law asks for, and how the shop is reached.

    Args:
        shop: the shop.
        up: the way from the page to the shop page; empty for a page of the shop, which lies beside it.
    """
    pages = {text.name: text.title for text in shop.pages_of_text}
    pages |= {name: TITLES[name] for name in (ORDERS, SETUPS, KEPT, PRIVACY, WITHDRAW) if shop.has(name)}
    about = tuple(page for page in pages.items() if page[0] not in BY_LAW)
    by_law = tuple((name, pages[name]) for name in BY_LAW if name in pages)
    return _foot(shop.name, about, by_law, shop.contact, up)


@lru_cache(CACHED_FEET)
def _foot(
    shop: str, about: Sequence[tuple[str, str]], by_law: Sequence[tuple[str, str]], contact: Contact, up: str
) -> Markup:
    return Markup(
        '<footer class="foot"><nav aria-label="About this shop">{}</nav><nav aria-label="Legal">{}</nav>{}'
        "<p>{}: your cart is kept for you, in this browser.</p></footer>"
    ).format(_links(about, up), _links(by_law, up), _contact(contact), shop)


def _links(pages: Sequence[tuple[str, str]], up: str) -> Markup:
    link = Markup('<a href="{}" data-page="{}">{}</a>')
    return Markup(" ").join(link.format(f"{up}{name}", name, title) for name, title in pages)


def _contact(contact: Contact) -> Markup:
    ways = []
    if contact.email:
        ways.append(Markup('<a href="mailto:{}">{}</a>').format(contact.email, contact.email))
    if contact.phone:
        ways.append(Markup('<a href="tel:{}">{}</a>').format(contact.callable_phone, contact.phone))
    if contact.address:
        ways.append(Markup("<span>{}</span>").format(contact.address))
    return Markup("<address>{}</address>").format(Markup(" ").join(ways)) if ways else Markup()
