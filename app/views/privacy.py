"""Privacy: what is kept of a shopper, where and until when; see it, take it away, have it deleted.

It says what is true of this shop as it runs: names of cookies, days, whose hosts serve pictures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from babel.dates import format_date
from markupsafe import Markup

from app.domain.cart import Cart
from app.domain.catalogue import Catalogue, is_elsewhere
from app.domain.checkout import Draft
from app.domain.checkout_document import CHECKOUT
from app.domain.pages import PRIVACY, TITLES
from app.domain.text import Text
from app.shopper.shopping import Shop, Shopping
from app.views.parts.document import state
from app.views.parts.html import html
from app.views.parts.in_words import as_stored, cart_in_words, checkout_in_words, others_in_words, values_in_words
from app.views.parts.links import Links
from app.views.parts.markdown import plain
from app.views.parts.time_zone import zone
from app.views.text import body
from keepcart import click, is_being_forgotten, served_by_us
from keepcart.backends import StorageError
from keepcart.documents import VALUES
from keepcart.middleware import Names

SURE = "sure"
"""In the address while the page asks whether everything is really to be deleted: so it does after a restart, too."""

AFTERWARDS, LATER = "forgotten", "later"
"""In the address of the page that a shopper sees who was forgotten just now; its value, if storage had not done it."""

AT_REST = (
    "The storage knows you by a fingerprint of the number in your cookie, never by the number: who copies the storage "
    "cannot use your cart. What you typed and chose is encrypted there, and only your cookie has the key. The "
    "articles in your cart and their quantities are not encrypted, unless you have setups: their names are words of "
    "yours, so then all of it is."
)
"""How it is protected where it lies."""


def show(shopping: Shopping, links: Links) -> None:
    """Draw the page."""
    visit = shopping.visit
    visit.hold(VALUES)
    if shopping.shop.terms is not None:
        visit.hold(CHECKOUT)
    for held in visit.documents.values():
        held.send()
        held.load()
    st.title(plain(heading(shopping.shop)), anchor=False)
    with st.container(key="privacy-page"):
        with st.container(key="privacy-outcome"):  # always there, so that Streamlit keeps the elements below
            _outcome(shopping)
        html(beginning(shopping.shop, _until(shopping.shop.keep_days)))
        if shopping.shop.terms is not None:
            html(of_orders(shopping.shop.terms.keep_days))
        html(_everything(shopping))
        _acts(shopping)
        html(_details(shopping.shop))
        st.page_link(links.kept, label="How your cart is kept, for the curious", icon=":material/menu_book:")


def _outcome(shopping: Shopping) -> None:
    """Say what became of the wish to be forgotten, as far as it is true."""
    outcome = st.query_params.get(AFTERWARDS)
    waits = is_being_forgotten() or (outcome == LATER and (shopping.leaves or shopping.document.away))
    cart, values = shopping.document.value, shopping.visit.documents[VALUES.name].value
    documents = shopping.visit.documents
    draft = documents[CHECKOUT.name].value if CHECKOUT.name in documents else Draft()
    nothing_is_kept = cart == Cart() and not values and draft == Draft()
    if waits:
        st.info(
            "Everything that was kept for you will be deleted as soon as storage answers. It is not shown any more. "
            "Load this page again to see whether it is done.",
            icon=":material/hourglass_top:",
        )
    elif outcome == "" and nothing_is_kept:
        st.success("Everything that was kept for you is deleted.", icon=":material/check:")


def _until(days: int) -> str:
    day = datetime.now(zone(st.context.timezone)) + timedelta(days=days)
    return format_date(day, "d MMMM y", "en")


def heading(shop: Shop) -> str:
    """Return the heading of the page: the shopkeeper's, where they say something of privacy."""
    return shop.texts[PRIVACY].title if PRIVACY in shop.texts else TITLES[PRIVACY]


def beginning(shop: Shop, until: str) -> Markup:
    """Return what the shopkeeper says of privacy, if anything, and what everybody should know first."""
    short = in_short(shop.name, until, shop.keep_days)
    if PRIVACY not in shop.texts:
        return short
    return Markup('{}<div class="prose"><h2>What this shop keeps</h2></div>{}').format(body(shop.texts[PRIVACY]), short)


def in_short(shop: str, until: str, days: int) -> Markup:
    """Return what everybody should know first."""
    return Markup("""<div class="prose">
<p>{shop} keeps your cart and what you looked at last, so that they are there when you come back. It does not know who
you are, unless you order something: there is no account, and nothing that you have to fill in before.</p>
<ul>
<li><strong>What:</strong> the products in your cart, those that you saved for later, your setups, your last steps there
(for <em>Undo</em>), the last products you looked at, and what you filled in on pages of this shop. The list below has
all of it.</li>
<li><strong>Where:</strong> in this shop's own database, and nowhere else.</li>
<li><strong>Until:</strong> {until}, if you don't come back. Each visit keeps it for {days} days more.</li>
<li><strong>No tracking:</strong> no advertisements, no statistics about you, nothing from other companies.</li>
</ul></div>""").format(shop=shop, until=until, days=days)


def of_orders(days: int) -> Markup:
    """Return what is kept of those who order, and how long."""
    return Markup("""<div class="prose"><h2>If you order</h2>
<p>What you type at the checkout is kept, encrypted, like your cart, so that you need not type it twice; once the order
is placed it is deleted there. The order itself, with your name, your address and what you bought, is a record of this
shop's business: it is kept in another database for {days} days, because the shop has to account for it. Then names and
addresses are deleted. A withdrawal is kept with its order, and what you wrote in it is deleted with them. Your e-mail
address is used to tell you of your order, and for nothing else. “Forget me” deletes all the rest at once and cuts the
link from your browser to your orders; the orders stay until then.</p>
</div>""").format(days=days)


