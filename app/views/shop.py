"""The shop page: search, filters, and a page of product cards.

All that a shopper chose is in the address, so a reload, Back, a second tab and a shared link show the same:
`?q=desk&category=Desks&price=0-100000&sort=price&page=2`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from app.domain.finding import Band, Finder, Found, Order, Wish
from app.shopper.shopping import Shop, Shopping
from app.views.parts.cards import cards
from app.views.parts.empty import empty
from app.views.parts.found import counted, heading, remark
from app.views.parts.links import Links
from app.views.parts.markdown import Markdown, markdown, plain
from keepcart import choose

CARDS = 24
ALL = "All"
LONGEST_SEARCH = 100
ORDERS = {
    Order.FEATURED: "Featured",
    Order.PRICE_UP: "Price, low to high",
    Order.PRICE_DOWN: "Price, high to low",
    Order.NAME: "Name",
    Order.NEWEST: "Newest",
}

NOTHING = "Nothing found", "Try other words, or another category or price."

BEST_MATCH = "Best match"
"""What a search calls the order that everything else calls featured."""


def show(shopping: Shopping, links: Links) -> None:
    """Draw the page that the address names."""
    wish = wish_in(st.query_params, shopping.shop.finder)
    found = shopping.shop.finder.find(wish)
    title = heading(wish, shopping.shop.welcome or shopping.shop.name)
    st.title(Markdown("{} :small[{}]").format(title, counted(len(found))), anchor=False)
    _filters(shopping, wish, found)
    pages = pages_of(found)
    page = page_in(st.query_params, pages)
    cards(shopping, found[(page - 1) * CARDS : page * CARDS])
    if not len(found):
        empty(*NOTHING, links.shop, label="Show everything")
    if pages > 1:
        choose(shopping.visit, "page", page, st.pagination, _write_page, num_pages=pages)


def wish_in(named: Mapping[str, str], finder: Finder) -> Wish:
    """Read an address. A wrong value counts as none."""
    category = named.get("category")
    bands = {in_address(band): band for band in finder.bands}
    orders = {order.value: order for order in Order}
    return Wish(
        " ".join(named.get("q", "").split())[:LONGEST_SEARCH],
        category if category in finder.catalogue.by_category else None,
        bands.get(named.get("price", "")),
        orders.get(named.get("sort", ""), Order.FEATURED),
    )


def _filters(shopping: Shopping, wish: Wish, found: Found) -> None:
    """Draw search, price, order and categories; each choice says how many products it would leave.

    A remark on what was found is the last in the row of the search: nothing behind it is drawn anew when it comes.
    """
    finder, visit = shopping.shop.finder, shopping.visit
    with st.container(key="filters", horizontal=True):
        choose(
            visit,
            "search",
            st.query_params.get("q", "")[:LONGEST_SEARCH],
            st.text_input,
            partial(_write, "q"),
            label="Search",
            label_visibility="collapsed",
            placeholder="Search products",
            icon=":material/search:",
            max_chars=LONGEST_SEARCH,
            live="300ms",
            width="stretch",
        )
        bands = {in_words(shopping.shop, band): band for band in (None, *finder.bands)}
        counts = [sum(found.by_band.values()), *found.by_band.values()]
        options = dict(zip(bands.values(), map(with_count, bands, counts), strict=True))
        choose(
            visit,
            "price",
            options[wish.band],
            st.selectbox,
            lambda label: _write("price", in_address(bands.get(_uncounted(label)))),
            label="Price",
            label_visibility="collapsed",
            width=210,
            options=list(options.values()),
        )
        orders = orders_of(wish)
        choose(
            visit,
            "sort",
            orders[wish.order],
            st.selectbox,
            lambda label: _write("sort", order_in_address(_order_called(label))),
            label="Sort by",
            label_visibility="collapsed",
            width=210,
            options=list(orders.values()),
        )
        if said := remark(wish, found):
            markdown(plain(said))
    names = [ALL, *finder.catalogue.by_category]
    counts = [sum(found.by_category.values()), *(found.by_category.get(name, 0) for name in names[1:])]
    labels = dict(zip(names, map(with_count, map(plain, names), counts), strict=True))  # pills read Markdown
    named: dict[str, str] = {plain(name): name for name in names[1:]}
    choose(
        visit,
        "category",
        labels[wish.category or ALL],
        st.pills,
        lambda label: _write("category", named.get(_uncounted(label))),
        label="Category",
        label_visibility="collapsed",
        options=list(labels.values()),
    )


def with_count(name: str, count: int) -> str:
    """Return a choice with the number of products that it would leave. A widget knows its choices by these words."""
    return f"{name} ({count})"


def _uncounted(label: str | None) -> str:
    """Return the choice of a label, whatever the count in it: an older page may have another one."""
    return (label or ALL).rpartition(" (")[0] or ALL


def in_words(shop: Shop, band: Band | None) -> str:
    """Return a price band as the shop writes it."""
    write = shop.money.write
    if band is None:
        return "Any price"
    if band.high is None:
        return f"{write(band.low)} and more"
    return f"{write(band.low)} to {write(band.high)}" if band.low else f"Under {write(band.high)}"


def in_address(band: Band | None) -> str:
    """Return a price band as the address says it."""
    if band is None:
        return ""
    return f"{band.low}-{'' if band.high is None else band.high}"


def _order_called(label: str | None) -> Order:
    return next((order for order, words in ORDERS.items() if words == label), Order.FEATURED)


def order_in_address(order: Order) -> str | None:
    """Return an order as the address says it; None for the order that needs no word."""
    return None if order is Order.FEATURED else order.value


def _write(name: str, value: str | None) -> None:
    """Write a choice to the address, and go to the first page of results."""
    st.query_params.pop("page", None)
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def orders_of(wish: Wish) -> Mapping[Order, str]:
    """Return the orders and what they are called."""
    return ORDERS | {Order.FEATURED: BEST_MATCH} if wish.text else ORDERS


def pages_of(found: Found) -> int:
    """Return how many pages show all that was found."""
    return max(1, -(-len(found) // CARDS))


def page_in(named: Mapping[str, str], pages: int) -> int:
    """Return the page that an address names; the nearest that there is, and the first one for a wrong value."""
    text = named.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    return min(max(page, 1), pages)


def _write_page(page: int | None) -> None:
    if page is None or page == 1:
        st.query_params.pop("page", None)
    else:
        st.query_params["page"] = str(page)