def _everything(shopping: Shopping) -> Markup:
    """Return what is kept for this shopper: what storage has, in words and as it is stored."""
    visit, catalogue = shopping.visit, shopping.shop.catalogue
    names = {sku: product.full_name for sku, product in catalogue.by_sku.items()}
    stored: Mapping[str, Any] | None
    try:
        stored = visit.stored()
    except StorageError:
        stored = None
    words = [
        cart_in_words(shopping.document.value, names, map(shopping.shop.in_words, shopping.document.value.trail)),
        checkout_in_words(visit.documents[CHECKOUT.name].value) if CHECKOUT.name in visit.documents else Markup(),
        values_in_words(visit.documents[VALUES.name].value, names),
        others_in_words(stored or {}, known=visit.documents),
    ]
    states = Markup("").join(dict.fromkeys(state(held) for held in visit.documents.values()))
    return everything(states, Markup("").join(words), as_stored(stored))


def everything(states: Markup, words: Markup, stored: Markup) -> Markup:
    """Return the part of the page with all that is kept."""
    nothing = Markup("<p>Nothing is kept for you.</p>")
    return Markup(
        '<section class="kept-for-you"><h2>Everything that is kept for you</h2>{}<div class="words">{}</div>{}'
        "</section>"
    ).format(states, words or nothing, stored)


def _acts(shopping: Shopping) -> None:
    """Draw what a shopper can do: take it away, have it deleted."""
    visit = shopping.visit
    with st.container(key="privacy-acts", horizontal=True, vertical_alignment="center"):
        if served_by_us():
            html(DOWNLOAD)
        click(visit, "forget-me", _ask, label="Forget me", icon=":material/delete_forever:")
    with st.container(key="forget-me-sure"):
        if SURE in st.query_params:
            _confirm(shopping)


def _ask() -> None:
    st.query_params[SURE] = ""


def _confirm(shopping: Shopping) -> None:
    """Ask whether everything is really to be deleted."""
    visit = shopping.visit

    def forget() -> None:
        is_done = shopping.forget()
        st.query_params.from_dict({} if is_done is None else {AFTERWARDS: "" if is_done else LATER})

    with st.container(key="forget-me-box", border=True):
        st.write(
            "Delete your cart and everything else that is kept for you, at once and for good? Your other tabs of this "
            "shop begin anew as well. This cannot be undone."
        )
        with st.container(horizontal=True):
            click(visit, "forget-me-yes", forget, label="Yes, delete everything")
            click(visit, "forget-me-no", st.query_params.clear, label="No, keep it")


DOWNLOAD = Markup('<a class="download" href="privacy/data.json" download>Download (JSON)</a>')


def hosts_of_pictures(catalogue: Catalogue, texts: Iterable[Text] = ()) -> list[str]:
    """Return the other hosts that have pictures of the catalogue or of pages of text."""
    pictures = (one for product in catalogue.products for one in product.pictures if is_elsewhere(one))
    hosts = {urlsplit(picture).hostname or picture for picture in pictures}
    return sorted(hosts.union(*(text.hosts for text in texts)))


def _details(shop: Shop) -> Markup:
    https = (st.context.url or "").startswith("https:")
    named = cookies(Names("keepcart"), shop.keep_days, https=https)
    return details(named, shop.keep_days, hosts_of_pictures(shop.catalogue, shop.texts.values()))


def details(cookies: Markup, days: int, hosts: Collection[str]) -> Markup:
    """Return the cookies, the third parties, the logs, and how it is protected."""
    return Markup(
        '<div class="prose"><h2>In your browser</h2><p>Cookies. None says anything about you, none is for other '
        'sites.</p></div>{}<div class="prose"><h2>Other companies</h2><p>{}</p><h2>What this server notes</h2><p>{}</p>'
        "<h2>How it is protected</h2><p>{}</p><p>{}</p></div>"
    ).format(cookies, third_parties(hosts), LOGS, AT_REST, AFTER_FORGETTING.format(days=days))


LOGS = (
    "The log of this shop has its own events, such as “storage is away” or “catalogue read”, and counts. It has no "
    "network addresses, no cookies, nothing that you typed and nothing from your cart."
)


AFTER_FORGETTING = (
    "After “Forget me” the storage keeps that fingerprint of your old number for {days} days, and nothing else: by it "
    "the storage refuses whatever another server may still bring."
)


def third_parties(hosts: Collection[str]) -> str:
    """Return who else hears of a visit."""
    if not hosts:
        return "Nobody else hears of your visit: your browser loads every part of these pages from this shop."
    return (
        "Some pictures come from elsewhere, so these hosts see your browser's network address when it "
        f"loads them: {', '.join(hosts)}. All other parts of these pages come from this shop."
    )


def cookies(names: Names, days: int, *, https: bool) -> Markup:
    """Return the cookies by name, what each is for and how long it stays."""
    name = names.secure_cookie if https else names.cookie
    wish = f"__Host-{names.wish_cookie}" if https else names.wish_cookie
    facts = [
        (name, "A random number, by which your cart is found again. Scripts cannot read it.", f"{days} days"),
        (f"{name}-claim-…", "The same number, so that two tabs opened at once share one cart.", "1 day"),
        (wish, "Only while storage is away after “Forget me”: what is still to be deleted.", f"{days} days at most"),
        (
            "stActiveTheme-…",
            "No cookie: your browser alone knows it. Light or dark, page by page.",
            "until “Forget me”",
        ),
    ]
    items = Markup("").join(
        Markup("<dt><code>{}</code></dt><dd>{} <em>Stays {}.</em></dd>").format(*fact) for fact in facts
    )
    return Markup('<dl class="cookies">{}</dl>').format(items)
